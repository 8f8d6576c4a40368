import { useTranslation } from 'react-i18next';
import type { Place, SampleGrid } from './grid.ts';
import { placeText } from './words.tsx';

/** Goes through the steps. */
export function Scrubber({
  grid,
  place,
  onPlace,
}: {
  grid: SampleGrid;
  place: Place | null;
  onPlace: (place: Place) => void;
}) {
  const { t } = useTranslation();
  const at = grid.places.findIndex(({ key }) => key === place?.key);
  const text = place ? placeText(place, t) : '';
  return (
    <label className="flex min-w-0 grow basis-60 items-center gap-3 text-sm">
      <input
        type="range"
        aria-label={t('samples.scrub')}
        aria-valuetext={text}
        min={0}
        max={Math.max(0, grid.places.length - 1)}
        step={1}
        value={Math.max(0, at)}
        onChange={(event) => {
          const next = grid.places[Number(event.target.value)];
          if (next) onPlace(next);
        }}
        className="min-w-24 flex-1 accent-accent"
      />
      <output className="min-w-20 shrink-0 text-right font-medium tabular-nums">{text}</output>
    </label>
  );
}
