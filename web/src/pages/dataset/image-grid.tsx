import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../ui/classes.ts';
import { Skeleton } from '../../ui/page.tsx';
import { Tile } from './tile.tsx';
import type { Images } from './use-images.ts';

const gap = 12;
const narrowest = 150;
/** Of name and caption below the picture, and of the tags that came and went. */
const wordsHeight = 60;
const chipsHeight = 44;

/** All images in rows, of which only those in sight are drawn: ten thousand scroll as ten do. */
export function ImageGrid({
  run,
  since,
  images,
  onSeen,
  onOpen,
}: {
  run: string;
  since: string | undefined;
  images: Images;
  /** Told which places are in sight. */
  onSeen: (from: number, to: number) => void;
  onOpen: (place: number) => void;
}) {
  const { t } = useTranslation();
  const place = useRef<HTMLDivElement>(null);
  const [{ top, width }, setFrame] = useState({ top: 0, width: 0 });
  useLayoutEffect(() => {
    const element = place.current;
    if (!element) return;
    const measure = () => {
      const box = element.getBoundingClientRect();
      const [top, width] = [Math.round(box.top + scrollY), Math.floor(box.width)];
      setFrame((before) => (before.top === top && before.width === width ? before : { top, width }));
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    observer.observe(document.body);
    return () => observer.disconnect();
  }, []);
  const total = images.total ?? 0;
  const perRow = Math.max(2, Math.floor((width + gap) / (narrowest + gap)));
  const size = Math.floor((width - gap * (perRow - 1)) / perRow);
  const height = size + wordsHeight + (since ? chipsHeight : 0) + gap;
  const rows = useWindowVirtualizer({
    count: Math.ceil(total / perRow),
    estimateSize: () => height,
    overscan: 2,
    scrollMargin: top,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: they are measured anew where tiles have another size or begin elsewhere
  useLayoutEffect(() => rows.measure(), [height, perRow, top]);
  const items = rows.getVirtualItems();
  const from = (items[0]?.index ?? 0) * perRow;
  const to = Math.min(total - 1, ((items.at(-1)?.index ?? 0) + 1) * perRow - 1);
  useEffect(() => onSeen(from, Math.max(from, to)), [from, to, onSeen]);

  /** The place that keys went to: it may have to be loaded and drawn first. */
  const awaited = useRef<number | null>(null);
  useEffect(() => {
    if (awaited.current === null) return;
    const tile = place.current?.querySelector<HTMLElement>(`[data-place="${awaited.current}"]`);
    if (!tile) return;
    awaited.current = null;
    tile.focus({ preventScroll: true });
  });
  const focus = (wanted: number) => {
    const next = Math.min(total - 1, Math.max(0, wanted));
    const tile = place.current?.querySelector<HTMLElement>(`[data-place="${next}"]`);
    awaited.current = tile ? null : next;
    tile?.focus({ preventScroll: true });
    rows.scrollToIndex(Math.floor(next / perRow), { align: 'auto' });
  };
  const ways: Record<string, (at: number) => number> = {
    ArrowRight: (at) => at + 1,
    ArrowLeft: (at) => at - 1,
    ArrowDown: (at) => at + perRow,
    ArrowUp: (at) => at - perRow,
    Home: () => 0,
    End: () => total - 1,
  };
  return (
    <div ref={place} className={classes('transition-opacity', images.isOld && 'opacity-60')}>
      <ul
        aria-label={t('run.images')}
        className="relative"
        style={{ height: rows.getTotalSize() }}
        onKeyDown={(event) => {
          const way = ways[event.key];
          const at = (event.target as HTMLElement).closest('[data-place]')?.getAttribute('data-place');
          if (!way || at == null) return;
          event.preventDefault();
          focus(way(Number(at)));
        }}
      >
        {width > 0 &&
          items.flatMap((row) =>
            Array.from({ length: Math.min(perRow, total - row.index * perRow) }, (_, column) => {
              const at = row.index * perRow + column;
              const image = images.at(at);
              return (
                <li
                  key={at}
                  aria-posinset={at + 1}
                  aria-setsize={total}
                  className="absolute"
                  style={{
                    width: size,
                    height: height - gap,
                    transform: `translate(${column * (size + gap)}px, ${row.start - top}px)`,
                  }}
                >
                  {image ? (
                    <Tile run={run} since={since} image={image} place={at} size={size} onOpen={() => onOpen(at)} />
                  ) : (
                    <Skeleton className="aspect-square w-full" />
                  )}
                </li>
              );
            }),
          )}
      </ul>
    </div>
  );
}
