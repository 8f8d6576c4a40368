import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '../../lib/keys.ts';
import { classes } from '../../ui/classes.ts';
import { Segments } from '../../ui/segments.tsx';
import { cellKey, type SampleRun } from './grid.ts';
import { PromptText } from './matrix.tsx';
import { Picture } from './picture.tsx';
import { Scrubber } from './scrubber.tsx';
import { useStepKeys } from './step-keys.ts';
import type { ViewProps } from './view.ts';
import { SharedView, ViewPort } from './view-port.tsx';

const ways = ['slider', 'side', 'blink', 'difference'] as const;
type Way = (typeof ways)[number];
const blinkMs = 700;

/** One picture of two runs: behind a slider, side by side, in turns, or what differs alone. */
export default function Pair({ runs, grid, place, prompt, onPlace, onPrompt }: ViewProps) {
  const { t } = useTranslation();
  const [way, setWay] = useState<Way>('slider');
  useStepKeys(grid, place, prompt, onPlace, onPrompt);
  useKeys({
    1: () => setWay('slider'),
    2: () => setWay('side'),
    3: () => setWay('blink'),
    4: () => setWay('difference'),
  });
  const [left, right] = runs;
  if (!left || !right || !prompt || !place) return null;
  const of = (run: SampleRun) => prompt.cells.get(cellKey(run.id, place.key));
  const first = <Picture run={left.id} sample={of(left)} large />;
  const second = <Picture run={right.id} sample={of(right)} large />;
  return (
    <SharedView>
      <div className="mb-4 flex flex-wrap items-center gap-4">
        <Segments
          label={t('samples.way')}
          value={way}
          onChange={setWay}
          options={ways.map((value) => ({ value, label: t(`samples.ways.${value}`) }))}
        />
        <Scrubber grid={grid} place={place} onPlace={onPlace} />
      </div>
      <div className="mb-3 flex flex-wrap gap-1.5" role="group" aria-label={t('samples.prompt')}>
        {grid.rows.map((row) => (
          <button
            key={row.index}
            type="button"
            aria-pressed={row.index === prompt.index}
            onClick={() => onPrompt(row.index)}
            className={classes(
              'max-w-56 truncate rounded-full border px-3 py-1 text-xs',
              row.index === prompt.index
                ? 'border-accent/40 bg-accent-soft text-accent'
                : 'border-line bg-panel text-ink-2 hover:border-line-strong',
            )}
          >
            {row.text ?? t('samples.promptNumber', { number: row.index + 1 })}
          </button>
        ))}
      </div>
      <div className="mx-auto max-w-[min(100%,calc(100dvh-18rem))] min-w-64">
        {way === 'slider' && <Slider left={first} right={second} names={[left.name, right.name]} />}
        {way === 'blink' && <Blink left={first} right={second} names={[left.name, right.name]} />}
        {way === 'difference' && (
          <ViewPort className="aspect-square rounded-lg bg-black">
            <div className="relative size-full isolate">
              <div className="absolute inset-0">{first}</div>
              <div className="absolute inset-0 mix-blend-difference">{second}</div>
            </div>
          </ViewPort>
        )}
      </div>
      {way === 'side' && (
        <div className="grid gap-3 sm:grid-cols-2">
          {[[left.name, first] as const, [right.name, second] as const].map(([name, picture]) => (
            <figure key={name}>
              <ViewPort className="aspect-square rounded-lg bg-sunken">{picture}</ViewPort>
              <figcaption className="mt-1 text-center text-xs text-ink-3">{name}</figcaption>
            </figure>
          ))}
        </div>
      )}
      <p className="mx-auto mt-4 max-w-3xl text-center text-sm">
        <PromptText row={prompt} />
      </p>
    </SharedView>
  );
}

interface TwoProps {
  left: React.ReactNode;
  right: React.ReactNode;
  names: readonly [string, string];
}

function Slider({ left, right, names }: TwoProps) {
  const { t } = useTranslation();
  const [at, setAt] = useState(50);
  return (
    <div>
      <ViewPort className="aspect-square rounded-lg bg-sunken">
        <div className="relative size-full">
          <div className="absolute inset-0">{left}</div>
          <div className="absolute inset-0" style={{ clipPath: `inset(0 0 0 ${at}%)` }}>
            {right}
          </div>
          <div
            aria-hidden
            className="absolute inset-y-0 w-px bg-white shadow-[0_0_0_1px_rgb(0_0_0/0.35)]"
            style={{ left: `${at}%` }}
          />
        </div>
      </ViewPort>
      <div className="mt-2 flex items-center gap-3 text-xs text-ink-3">
        <span className="w-28 truncate">{names[0]}</span>
        <input
          type="range"
          aria-label={t('samples.divide')}
          min={0}
          max={100}
          value={at}
          onChange={(event) => setAt(Number(event.target.value))}
          className="flex-1 accent-accent"
        />
        <span className="w-28 truncate text-right">{names[1]}</span>
      </div>
    </div>
  );
}

function Blink({ left, right, names }: TwoProps) {
  const { t } = useTranslation();
  const [second, setSecond] = useState(false);
  const [still, setStill] = useState(() => matchMedia('(prefers-reduced-motion: reduce)').matches);
  useEffect(() => {
    if (still) return;
    const timer = setInterval(() => setSecond((before) => !before), blinkMs);
    return () => clearInterval(timer);
  }, [still]);
  useKeys({
    ' ': () => {
      setStill(true);
      setSecond(!second);
    },
  });
  return (
    <div>
      <ViewPort className="aspect-square rounded-lg bg-sunken">
        <div className="relative size-full">
          <div className="absolute inset-0" style={{ visibility: second ? 'hidden' : 'visible' }}>
            {left}
          </div>
          <div className="absolute inset-0" style={{ visibility: second ? 'visible' : 'hidden' }}>
            {right}
          </div>
        </div>
      </ViewPort>
      <div className="mt-2 flex items-center justify-center gap-3 text-xs text-ink-3">
        <span className="font-medium text-ink">{names[second ? 1 : 0]}</span>
        <button type="button" onClick={() => setStill(!still)} className="text-accent hover:underline">
          {t(still ? 'samples.blinkGo' : 'samples.blinkStop')}
        </button>
      </div>
    </div>
  );
}
