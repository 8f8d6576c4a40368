import { Maximize2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { cellKey } from './grid.ts';
import { PromptText } from './matrix.tsx';
import { Picture } from './picture.tsx';
import { Scrubber } from './scrubber.tsx';
import { useStepKeys } from './step-keys.ts';
import type { ViewProps } from './view.ts';
import { SharedView, useZoom, ViewPort } from './view-port.tsx';

/** All prompts at one step, large; zooming into one picture zooms into all. */
export default function OneStep(props: ViewProps) {
  return (
    <SharedView>
      <Content {...props} />
    </SharedView>
  );
}

function Content({ runs, grid, place, prompt, onPlace, onPrompt }: ViewProps) {
  const { t } = useTranslation();
  const { zoomed, reset } = useZoom();
  useStepKeys(grid, place, prompt, onPlace, onPrompt);
  return (
    <>
      <div className="sticky top-13 z-10 -mx-2 mb-4 flex items-center gap-4 bg-paper/95 px-2 py-2">
        <Scrubber grid={grid} place={place} onPlace={onPlace} />
        <Button disabled={!zoomed} onClick={reset}>
          <Maximize2 className="size-4" aria-hidden />
          <span className="max-sm:sr-only">{t('samples.fit')}</span>
        </Button>
      </div>
      <p className="mb-4 text-xs text-ink-3">{t('samples.zoomHint')}</p>
      <div className="space-y-6">
        {grid.rows.map((row) => (
          <section key={row.index}>
            <h2 className="mb-2 max-w-3xl text-sm">
              <PromptText row={row} />
            </h2>
            <ul className="grid gap-3 [grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr))]">
              {runs.map((run, index) => {
                const sample = place ? row.cells.get(cellKey(run.id, place.key)) : undefined;
                return (
                  <li key={run.id} className="min-w-0">
                    <ViewPort className="aspect-square rounded-lg bg-sunken">
                      <Picture run={run.id} sample={sample} large />
                    </ViewPort>
                    <div className="mt-1 flex items-center gap-2 text-xs text-ink-3">
                      {runs.length > 1 && (
                        <>
                          <span
                            aria-hidden
                            className="size-2 rounded-full"
                            style={{ background: `var(--series-${index + 1})` }}
                          />
                          <span className="truncate">{run.name}</span>
                        </>
                      )}
                      {sample?.seed != null && <span className="ml-auto">seed {sample.seed}</span>}
                    </div>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </>
  );
}
