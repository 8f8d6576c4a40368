import { useTranslation } from 'react-i18next';
import type { DatasetImage } from '../../../../src/api/index.ts';
import { addressOf } from '../../lib/api.ts';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { baseName } from '../../lib/paths.ts';
import { isShared } from '../../lib/site.ts';
import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { TagChips } from '../compare/chips.tsx';

export const changeTones = { added: 'good', removed: 'bad', changed: 'warn', caption: 'info' } as const;

/** Where a picture is, of the run that has it; null where there is none to show. */
export function sourceOf(
  { change, shown, id, before }: DatasetImage,
  run: string,
  since: string | undefined,
): { run: string; image: string } | null {
  if (change === 'removed') return before?.shown && since ? { run: since, image: before.id } : null;
  return shown ? { run, image: id } : null;
}

const chipsOf = ({ terms }: DatasetImage) => [
  ...(terms?.came.map((tag) => ({ sign: '+' as const, tag })) ?? []),
  ...(terms?.went.map((tag) => ({ sign: '−' as const, tag })) ?? []),
];

/** One image with its caption, and what became of both. */
export function Tile({
  run,
  since,
  image,
  place,
  size,
  onOpen,
}: {
  run: string;
  since: string | undefined;
  image: DatasetImage;
  place: number;
  size: number;
  onOpen: () => void;
}) {
  const { t } = useTranslation();
  const blurred = useBlur();
  const source = sourceOf(image, run, since);
  const chips = chipsOf(image);
  return (
    <button
      type="button"
      data-place={place}
      aria-haspopup="dialog"
      onClick={onOpen}
      className="group flex size-full flex-col overflow-hidden rounded-lg text-left"
    >
      <span
        className="flex items-center justify-center overflow-hidden rounded-lg bg-sunken"
        style={{ width: size, height: size }}
      >
        {source ? (
          <img
            src={addressOf('imageThumbnail', source)}
            alt=""
            loading="lazy"
            decoding="async"
            className={classes(
              'size-full object-contain',
              image.change === 'removed' && 'opacity-40',
              blurred && blurClass,
              blurred && 'group-focus-visible:blur-none',
            )}
          />
        ) : (
          <span className="px-2 text-center text-2xs text-ink-3">
            {t(isShared ? 'dataset.notShared' : 'dataset.notShown')}
          </span>
        )}
      </span>
      <span className="mt-1 flex h-5 items-center gap-1.5">
        {image.change && <Badge tone={changeTones[image.change]}>{t(`dataset.change.${image.change}`)}</Badge>}
        <span className="truncate text-2xs text-ink-3">{baseName(image.path)}</span>
      </span>
      {chips.length > 0 ? (
        <span className="mt-0.5 block max-h-20 overflow-hidden text-2xs leading-4">
          <TagChips chips={chips} inline />
        </span>
      ) : (
        <span className="written line-clamp-2 text-xs leading-[1.1rem] text-ink-2">
          {image.caption ?? t('dataset.noCaption')}
        </span>
      )}
    </button>
  );
}
