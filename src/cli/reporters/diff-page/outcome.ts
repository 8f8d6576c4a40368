import type { Run } from '../../../model/run.ts';
import { makeStyle, type Style, statusColour, statusText, verdictColour } from '../../style.ts';
import { duration, number, visible } from '../../text.ts';

/** How a run ended, as `spoor diff --json` tells it. */
export interface Outcome {
  status: Run['status'];
  exitCode: number | null;
  signal: string | null;
  diagnosis: string | null;
  /** In words, naming the thing. */
  why: string | null;
  step: number | null;
  total: number | null;
  loss: number | string | null;
  /** Seconds; null while it runs. */
  duration: number | null;
  checkpoints: number;
  samples: number;
  verdict: Run['verdict'];
  verdictWhy: string | null;
  reason: string | null;
}

export function outcomeOf(run: Run): Outcome {
  const { status, exitCode, signal, diagnosis, progress, endedAt, startedAt, artifacts } = run;
  const count = (kind: string) => artifacts.filter((each) => each.kind === kind).length;
  return {
    status,
    exitCode,
    signal,
    diagnosis: diagnosis?.code ?? null,
    why: diagnosis?.message ?? null,
    step: progress?.step ?? null,
    total: progress?.total ?? null,
    loss: progress?.loss ?? null,
    duration: endedAt === null ? null : (Date.parse(endedAt) - Date.parse(startedAt)) / 1000,
    checkpoints: count('checkpoint'),
    samples: count('sample'),
    verdict: run.verdict,
    verdictWhy: run.verdictWhy,
    reason: run.reason,
  };
}

export interface OutcomeRow {
  title: string;
  texts: string[];
  paint(text: string, at: number): string;
}

/** Rows of a table with one column a run; null is a run that was not started. Rows that say nothing are left out. */
export function outcomeRows(outcomes: readonly (Outcome | null)[], style: Style): OutcomeRow[] {
  const plain = (text: string) => text;
  const row = (title: string, text: (outcome: Outcome) => string | null, paint: OutcomeRow['paint'] = plain) => ({
    title,
    texts: outcomes.map((each) => (each === null ? '' : (text(each) ?? ''))),
    paint,
  });
  const at = (index: number) => outcomes[index];
  return [
    {
      title: 'outcome',
      texts: outcomes.map((each) => (each ? statusText(each.status, makeStyle(false)) : 'not started')),
      paint: (text: string, index: number) => {
        const outcome = at(index);
        return outcome ? statusColour(outcome.status, style)(text) : style.dim(text);
      },
    },
    row('why', ({ why }) => why && visible(why), style.red),
    row('loss', ({ loss }) => (typeof loss === 'number' ? number(Number(loss.toPrecision(4))) : loss)),
    row('step', ({ step, total }) => (step === null ? null : total === null ? `${step}` : `${step} of ${total}`)),
    row('took', ({ duration: seconds }) => (seconds === null ? null : duration(seconds * 1000))),
    row(
      'verdict',
      ({ verdict, verdictWhy }) => verdict && visible(verdictWhy ? `${verdict}: ${verdictWhy}` : verdict),
      (text, index) => {
        const verdict = at(index)?.verdict;
        return verdict ? verdictColour(verdict, style)(text) : text;
      },
    ),
    row('reason', ({ reason }) => reason && visible(reason)),
  ].filter(({ texts }) => texts.some((text) => text !== ''));
}
