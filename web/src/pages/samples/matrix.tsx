import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys.ts';
import { classes } from '../../ui/classes.ts';
import { Segments } from '../../ui/segments.tsx';
import { cellKey, type Place, type PromptRow, type SampleRun } from './grid.ts';
import { Picture } from './picture.tsx';
import { useStepKeys } from './step-keys.ts';
import type { ViewProps } from './view.ts';

/** A row a prompt, a column a step; several runs beneath each other within a row, or beside each other within a column. */
export default function Matrix({ runs, grid, place, prompt, onPlace, onPrompt, onView }: ViewProps) {
  const { t } = useTranslation();
  const [size, setSize] = useState(144);
  const [way, setWay] = useState<'beneath' | 'beside'>('beneath');
  useStepKeys(grid, place, prompt, onPlace, onPrompt);
  useKeys({ Enter: () => onView('step') });
  const beside = way === 'beside' && runs.length > 1;
  const cellOf = (row: PromptRow, run: SampleRun, at: Place) => (
    <Cell
      row={row}
      run={run}
      place={at}
      size={size}
      here={at.key === place?.key && row.index === prompt?.index}
      onChoose={() => {
        onPlace(at);
        onPrompt(row.index);
      }}
      onOpen={() => onView('step')}
    />
  );
  return (
    <>
      <div className="mb-3 flex flex-wrap items-center gap-4">
        <label className="flex items-center gap-2 text-sm text-ink-2">
          {t('samples.size')}
          <input
            type="range"
            min={72}
            max={360}
            step={8}
            value={size}
            onChange={(event) => setSize(Number(event.target.value))}
            className="w-36 accent-accent"
          />
        </label>
        {runs.length > 1 && (
          <Segments
            label={t('samples.runs')}
            value={way}
            onChange={setWay}
            options={[
              { value: 'beneath', label: t('samples.beneath') },
              { value: 'beside', label: t('samples.beside') },
            ]}
          />
        )}
      </div>
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
        role="region"
        aria-label={t('samples.views.matrix')}
        className="overflow-auto rounded-xl border border-line bg-panel"
        style={{ maxHeight: 'calc(100dvh - 13rem)' }}
      >
        <table className="border-separate border-spacing-0">
          <thead>
            <tr>
              <th
                scope="col"
                className="sticky top-0 left-0 z-20 bg-panel px-3 py-2 text-left text-xs font-normal text-ink-3"
              >
                {t('samples.prompt')}
              </th>
              {grid.places.map((each) => (
                <th
                  key={each.key}
                  scope={beside ? 'colgroup' : 'col'}
                  colSpan={beside ? runs.length : 1}
                  className={classes(
                    'sticky top-0 z-10 bg-panel px-1 py-2 text-xs tabular-nums',
                    each.key === place?.key ? 'font-semibold text-accent' : 'font-normal text-ink-3',
                  )}
                >
                  {placeText(each, t)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {grid.rows.map((row) =>
              (beside ? [null] : runs).map((run, index) => (
                <tr key={`${row.index} ${run?.id}`} className="[content-visibility:auto]">
                  <th
                    scope="row"
                    className={classes(
                      'sticky left-0 z-10 max-w-52 min-w-40 bg-panel px-3 text-left align-top text-xs font-normal',
                      index === 0 && 'border-t border-line pt-2',
                    )}
                  >
                    {index === 0 && <PromptText row={row} />}
                    {(run ? [run] : runs).map(
                      (each) => runs.length > 1 && <RunName key={each.id} run={each} index={runs.indexOf(each)} />,
                    )}
                  </th>
                  {grid.places.map((at) =>
                    (run ? [run] : runs).map((each) => (
                      <td
                        key={`${at.key} ${each.id}`}
                        className={classes('p-1 align-top', index === 0 && 'border-t border-line pt-2')}
                      >
                        {cellOf(row, each, at)}
                      </td>
                    )),
                  )}
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
    </>
  );
}

function RunName({ run, index }: { run: SampleRun; index: number }) {
  return (
    <span className="mt-1 flex items-center gap-1.5 text-2xs text-ink-3">
      <span
        aria-hidden
        className="size-2 shrink-0 rounded-full"
        style={{ background: `var(--series-${(index % 8) + 1})` }}
      />
      <span className="truncate">{run.name}</span>
    </span>
  );
}

function Cell({
  row,
  run,
  place,
  size,
  here,
  onChoose,
  onOpen,
}: {
  row: PromptRow;
  run: SampleRun;
  place: Place;
  size: number;
  here: boolean;
  onChoose: () => void;
  onOpen: () => void;
}) {
  const { t } = useTranslation();
  const sample = row.cells.get(cellKey(run.id, place.key));
  return (
    <>
      <button
        type="button"
        aria-label={`${placeText(place, t)}: ${row.text ?? row.index}`}
        onClick={onChoose}
        onDoubleClick={onOpen}
        className={classes(
          'block overflow-hidden rounded-md bg-sunken',
          here && 'outline-2 outline-offset-1 outline-accent',
        )}
        style={{ width: size, height: size }}
      >
        <Picture run={run.id} sample={sample} large={size > 300} />
      </button>
      {sample?.seed != null && (
        <span className="mt-0.5 block truncate text-center text-2xs text-ink-3" style={{ maxWidth: size }}>
          seed {sample.seed}
        </span>
      )}
    </>
  );
}

export function PromptText({ row }: { row: PromptRow }) {
  const { t } = useTranslation();
  return (
    <span className="line-clamp-4 text-ink" title={row.text ?? undefined}>
      {row.text ?? t('samples.promptNumber', { number: row.index + 1 })}
    </span>
  );
}

export function placeText(place: Place, t: (key: string, values: Record<string, unknown>) => string): string {
  return place.step !== null ? t('samples.step', { step: place.step }) : t('samples.epoch', { epoch: place.epoch });
}
