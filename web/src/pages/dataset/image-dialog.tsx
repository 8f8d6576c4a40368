import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { DatasetImage } from '../../../../src/api/index.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { bytes, integer } from '../../lib/format.ts';
import { isShared } from '../../lib/site.ts';
import { Badge } from '../../ui/badge.tsx';
import { IconButton } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Copy } from '../../ui/copy.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Facts } from '../../ui/facts.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { changeTones, sourceOf } from './tile.tsx';

/** One image, large, with its caption tag by tag; arrow keys go to the next and the one before. */
export function ImageDialog({
  run,
  since,
  image,
  place,
  total,
  onPlace,
}: {
  run: string;
  since: { id: string; name: string } | null;
  /** Null while it is being loaded. */
  image: DatasetImage | null;
  place: number;
  total: number;
  /** Null closes it. */
  onPlace: (place: number | null) => void;
}) {
  const { t } = useTranslation();
  const go = (next: number) => next >= 0 && next < total && onPlace(next);
  return (
    <Dialog
      open
      onOpenChange={(open) => open || onPlace(null)}
      title={<span className="break-all">{image?.path ?? '…'}</span>}
      wide
      onKey={({ key }) => {
        if (key === 'ArrowRight') go(place + 1);
        if (key === 'ArrowLeft') go(place - 1);
      }}
    >
      <div className="mb-3 flex items-center gap-2 text-xs text-ink-3">
        <IconButton label={t('dataset.previous')} disabled={place === 0} onClick={() => go(place - 1)}>
          <ChevronLeft className="size-4" aria-hidden />
        </IconButton>
        <span className="tabular-nums" aria-live="polite">
          {integer(place + 1)} / {integer(total)}
        </span>
        <IconButton label={t('dataset.next')} disabled={place === total - 1} onClick={() => go(place + 1)}>
          <ChevronRight className="size-4" aria-hidden />
        </IconButton>
        {image?.change && <Badge tone={changeTones[image.change]}>{t(`dataset.change.${image.change}`)}</Badge>}
      </div>
      {image ? <Content run={run} since={since} image={image} /> : <Skeleton className="h-80" />}
    </Dialog>
  );
}

function Content({
  run,
  since,
  image,
}: {
  run: string;
  since: { id: string; name: string } | null;
  image: DatasetImage;
}) {
  const { t } = useTranslation();
  const source = sourceOf(image, run, since?.id);
  const former =
    image.change === 'changed' && image.before?.shown && since ? { run: since.id, image: image.before.id } : null;
  return (
    <>
      <div className={classes('mb-4', former && 'grid gap-3 sm:grid-cols-2')}>
        {former && since && <Large source={former} image={image} note={since.name} />}
        <Large source={source} image={image} note={former ? t('dataset.now') : null} />
      </div>
      <Caption image={image} />
      <Facts
        facts={[
          [t('checkpoints.size'), bytes(image.bytes)],
          ['SHA-256', image.sha256 && <Copy key="hash" text={image.sha256} shown={image.sha256.slice(0, 16)} />],
        ]}
      />
    </>
  );
}

function Large({
  source,
  image,
  note,
}: {
  source: { run: string; image: string } | null;
  image: DatasetImage;
  note: string | null;
}) {
  const { t } = useTranslation();
  const blurred = useBlur();
  return (
    <figure className="min-w-0">
      <div className="flex h-[44vh] items-center justify-center overflow-hidden rounded-lg bg-sunken">
        {source ? (
          <img
            key={source.image}
            src={addressOf('imageOriginal', source)}
            alt={image.caption ?? image.path}
            className={classes('size-full object-contain', blurred && blurClass)}
          />
        ) : (
          <span className="text-xs text-ink-3">{t(isShared ? 'dataset.notShared' : 'dataset.notShown')}</span>
        )}
      </div>
      {note && <figcaption className="mt-1 text-center text-xs text-ink-3">{note}</figcaption>}
    </figure>
  );
}

function Caption({ image: { caption, tags, terms } }: { image: DatasetImage }) {
  const { t } = useTranslation();
  if (caption === null) return <p className="mb-4 text-sm text-ink-3">{t('dataset.noCaption')}</p>;
  const came = new Set(terms?.came);
  return (
    <>
      <ul className="mb-3 flex flex-wrap gap-1.5 text-xs" aria-label={t('dataset.tags')}>
        {[...new Set(tags)].map((tag) => (
          <li
            key={tag}
            className={classes('rounded-full px-2 py-0.5', came.has(tag) ? 'bg-good-soft text-good' : 'bg-sunken')}
          >
            {came.has(tag) && '+'}
            <bdi>{tag}</bdi>
          </li>
        ))}
        {terms?.went.map((tag) => (
          <li key={`−${tag}`} className="rounded-full bg-bad-soft px-2 py-0.5 text-bad">
            −<bdi>{tag}</bdi>
          </li>
        ))}
      </ul>
      <p className="written mb-4 text-sm whitespace-pre-wrap text-ink-2">{caption}</p>
    </>
  );
}
