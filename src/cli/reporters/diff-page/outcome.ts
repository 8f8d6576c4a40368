import type { Outcome } from '../../../model/outcome.ts';
import { makeStyle, type Style, statusColour, statusText, verdictColour } from '../../style.ts';
import { duration, number, visible } from '../../text.ts';

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
