import { EyeOff, Undo2 } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { blurClass, useBlur } from '../../lib/blur.ts';
import { integer } from '../../lib/format.ts';
import { useKeys } from '../../lib/keys.ts';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Kbd } from '../../ui/kbd.tsx';
import { Empty, Skeleton } from '../../ui/page.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { BlindResult } from './blind-result.tsx';
import { ratioOf, type SampleRun } from './grid.ts';
import { type BlindPair, blindPairs } from './pairs.ts';
import type { Tally } from './tally.ts';
import { useUnnamed } from './unnamed.ts';
import type { ViewProps } from './view.ts';
import { SharedView, ViewPort } from './view-port.tsx';
import { promptText } from './words.tsx';
import { ZoomTools } from './zoom-tools.tsx';

type Choice = 'first' | 'second' | 'ties';

/** Pairs of pictures without names, sides at random: one says which is better, and learns at the end whose it was. */
export default function Blind({ runs, grid }: ViewProps) {
  const { t } = useTranslation();
  const [first, second] = runs;
  const both = `${first?.id} ${second?.id}`;
  const [begun, setBegun] = useState<{ both: string; pairs: readonly BlindPair[] } | null>(null);
  const possible = useMemo(
    () => (first && second ? blindPairs(grid, first.id, second.id) : { pairs: [], exact: true }),
    [grid, first, second],
  );
  if (!first || !second || possible.pairs.length === 0) {
    return (
      <Empty icon={<EyeOff />} title={t('blind.none')}>
        {t('blind.noneHint')}
      </Empty>
    );
  }
  if (begun?.both !== both) {
    return (
      <Empty icon={<EyeOff />} title={t('blind.title')}>
        <p>{t('blind.how', { count: possible.pairs.length })}</p>
        {!possible.exact && <p className="mt-2 text-warn">{t('blind.nearest')}</p>}
        <Button look="primary" className="mt-5" onClick={() => setBegun({ both, pairs: possible.pairs })}>
          {t('blind.start')}
        </Button>
      </Empty>
    );
  }
  // What was begun goes on with its own pairs, whatever is drawn meanwhile.
  return <Test key={both} pairs={begun.pairs} runs={[first, second]} onAgain={() => setBegun(null)} />;
}

function Test({
  pairs,
  runs,
  onAgain,
}: {
  pairs: readonly BlindPair[];
  runs: readonly [SampleRun, SampleRun];
  onAgain: () => void;
}) {
  const [choices, setChoices] = useState<readonly Choice[]>([]);
  const [ended, setEnded] = useState(false);
  const pair = pairs[choices.length];
  if (ended || !pair) {
    const tally: Tally = { first: 0, second: 0, ties: 0 };
    for (const choice of choices) tally[choice]++;
    return <BlindResult runs={runs} tally={tally} onAgain={onAgain} />;
  }
  return (
    <Judge
      pairs={pairs}
      at={choices.length}
      runs={runs}
      onJudge={(side) => {
        const choice = side === 'tie' ? 'ties' : (side === 'left') !== pair.swapped ? 'first' : 'second';
        setChoices((before) => [...before, choice]);
      }}
      onUndo={() => setChoices((before) => before.slice(0, -1))}
      onEnd={() => setEnded(true)}
    />
  );
}

function Judge({
  pairs,
  at,
  runs,
  onJudge,
  onUndo,
  onEnd,
}: {
  pairs: readonly BlindPair[];
  at: number;
  runs: readonly [SampleRun, SampleRun];
  onJudge: (side: 'left' | 'right' | 'tie') => void;
  onUndo: () => void;
  onEnd: () => void;
}) {
  const { t } = useTranslation();
  const blurred = useBlur();
  const { pictures, failed } = useUnnamed(pairs, at, [runs[0].id, runs[1].id]);
  const judge = (side: 'left' | 'right' | 'tie') => {
    // Nothing is judged that was not seen.
    if (pictures || failed) onJudge(failed ? 'tie' : side);
  };
  useKeys({
    ArrowLeft: () => judge('left'),
    ArrowRight: () => judge('right'),
    ArrowDown: () => judge('tie'),
    Backspace: () => at > 0 && onUndo(),
    'mod+z': () => at > 0 && onUndo(),
  });
  const prompt = pairs[at]?.prompt;
  const ratio = ratioOf(runs);
  return (
    <SharedView zoom={undefined} onZoom={() => {}}>
      <ProgressBar fraction={at / pairs.length} label={t('blind.progress', { done: at, total: pairs.length })} />
      <div className="my-3 flex flex-wrap items-center justify-between gap-x-4 gap-y-1 text-sm">
        <span className="text-ink-3 tabular-nums" aria-live="polite">
          {integer(at + 1)} / {integer(pairs.length)}
        </span>
        <p className="order-last min-w-0 grow basis-full text-center sm:order-none sm:basis-0">
          {prompt && promptText(prompt, t)}
        </p>
        <ZoomTools />
      </div>
      <div
        className="mx-auto grid grid-cols-2 gap-3"
        style={{ maxWidth: `calc((100dvh - 20rem) * ${2 * ratio} + 1rem)` }}
      >
        {(['left', 'right'] as const).map((side, index) => (
          <div key={side} className="min-w-0">
            <div className="rounded-lg bg-sunken" style={{ aspectRatio: ratio }}>
              <ViewPort className="size-full rounded-[inherit]">
                {pictures ? (
                  <img
                    key={pictures[index]}
                    src={pictures[index]}
                    alt={t('blind.picture')}
                    draggable={false}
                    className={classes('size-full object-contain select-none', blurred && blurClass)}
                  />
                ) : failed ? (
                  <p className="flex size-full items-center justify-center p-3 text-xs text-ink-3">
                    {t('samples.notShown')}
                  </p>
                ) : (
                  <Skeleton className="size-full" />
                )}
              </ViewPort>
            </div>
            <Button look="primary" className="mt-2 w-full" onClick={() => judge(side)}>
              {t(`blind.${side}`)}
              <span aria-hidden className="opacity-70 max-sm:hidden">
                {side === 'left' ? '←' : '→'}
              </span>
            </Button>
          </div>
        ))}
      </div>
      <div className="mt-3 flex flex-wrap items-center justify-center gap-2">
        <Button onClick={() => judge('tie')}>
          {t('blind.tie')}{' '}
          <span className="max-sm:hidden" aria-hidden>
            ↓
          </span>
        </Button>
        <Button look="quiet" disabled={at === 0} onClick={onUndo}>
          <Undo2 className="size-4" aria-hidden />
          {t('blind.undo')}
          <span className="max-sm:hidden" aria-hidden>
            <Kbd>⌫</Kbd>
          </span>
        </Button>
        <Button look="quiet" disabled={at === 0} onClick={onEnd}>
          {t('blind.end')}
        </Button>
      </div>
    </SharedView>
  );
}
