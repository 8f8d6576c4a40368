import { useId } from 'react';
import { useTranslation } from 'react-i18next';
import type { SampleRun } from './grid.ts';

type Two = readonly [number, number];

/** Which two of more than two are laid against each other. */
export function PickTwo({
  runs,
  two,
  onChange,
}: {
  runs: readonly SampleRun[];
  two: Two;
  onChange: (two: Two) => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  // Whoever is chosen on one side and stands on the other changes places.
  const choose = (side: 0 | 1, run: number) => {
    const other = two[side === 0 ? 1 : 0] === run ? two[side] : two[side === 0 ? 1 : 0];
    onChange(side === 0 ? [run, other] : [other, run]);
  };
  return (
    <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2 text-sm">
      {([0, 1] as const).map((side) => (
        <label key={side} htmlFor={`${id}${side}`} className="flex min-w-0 items-center gap-2 text-ink-2">
          {t(side === 0 ? 'samples.one' : 'samples.other')}
          <select
            id={`${id}${side}`}
            value={two[side]}
            onChange={(event) => choose(side, Number(event.target.value))}
            className="h-8 max-w-56 min-w-0 rounded-md border border-line-strong bg-panel px-2 text-ink"
          >
            {runs.map((run, index) => (
              <option key={run.id} value={index}>
                {run.name}
              </option>
            ))}
          </select>
        </label>
      ))}
    </div>
  );
}
