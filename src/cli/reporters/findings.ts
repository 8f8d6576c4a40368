/** Findings in few rows: none goes unnamed. */
import type { Finding } from '../../trainers/trainer.ts';
import type { Context } from '../context.ts';
import { cells, shortPaths, truncate, visible, wrap } from '../text.ts';

export const lead = 'spoor: ';
const indent = ' '.repeat(lead.length);

/**
 * A row each, where there are no more than rows; what room is left goes to what messages need beyond that, by
 * turns, then to remedies, the gravest first. Of more, those that have no row of their own are named in the last one.
 *
 * @param findings the gravest first
 */
export function findingRows(
  { errorStyle: style, userHome }: Pick<Context, 'errorStyle' | 'userHome'>,
  findings: readonly Finding[],
  { room, width }: { room: number; width: number },
  isRecorded: boolean,
): string[] {
  const inner = width - lead.length;
  const isTerminal = Number.isFinite(width);
  const text = (of: string) => (isTerminal ? shortPaths(visible(of), userHome) : visible(of));
  const fold = (of: string) => (isTerminal ? wrap(of, inner) : [of]);
  const mark = ({ severity }: Finding) => (severity === 'error' ? style.red : style.yellow)(lead);
  const begun = (finding: Finding, lines: string[]) =>
    lines.map((line, at) => (at === 0 ? mark(finding) : indent) + line);

  const own = findings.length <= room ? findings : findings.slice(0, room - 1);
  const told = own.map((finding) => ({ finding, lines: fold(text(finding.message)), count: 1 }));
  let free = Math.max(0, room - findings.length);
  for (; free > 0; free--) {
    const each = told.filter(({ lines, count }) => count < lines.length).sort((a, b) => a.count - b.count)[0];
    if (!each) break;
    each.count++;
  }
  const rows = told.flatMap(({ finding, lines, count }) => {
    const remedy = finding.hint === null ? [] : fold(text(finding.hint));
    if (count === lines.length && remedy.length <= free) {
      free -= remedy.length;
      return [...begun(finding, lines), ...remedy.map((line) => style.dim(indent + line))];
    }
    const last = withRemedy(lines.slice(count - 1).join(' '), remedy.join(' '), inner, count === 1 ? beginning : 0);
    return begun(finding, [...lines.slice(0, count - 1), last]);
  });
  if (own.length === findings.length) return rows;
  const rest = findings.slice(own.length);
  const where = isRecorded ? ' (spoor show @)' : '';
  return [...rows, style.dim(truncate(`${indent}and ${rest.length} more${where}: ${namesOf(rest)}`, width))];
}

/** Remedies as short as this one, `Did you mean network_dim?`, are worth more than the end of a message, not than its beginning. */
const shortest = 48;
const beginning = 40;

/** @param least cells of the message that stay */
function withRemedy(message: string, remedy: string, width: number, least: number): string {
  const room = width - cells(remedy) - 2;
  if (remedy === '' || cells(remedy) > Math.min(shortest, width / 2) || room < Math.min(least, cells(message))) {
    return truncate(message, width);
  }
  const kept = truncate(message, room);
  return /[.:;!?…]$/.test(kept) ? `${kept} ${remedy}` : `${kept}. ${remedy}`;
}

/** `unknown setting netwrk_dim, netwrk_alpha; captions missing`. */
function namesOf(findings: readonly Finding[]): string {
  const kinds = new Map<string, string[]>();
  for (const { code, message } of findings) {
    const subjects = kinds.get(code) ?? [];
    const subject = /^(?:\S+ has no option )?"?(\w*_\w+|(?<=")[^"\s]+)"?(?= |$)/.exec(message)?.[1];
    if (subject !== undefined) subjects.push(visible(subject));
    kinds.set(code, subjects);
  }
  const texts = [...kinds].map(([code, subjects]) => `${code.replaceAll('-', ' ')} ${subjects.join(', ')}`.trimEnd());
  return texts.join('; ');
}
