import type { Run } from '../../../model/run.ts';
import type { Suspect } from '../../../tracker/suspects.ts';
import { cells, truncateMiddle, visible, wrap } from '../../text.ts';
import { Page, type PageOptions } from '../run-page/page.ts';
import { subjectText, valuesText } from './words.ts';

/** Ranked, each with what speaks for it. */
export function suspectsPage(
  { good, bad, suspects }: { good: Run; bad: Run; suspects: readonly Suspect[] },
  options: PageOptions,
): string[] {
  const page = new Page(options);
  const { style } = page;
  const title = `What may explain that ${visible(bad.name.full)} is not as good as ${visible(good.name.full)}`;
  page.lines.push(...page.wrapped(title, '').map(style.bold));
  if (suspects.length === 0) page.lines.push('', 'Nothing that is known to differ can change the result.');
  const paints = { likely: style.red, possible: style.yellow, unlikely: style.dim };
  for (const [at, { change, likelihood, reasons }] of suspects.entries()) {
    const lead = `${String(at + 1).padStart(2)}  ${subjectText(change)}`;
    const { before, after } = valuesText(change);
    const room = Math.max(8, Math.floor((page.columns - cells(lead) - likelihood.length - 9) / 2));
    const values =
      before === null || after === null
        ? `${truncateMiddle(after ?? before ?? '', room)} ${change.kind}`.trimStart()
        : [before, after].map((text) => truncateMiddle(text, room)).join(style.dim(' → '));
    page.lines.push(
      '',
      `${style.bold(lead)}  ${values}  ${paints[likelihood](likelihood)}`,
      ...reasons.flatMap((reason) => wrap(visible(reason), page.columns - 4).map((line) => `    ${style.dim(line)}`)),
    );
  }
  return page.lines;
}
