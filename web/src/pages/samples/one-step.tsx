import { useTranslation } from 'react-i18next';
import { Caption } from './caption.tsx';
import { nearest, ratioOf } from './grid.ts';
import { Picture } from './picture.tsx';
import { RunDot } from './run-dot.tsx';
import { Scrubber } from './scrubber.tsx';
import { useStepKeys } from './step-keys.ts';
import type { ViewProps } from './view.ts';
import { SharedView, ViewPort } from './view-port.tsx';
import { PromptText } from './words.tsx';
import { ZoomTools } from './zoom-tools.tsx';

/** All prompts at one step, large; zooming into one picture zooms into all. */
export default function OneStep({ runs, colours, grid, place, prompt, look, onLook, onPlace, onPrompt }: ViewProps) {
  const { t } = useTranslation();
  useStepKeys(grid, place, prompt, onPlace, onPrompt);
  const aspectRatio = ratioOf(runs);
  return (
    <SharedView zoom={look.zoom} onZoom={(zoom) => onLook({ zoom })}>
      <div className="sticky top-13 z-10 -mx-2 mb-2 flex flex-wrap items-center gap-x-4 gap-y-1 bg-paper/95 px-2 py-2">
        <Scrubber grid={grid} place={place} onPlace={onPlace} />
        <ZoomTools />
      </div>
      <p className="mb-4 text-xs text-ink-3 max-sm:hidden">{t('samples.zoomHint')}</p>
      <div className="space-y-6">
        {grid.rows.map((row) => (
          <section key={row.index}>
            <h2 className="mb-2 max-w-3xl text-sm">
              <PromptText row={row} />
            </h2>
            <ul className="grid gap-3 [grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),40rem))]">
              {runs.map((run, at) => {
                const found = place && nearest(grid, row, run.id, place);
                return (
                  <li key={run.id} className="min-w-0">
                    <div className="rounded-lg bg-sunken" style={{ aspectRatio }}>
                      <ViewPort className="size-full rounded-[inherit]">
                        <Picture run={run.id} sample={found?.sample} large />
                      </ViewPort>
                    </div>
                    <div className="mt-1 flex flex-wrap items-center gap-x-3 text-xs text-ink-3">
                      {runs.length > 1 && <RunDot index={colours[at] ?? 0} name={run.name} className="flex-1" />}
                      <Caption found={found} />
                    </div>
                  </li>
                );
              })}
            </ul>
          </section>
        ))}
      </div>
    </SharedView>
  );
}
