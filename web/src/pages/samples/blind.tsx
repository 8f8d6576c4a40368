import { EyeOff } from 'lucide-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SampleRow } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { percent } from '../../lib/format.ts';
import { useKeys } from '../../lib/keys.ts';
import { Button } from '../../ui/button.tsx';
import { Card, Empty } from '../../ui/page.tsx';
import { ProgressBar } from '../../ui/progress.tsx';
import { tellFailure } from '../../ui/tell.ts';
import { cellKey, type SampleRun } from './grid.ts';
import { Picture } from './picture.tsx';
import { confidence, shuffled, type Tally } from './tally.ts';
import type { ViewProps } from './view.ts';
import { SharedView, ViewPort } from './view-port.tsx';

interface Pair {
  key: string;
  prompt: string | null;
  first: SampleRow;
  second: SampleRow;
  /** The first run's picture stands on the right. */
  swapped: boolean;
}

/** Pairs of pictures without names, sides at random: one says which is better, and learns at the end whose it was. */
export default function Blind({ runs, grid }: ViewProps) {
  const { t } = useTranslation();
  const [first, second] = runs;
  const pairs = useMemo(() => (first && second ? pairsOf(grid, first, second) : []), [grid, first, second]);
  const [started, setStarted] = useState(false);
  const [at, setAt] = useState(0);
  const [tally, setTally] = useState<Tally>({ first: 0, second: 0, ties: 0 });
  if (!first || !second || pairs.length === 0) {
    return (
      <Empty icon={<EyeOff />} title={t('blind.none')}>
        {t('blind.noneHint')}
      </Empty>
    );
  }
  if (!started) {
    return (
      <Empty icon={<EyeOff />} title={t('blind.title')}>
        <p>{t('blind.how', { count: pairs.length })}</p>
        <Button look="primary" className="mt-5" onClick={() => setStarted(true)}>
          {t('blind.start')}
        </Button>
      </Empty>
    );
  }
  const pair = pairs[at];
  if (!pair) return <Result first={first} second={second} tally={tally} />;
  const judge = (side: 'left' | 'right' | 'tie') => {
    const winner = side === 'tie' ? 'ties' : (side === 'left') !== pair.swapped ? 'first' : 'second';
    setTally({ ...tally, [winner]: tally[winner] + 1 });
    setAt(at + 1);
  };
  return (
    <Judge
      pair={pair}
      runs={[first, second]}
      done={at}
      total={pairs.length}
      onJudge={judge}
      onEnd={() => setAt(pairs.length)}
    />
  );
}

function pairsOf(grid: ViewProps['grid'], first: SampleRun, second: SampleRun): Pair[] {
  const pairs = grid.rows.flatMap((row) =>
    grid.places.flatMap((place): Pair[] => {
      const one = row.cells.get(cellKey(first.id, place.key));
      const other = row.cells.get(cellKey(second.id, place.key));
      if (!one || !other || !(one.preview || one.original) || !(other.preview || other.original)) return [];
      return [
        { key: `${row.index} ${place.key}`, prompt: row.text, first: one, second: other, swapped: Math.random() < 0.5 },
      ];
    }),
  );
  return shuffled(pairs);
}

function Judge({
  pair,
  runs: [first, second],
  done,
  total,
  onJudge,
  onEnd,
}: {
  pair: Pair;
  runs: readonly [SampleRun, SampleRun];
  done: number;
  total: number;
  onJudge: (side: 'left' | 'right' | 'tie') => void;
  onEnd: () => void;
}) {
  const { t } = useTranslation();
  useKeys({ ArrowLeft: () => onJudge('left'), ArrowRight: () => onJudge('right'), ArrowDown: () => onJudge('tie') });
  const one = (
    <Picture key="one" run={first.id} sample={{ ...pair.first, text: null, name: t('blind.picture') }} large />
  );
  const other = (
    <Picture key="other" run={second.id} sample={{ ...pair.second, text: null, name: t('blind.picture') }} large />
  );
  const sides = pair.swapped ? [other, one] : [one, other];
  return (
    <SharedView key={pair.key}>
      <ProgressBar fraction={done / total} label={t('blind.progress', { done, total })} />
      <p className="mx-auto my-4 max-w-3xl text-center text-sm">{pair.prompt}</p>
      <div className="mx-auto grid max-w-5xl gap-3 sm:grid-cols-2">
        {(['left', 'right'] as const).map((side, index) => (
          <div key={side}>
            <ViewPort className="aspect-square rounded-lg bg-sunken">{sides[index]}</ViewPort>
            <Button look="primary" className="mt-2 w-full" onClick={() => onJudge(side)}>
              {t(`blind.${side}`)}
            </Button>
          </div>
        ))}
      </div>
      <div className="mt-4 flex items-center justify-center gap-2">
        <Button onClick={() => onJudge('tie')}>{t('blind.tie')}</Button>
        <Button look="quiet" disabled={done === 0} onClick={onEnd}>
          {t('blind.end')}
        </Button>
      </div>
    </SharedView>
  );
}

function Result({ first, second, tally }: { first: SampleRun; second: SampleRun; tally: Tally }) {
  const { t } = useTranslation();
  const [kept, setKept] = useState(false);
  const sure = confidence(tally);
  const winner = tally.first === tally.second ? null : tally.first > tally.second ? first : second;
  const text = [
    winner ? t('blind.preferred', { name: winner.name }) : t('blind.even'),
    t('blind.counts', { first: first.name, second: second.name, a: tally.first, b: tally.second, ties: tally.ties }),
    t('blind.sure', { sure: percent(sure) }),
  ].join(' ');
  const keep = async () => {
    try {
      await api('recordBlindTest', {
        body: { runs: [first.id, second.id], first: tally.first, second: tally.second, ties: tally.ties, text },
      });
      setKept(true);
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <Card className="mx-auto max-w-xl p-6 text-center">
      <h2 className="text-lg font-semibold">
        {winner ? t('blind.preferred', { name: winner.name }) : t('blind.even')}
      </h2>
      <dl className="mt-4 grid grid-cols-3 gap-3">
        {(
          [
            [first.name, tally.first],
            [t('blind.ties'), tally.ties],
            [second.name, tally.second],
          ] as const
        ).map(([name, count]) => (
          <div key={name} className="rounded-lg bg-sunken px-2 py-3">
            <dd className="text-2xl font-semibold tabular-nums">{count}</dd>
            <dt className="truncate text-xs text-ink-3">{name}</dt>
          </div>
        ))}
      </dl>
      <p className="mt-4 text-sm text-ink-2">
        {t('blind.sure', { sure: percent(sure) })} {sure < 0.95 && t('blind.notSure')}
      </p>
      <Button look="primary" className="mt-5" disabled={kept} onClick={() => void keep()}>
        {t(kept ? 'blind.kept' : 'blind.keep')}
      </Button>
    </Card>
  );
}
