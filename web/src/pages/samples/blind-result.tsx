import { useQueries } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ask } from '../../app/queries.ts';
import { api } from '../../lib/api.ts';
import { percent, value } from '../../lib/format.ts';
import { Button } from '../../ui/button.tsx';
import { Card } from '../../ui/page.tsx';
import { tellFailure } from '../../ui/tell.ts';
import { close, type Two } from './begun.ts';
import { chance, type Tally, wilson } from './tally.ts';

/** Above this a result may well be chance, by custom. */
const usual = 0.05;

/** Whose pictures were preferred, and how much that says. */
export function BlindResult({
  test,
  runs: [first, second],
  tally,
  unseen,
  onAgain,
}: {
  test: string;
  runs: Two;
  tally: Tally;
  /** Pairs whose pictures could not be had, which say nothing. */
  unseen: number;
  onAgain: () => void;
}) {
  const { t } = useTranslation();
  const [isKept, setKept] = useState(false);
  // What was kept is not offered to be kept again, wherever the test is opened.
  const records = useQueries({ queries: [ask.run(first.id), ask.run(second.id)] });
  const kept = isKept || records.every(({ data }) => data?.blindTests.some((each) => each.test === test));
  const by = chance(tally);
  const winner = tally.first === tally.second ? null : tally.first > tally.second ? first : second;
  const wins = Math.max(tally.first, tally.second);
  const all = tally.first + tally.second;
  const [low, high] = wilson({ first: wins, second: all - wins, ties: 0 });
  const chances = by < 0.001 ? '0.1' : value(Number((by * 100).toPrecision(2)));
  const measure = winner
    ? [
        t('blind.share', { share: percent(wins / all), wins, all, low: percent(low), high: percent(high) }),
        t(by < 0.001 ? 'blind.chanceBelow' : 'blind.chance', { percent: chances }),
        by > usual ? t('blind.notSure') : '',
      ]
    : [];
  const title = winner ? t('blind.preferred', { name: winner.name }) : t('blind.even');
  const counts = t('blind.counts', {
    first: first.name,
    second: second.name,
    a: tally.first,
    b: tally.second,
    ties: tally.ties,
  });
  const keep = async () => {
    const text = [t('blind.noteTitle'), `${title}.`, counts, ...measure].filter(Boolean).join(' ');
    try {
      await api('recordBlindTest', {
        body: { runs: [first.id, second.id], first: tally.first, second: tally.second, ties: tally.ties, text, test },
      });
      setKept(true);
      close(test);
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <Card className="mx-auto max-w-2xl p-6 text-center">
      <h2 className="text-lg font-semibold break-words">{title}</h2>
      <dl className="mt-4 grid grid-cols-3 gap-3">
        {(
          [
            [first.id, first.name, tally.first],
            ['ties', t('blind.ties'), tally.ties],
            [second.id, second.name, tally.second],
          ] as const
        ).map(([key, name, count]) => (
          <div key={key} className="flex flex-col-reverse rounded-lg bg-sunken px-2 py-3">
            <dt className="text-xs break-words text-ink-2">{name}</dt>
            <dd className="text-2xl font-semibold tabular-nums">{count}</dd>
          </div>
        ))}
      </dl>
      {winner && (
        <div className="mt-5" aria-hidden>
          <div className="relative h-2 rounded-full bg-sunken">
            <div className="absolute inset-y-0 left-1/2 w-px bg-ink-3" />
            <div
              className="absolute inset-y-0 rounded-full bg-accent/30"
              style={{ left: `${low * 100}%`, right: `${100 - high * 100}%` }}
            />
            <div
              className="absolute top-1/2 size-3 -translate-1/2 rounded-full bg-accent"
              style={{ left: `${(wins / all) * 100}%` }}
            />
          </div>
          <div className="mt-1 flex justify-between text-2xs text-ink-3">
            <span>{percent(0)}</span>
            <span>{percent(0.5)}</span>
            <span>{percent(1)}</span>
          </div>
        </div>
      )}
      <p className="mt-4 text-sm text-ink-2">{measure.join(' ')}</p>
      {unseen > 0 && <p className="mt-1 text-sm text-warn">{t('blind.unseen', { count: unseen })}</p>}
      <div className="mt-5 flex flex-wrap justify-center gap-2">
        <Button look="primary" disabled={kept || all + tally.ties === 0} onClick={() => void keep()}>
          {t(kept ? 'blind.kept' : 'blind.keep')}
        </Button>
        <Button
          onClick={() => {
            close(test);
            onAgain();
          }}
        >
          {t('blind.again')}
        </Button>
      </div>
      {kept && (
        <p className="mt-3 text-xs text-ink-3" aria-live="polite">
          {t('blind.keptWhere')}{' '}
          {[first, second].map(({ id, name }, index) => (
            <span key={id}>
              {index > 0 && ' · '}
              <Link
                to="/runs/$run"
                params={{ run: id }}
                search={{ tab: 'notes' }}
                className="text-accent hover:underline"
              >
                {name}
              </Link>
            </span>
          ))}
        </p>
      )}
    </Card>
  );
}
