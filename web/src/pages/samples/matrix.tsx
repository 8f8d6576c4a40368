import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys.ts';
import { classes } from '../../ui/classes.ts';
import { cellKey, type Place, type PromptRow } from './grid.ts';
import { Picture } from './picture.tsx';
import { useStepKeys } from './step-keys.ts';
import type { ViewProps } from './view.ts';

/** A row a prompt, a column a step; runs beneath each other within a row. */
export default function Matrix({ runs, grid, place, prompt, onPlace, onPrompt, onView }: ViewProps) {
  const { t } = useTranslation();
  const [size, setSize] = useState(144);
  useStepKeys(grid, place, prompt, onPlace, onPrompt);
  useKeys({ Enter: () => onView('step') });
  return (
    <>
      <label className="mb-3 flex items-center gap-2 text-sm text-ink-2">
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
                  scope="col"
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
              runs.map((run, index) => (
                <tr key={`${row.index} ${run.id}`} className="[content-visibility:auto]">
                  <th
                    scope="row"
                    className={classes(
                      'sticky left-0 z-10 max-w-52 min-w-40 bg-panel px-3 text-left align-top text-xs font-normal',
                      index === 0 && 'border-t border-line pt-2',
                    )}
                  >
                    {index === 0 && <PromptText row={row} />}
                    {runs.length > 1 && (
                      <span className="mt-1 flex items-center gap-1.5 text-2xs text-ink-3">
                        <span
                          aria-hidden
                          className="size-2 shrink-0 rounded-full"
                          style={{ background: `var(--series-${index + 1})` }}
                        />
                        <span className="truncate">{run.name}</span>
                      </span>
                    )}
                  </th>
                  {grid.places.map((each) => {
                    const sample = row.cells.get(cellKey(run.id, each.key));
                    const isHere = each.key === place?.key && row.index === prompt?.index;
                    return (
                      <td
                        key={each.key}
                        className={classes('p-1 align-top', index === 0 && 'border-t border-line pt-2')}
                      >
                        <button
                          type="button"
                          aria-label={`${placeText(each, t)}: ${row.text ?? row.index}`}
                          onClick={() => {
                            onPlace(each);
                            onPrompt(row.index);
                          }}
                          onDoubleClick={() => onView('step')}
                          className={classes(
                            'block overflow-hidden rounded-md bg-sunken',
                            isHere && 'outline-2 outline-offset-1 outline-accent',
                          )}
                          style={{ width: size, height: size }}
                        >
                          <Picture run={run.id} sample={sample} large={size > 300} />
                        </button>
                      </td>
                    );
                  })}
                </tr>
              )),
            )}
          </tbody>
        </table>
      </div>
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
