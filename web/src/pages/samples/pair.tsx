import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys.ts';
import { classes } from '../../ui/classes.ts';
import { Segments } from '../../ui/segments.tsx';
import { nearest, ratioOf } from './grid.ts';
import { Blink, Difference, SideBySide, Slider, type Two } from './pair-ways.tsx';
import { Scrubber } from './scrubber.tsx';
import { useStepKeys } from './step-keys.ts';
import type { ViewProps } from './view.ts';
import { SharedView } from './view-port.tsx';
import { PromptText, promptText } from './words.tsx';
import { ZoomTools } from './zoom-tools.tsx';

const ways = { slider: Slider, side: SideBySide, blink: Blink, difference: Difference } as const;
const names = Object.keys(ways) as (keyof typeof ways)[];

/** One picture of two runs: behind a slider, side by side, in turns, or what differs alone. */
export default function Pair({ runs, colours, grid, place, prompt, look, onLook, onPlace, onPrompt }: ViewProps) {
  const { t } = useTranslation();
  useStepKeys(grid, place, prompt, onPlace, onPrompt);
  const choose = (way: keyof typeof ways) => onLook({ way });
  useKeys({
    1: () => choose('slider'),
    2: () => choose('side'),
    3: () => choose('blink'),
    4: () => choose('difference'),
  });
  const [left, right] = runs;
  if (!left || !right || !prompt || !place) return null;
  const side = (at: 0 | 1): Two[0] => {
    const run = at === 0 ? left : right;
    return { run, colour: colours[at] ?? at, found: nearest(grid, prompt, run.id, place) };
  };
  const Way = ways[look.way];
  return (
    <SharedView zoom={look.zoom} onZoom={(zoom) => onLook({ zoom })}>
      <div className="mb-3 flex flex-wrap items-center gap-x-4 gap-y-2">
        <Segments
          label={t('samples.way')}
          value={look.way}
          onChange={choose}
          options={names.map((value) => ({ value, label: t(`samples.ways.${value}`) }))}
        />
        <Scrubber grid={grid} place={place} onPlace={onPlace} />
        <ZoomTools />
      </div>
      <div
        className="-mx-1 mb-3 flex gap-1.5 overflow-x-auto p-1 [scrollbar-width:none] sm:flex-wrap"
        role="group"
        aria-label={t('samples.prompt')}
      >
        {grid.rows.map((row) => (
          <button
            key={row.index}
            type="button"
            aria-pressed={row.index === prompt.index}
            title={promptText(row, t)}
            onClick={() => onPrompt(row.index)}
            className={classes(
              'written max-w-56 shrink-0 truncate rounded-full border px-3 py-1 text-xs',
              row.index === prompt.index
                ? 'border-accent/40 bg-accent-soft text-accent'
                : 'border-line bg-panel text-ink-2 hover:border-line-strong',
            )}
          >
            {promptText(row, t)}
          </button>
        ))}
      </div>
      <Way two={[side(0), side(1)]} ratio={ratioOf([left, right])} />
      <p className="mx-auto mt-4 max-w-3xl text-center text-sm">
        <PromptText row={prompt} lines={6} />
      </p>
    </SharedView>
  );
}
