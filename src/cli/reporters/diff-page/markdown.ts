/** Two runs as Markdown, to be pasted into a forum or an issue. */

import type { Change } from '../../../diff/change.ts';
import { outcomeOf } from '../../../model/outcome.ts';
import { makeStyle } from '../../style.ts';
import { visible } from '../../text.ts';
import { outcomeRows } from './outcome.ts';
import { columnNames, type DiffedRuns } from './page.ts';
import { isShown } from './sections.ts';
import { foldedText, groups, isCounted, subjectText, valuesText } from './words.ts';

export function diffMarkdown({ before, after, isPlanned, changes }: DiffedRuns, all: boolean, now: Date): string[] {
  const names = columnNames({ before, after, isPlanned }, now);
  const rows = outcomeRows([outcomeOf(before), isPlanned ? null : outcomeOf(after)], makeStyle(false));
  const lines = [
    `## ${escaped(names[0]!)} → ${escaped(names[1]!)}`,
    '',
    tableRow(['', ...names]),
    tableRow(['---', '---', '---']),
    ...rows.map(({ title, texts }) => tableRow([title, ...texts])),
  ];
  for (const { title, areas } of groups) {
    const own = changes.filter((each) => areas.includes(each.area) && isShown(each, all));
    if (own.length === 0) continue;
    const whole = own.filter(({ partOf }) => partOf === null);
    lines.push('', `### ${title}`, '');
    for (const each of whole) {
      lines.push(`- ${item(each)}`);
      if (whole.findLast(({ subject }) => subject === each.subject) !== each) continue;
      lines.push(...own.filter(({ partOf }) => partOf === each.subject).map((part) => `  - ${item(part)}`));
    }
    const orphans = own.filter(({ partOf }) => partOf !== null && !whole.some(({ subject }) => subject === partOf));
    lines.push(...orphans.map((each) => `- ${item(each)}`));
  }
  const unknown = changes.filter(({ kind, partOf }) => kind === 'unknown' && partOf === null);
  if (unknown.length > 0) {
    lines.push('', '### Not known', '');
    lines.push(...unknown.map((each) => `- ${each.area} ${item(each)}`));
  }
  const folded = changes.filter((each) => each.partOf === null && each.kind !== 'unknown' && !isShown(each, all));
  if (changes.length === 0) lines.push('', 'Nothing differs.');
  if (folded.length > 0) lines.push('', `*${escaped(foldedText(folded))}*`);
  return lines;
}

function item(change: Change): string {
  const { before, after } = valuesText(change);
  const { kind, detail, area, partOf } = change;
  if (isCounted(change)) return `**${escaped(subjectText(change))}** ${after ?? before} ${kind}`;
  const isCaption = area === 'dataset' && partOf === 'captions' && kind === 'changed' && detail !== null;
  const values =
    before !== null && after !== null && before !== after && !isCaption
      ? `${code(before)} → ${code(after)}`
      : kind === 'changed' && (isCaption || after === before)
        ? null
        : [kind === 'changed' ? null : kind, (after ?? before) === null ? null : code((after ?? before) as string)]
            .filter((text) => text !== null)
            .join(' ');
  const said = detail === null || (area === 'dataset' && partOf === null) ? null : escaped(visible(detail));
  return [`**${escaped(subjectText(change))}**`, values, said && `(${said})`].filter(Boolean).join(' ');
}

/** As code, whatever it holds. */
function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  const space = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${fence}${space}${text}${space}${fence}`;
}

function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]<>#|~]/g, '\\$&');
}

function tableRow(cells: readonly string[]): string {
  return `| ${cells.map((cell) => (cell === '---' ? cell : escaped(cell))).join(' | ')} |`;
}
