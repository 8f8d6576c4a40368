import { useTranslation } from 'react-i18next';
import { classes } from '../../ui/classes.ts';
import type { Found } from './grid.ts';
import { placeText } from './words.tsx';

/** What stands under a picture: its seed, and its step where that is not the one that was asked for. */
export function Caption({ found, className }: { found: Found | null; className?: string }) {
  const { t } = useTranslation();
  if (!found) return null;
  const { sample, place, exact } = found;
  return (
    <span className={classes('flex flex-wrap gap-x-2', className)}>
      {!exact && <span className="text-warn">{t('samples.nearest', { place: placeText(place, t) })}</span>}
      {sample.seed !== null && <span className="whitespace-nowrap">seed {sample.seed}</span>}
    </span>
  );
}
