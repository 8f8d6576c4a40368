import { getRouteApi, useNavigate } from '@tanstack/react-router';
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
import { type BegunTest, begin, judge, resume, type Two, unfinished } from './begun.ts';
import { BlindResult } from './blind-result.tsx';
import { ratioOf } from './grid.ts';
import { blindPairs, type DealtPair } from './pairs.ts';
import type { Tally } from './tally.ts';
import { useUnnamed } from './unnamed.ts';
import type { ViewProps } from './view.ts';
import { SharedView, ViewPort } from './view-port.tsx';
import { promptText } from './words.tsx';
import { ZoomTools } from './zoom-tools.tsx';

const route = getRouteApi('/samples');
const letterOf = { left: 'l', right: 'r', tie: 't', unseen: 'n' } as const;
type Judgement = keyof typeof letterOf;

/**
 * Pairs of pictures without names, sides at random: one says which is better, and learns at the end whose it was. The test
 * and what was judged stand in the address: left alone, reloaded or opened again, it goes on where it was.
 */
export default function Blind({ runs, grid }: ViewProps) {
  const { test, judged = '' } = route.useSearch();
  const navigate = useNavigate({ from: '/samples' });
  const [first, second] = runs;
  // What was begun goes on with its own pairs, whatever is drawn meanwhile.
  // biome-ignore lint/correctness/useExhaustiveDependencies: taken up once, whatever comes later
  const begun = useMemo(
    () => (first && second ? resume(test, judged, grid, [first, second]) : null),
    [test, first?.id, second?.id],
  );
  const go = (next: { test?: string; judged?: string | undefined }, replace = false) =>
    void navigate({
      search: (before) => ({ ...before, test: next.test, judged: next.judged }) as never,
      replace,
      resetScroll: false,
    });
  if (!first || !second || !test || !begun) {
    return <Begin runs={runs} grid={grid} isOther={test !== undefined} onBegin={go} />;
  }
  return (
    <Test
      key={test}
      test={test}
      begun={begun}
      runs={[first, second]}
      onJudged={(judged) => go({ test, judged: judged || undefined }, true)}
      onAgain={() => go({})}
    />
  );
}

function Begin({
  runs: [first, second],
  grid,
  isOther,
  onBegin,
}: Pick<ViewProps, 'runs' | 'grid'> & {
  /** The address names a test that is none of these pictures. */
  isOther: boolean;
  onBegin: (test: { test: string; judged?: string }) => void;
}) {
  const { t } = useTranslation();
  const possible = useMemo(
    () => (first && second ? blindPairs(grid, first.id, second.id) : { pairs: [], exact: true }),
    [grid, first, second],
  );
  const left = first && second ? unfinished([first, second]) : null;
  if (!first || !second || (possible.pairs.length === 0 && !left)) {
    return (
      <Empty icon={<EyeOff />} title={t('blind.none')}>
        {t('blind.noneHint')}
      </Empty>
    );
  }
  return (
    <Empty icon={<EyeOff />} title={t('blind.title')}>
      <p>{t('blind.how', { count: possible.pairs.length })}</p>
      {isOther && <p className="mt-2 text-warn">{t('blind.other')}</p>}
      {!possible.exact && <p className="mt-2 text-warn">{t('blind.nearest')}</p>}
      <div className="mt-5 flex flex-wrap justify-center gap-2">
        {left && (
          <Button look="primary" onClick={() => onBegin({ test: left.test, judged: left.judged })}>
            {t('blind.goOn', { done: left.done, total: left.total })}
          </Button>
        )}
        <Button
          look={left ? 'plain' : 'primary'}
          disabled={possible.pairs.length === 0}
          onClick={() => onBegin({ test: begin(possible.pairs, [first, second]) })}
        >
          {t(left ? 'blind.startAnew' : 'blind.start')}
        </Button>
      </div>
    </Empty>
  );
}

function Test({
  test,
  begun: { pairs, judged },
  runs,
  onJudged,
  onAgain,
}: {
  test: string;
  begun: BegunTest;
  runs: Two;
  onJudged: (judged: string) => void;
  onAgain: () => void;
}) {
  const [given, setGiven] = useState(judged);
  const unseen = given.split(letterOf.unseen).length - 1;
  const tell = (next: string) => {
    // Kept before anything else happens: the next moment may be a reload.
    judge(test, next);
    setGiven(next);
    onJudged(next);
  };
  const pair = pairs[given.length];
  if (given.endsWith('x') || !pair) {
    const tally: Tally = { first: 0, second: 0, ties: 0 };
    for (const [at, { swapped }] of pairs.entries()) {
      const side = given[at];
      if (side === 't') tally.ties++;
      else if (side === 'l' || side === 'r') tally[(side === 'l') === swapped ? 'second' : 'first']++;
    }
    return <BlindResult test={test} runs={runs} tally={tally} unseen={unseen} onAgain={onAgain} />;
  }
  return (
    <Judge
      pairs={pairs}
      at={given.length}
      runs={runs}
      onJudge={(side) => tell(given + letterOf[side])}
      onUndo={() => tell(given.slice(0, -1))}
      onEnd={() => tell(`${given}x`)}
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
  pairs: readonly DealtPair[];
  at: number;
  runs: Two;
  onJudge: (side: Judgement) => void;
  onUndo: () => void;
  onEnd: () => void;
}) {
  const { t } = useTranslation();
  const blurred = useBlur();
  const { pictures, failed } = useUnnamed(pairs, at, [runs[0].id, runs[1].id]);
  const say = (side: Judgement) => {
    // Nothing is judged that was not seen.
    if (pictures || failed) onJudge(failed ? 'unseen' : side);
  };
  useKeys({
    ArrowLeft: () => say('left'),
    ArrowRight: () => say('right'),
    ArrowDown: () => say('tie'),
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
            <Button look="primary" className="mt-2 w-full" onClick={() => say(side)}>
              {t(`blind.${side}`)}
              <span aria-hidden className="opacity-70 max-sm:hidden">
                {side === 'left' ? '←' : '→'}
              </span>
            </Button>
          </div>
        ))}
      </div>
      <div className="mt-3 flex flex-wrap items-center justify-center gap-2">
        <Button onClick={() => say('tie')}>
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
