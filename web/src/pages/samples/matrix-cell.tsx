import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { classes } from '../../ui/classes.ts';
import { cellKey, type Place, type PromptRow, type SampleRun } from './grid.ts';
import { Picture } from './picture.tsx';
import { RunDot } from './run-dot.tsx';
import { useIsClose, ViewPort } from './view-port.tsx';
import { PromptText, placeText, promptText } from './words.tsx';

export const cellGap = 8;
export const captionHeight = 20;

/** One picture with its seed. What choosing it does is the same as long as it is of the same place. */
export const Cell = memo(CellOf, (before, after) =>
  (Object.keys(after) as (keyof CellProps)[]).every((key) => key === 'onChoose' || before[key] === after[key]),
);

interface CellProps {
  id: string;
  column: number;
  left: number;
  width: number;
  height: number;
  row: PromptRow;
  run: SampleRun;
  /** Where the run is told by its colour; null where the row tells it. */
  colour: number | null;
  named: boolean;
  place: Place;
  here: boolean;
  onChoose: () => void;
}

function CellOf({ id, column, left, width, height, row, run, colour, named, place, here, onChoose }: CellProps) {
  const { t } = useTranslation();
  const sample = row.cells.get(cellKey(run.id, place.key));
  const isClose = useIsClose(width);
  const seed = sample?.seed == null ? '' : `seed ${sample.seed}`;
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys of the page choose
    <div
      role="gridcell"
      id={id}
      aria-colindex={column}
      aria-selected={here}
      aria-label={[placeText(place, t), named && run.name, promptText(row, t), !sample && t('samples.missing'), seed]
        .filter(Boolean)
        .join(', ')}
      onClick={onChoose}
      className="absolute top-1 cursor-default"
      style={{ left: left + cellGap / 2, width: width - cellGap, height: height - cellGap / 2 }}
    >
      <div
        className={classes('rounded-md bg-sunken', here && 'outline-2 outline-offset-1 outline-accent')}
        style={{ height: height - captionHeight - cellGap }}
      >
        <ViewPort className="size-full rounded-[inherit]">
          <Picture
            run={run.id}
            sample={sample}
            large={isClose}
            // Where samples are blurred, the one that the keys are on is not.
            {...(here ? { className: 'group-focus-visible/grid:blur-none' } : {})}
          />
        </ViewPort>
      </div>
      <div className="flex items-center justify-center gap-1.5 text-2xs text-ink-3" style={{ height: captionHeight }}>
        {colour !== null && (
          <span
            aria-hidden
            className="size-2 shrink-0 rounded-full"
            style={{ background: `var(--series-${(colour % 8) + 1})` }}
          />
        )}
        <span className="truncate">{seed}</span>
      </div>
    </div>
  );
}

/** Whose row it is: the prompt on the first of its rows, and the runs. */
export function RowHead({
  row,
  shows,
  runs,
  colours,
  width,
  height,
}: {
  row: PromptRow;
  shows: boolean;
  runs: readonly SampleRun[];
  colours: readonly number[];
  width: number;
  height: number;
}) {
  const lines = Math.max(1, Math.floor((height - 12 - runs.length * 20) / 17));
  return (
    <div
      role="rowheader"
      className="sticky left-0 z-10 h-full overflow-hidden bg-panel px-3 pt-1.5 text-xs leading-[1.0625rem]"
      style={{ width }}
    >
      {shows && <PromptText row={row} lines={Math.min(6, lines)} />}
      {runs.map((run, at) => (
        <RunDot key={run.id} index={colours[at] ?? 0} name={run.name} className="mt-1 text-2xs text-ink-3" />
      ))}
    </div>
  );
}
