import type { Change } from '../../diff/change.ts';
import type { ConfigValue } from '../../model/facts.ts';
import type { Run } from '../../model/run.ts';
import type { History, HistoryEntry } from '../../tracker/history.ts';
import { type Style, statusText, verdictColour } from '../style.ts';
import { number, plural, truncateMiddle, visible, visibleLines, when, wrap } from '../text.ts';
import { changesLine } from './changes.ts';
import { subjectText } from './diff-page/words.ts';

export interface HistoryPageOptions {
  style: Style;
  columns: number;
  now: Date;
}

/** The versions of a family, the first first. */
export function historyPage({ family, versions, attempts }: History, options: HistoryPageOptions): string[] {
  const { style } = options;
  const lines = [style.bold(visible(family))];
  for (const entry of versions) lines.push('', ...versionLines(entry, options));
  if (attempts.length > 0) lines.push('', ...attemptLines(attempts, options));
  return lines;
}

function versionLines({ run, from, changes, attempts }: HistoryEntry, options: HistoryPageOptions): string[] {
  const { style, columns, now } = options;
  const loss = run.progress?.loss ?? null;
  const facts = [
    when(run.startedAt, now),
    statusText(run.status, style),
    ...(run.progress?.step == null ? [] : [`step ${run.progress.step}`]),
    ...(loss === null ? [] : [`loss ${typeof loss === 'number' ? number(Number(loss.toPrecision(4))) : loss}`]),
    ...(run.imported ? [style.yellow('imported')] : []),
  ];
  const body = [
    ...changeTexts(changes).map((text) => `${style.cyan('·')} ${text}`),
    ...unknownText(changes, style),
    ...(from !== null && changeTexts(changes).length === 0
      ? [style.dim(`nothing known changed since ${visible(from.name)}`)]
      : []),
    ...(run.reason ? [`reason: ${visible(run.reason)}`] : []),
    ...(run.verdict
      ? [`${verdictColour(run.verdict, style)(run.verdict)}${run.verdictWhy ? `: ${visible(run.verdictWhy)}` : ''}`]
      : []),
    ...run.notes.flatMap(({ text }) => visibleLines(text)).map((line) => style.dim(line)),
  ];
  return [
    ...(attempts.length > 0 ? attemptLines(attempts, options) : []),
    `${style.bold(visible(run.name.full))}  ${facts.join('  ')}  ${style.dim(run.id.slice(0, 10))}`,
    ...body.flatMap((text) => wrap(text, columns - 2).map((line) => `  ${line}`)),
  ];
}

/** `2 attempts: out-of-memory, interrupted`. */
function attemptLines(attempts: readonly Run[], { style }: HistoryPageOptions): string[] {
  const why = attempts.map(({ diagnosis, status }) => visible(diagnosis?.code ?? status));
  return [style.dim(`${plural(attempts.length, 'attempt')}: ${why.join(', ')}`)];
}

/** What changed, each in a few words, the most important first. */
export function changeTexts(changes: readonly Change[]): string[] {
  return changes
    .filter(({ partOf }) => partOf === null)
    .flatMap((each) => {
      const text = changesLine([each], Number.POSITIVE_INFINITY);
      if (text === '') return [];
      const parts = partsText(changes.filter(({ partOf, area }) => area === each.area && partOf === each.subject));
      return each.kind === 'changed' && parts !== '' ? [`${text}: ${parts}`] : [text];
    });
}

const fewParts = 4;

/** The files of a repository, and the tags of captions that came and went most. */
function partsText(parts: readonly Change[]): string {
  const files = parts.filter(({ area, effective }) => area === 'code' && effective);
  const terms = parts.filter(({ subject }) => subject.startsWith('caption term '));
  const count = (value: ConfigValue) => (typeof value === 'number' ? value : 0);
  const grown = ({ before, after }: Change) => count(after) - count(before);
  const sorted = terms.toSorted((a, b) => Math.abs(grown(b)) - Math.abs(grown(a)));
  const texts = [
    ...files.map((each) => subjectText(each)),
    ...sorted.map((each) => `${grown(each) > 0 ? '+' : '−'}${subjectText(each)}`),
  ];
  const more = texts.length > fewParts ? ` … and ${texts.length - fewParts} more` : '';
  return texts.slice(0, fewParts).join(', ') + more;
}

function unknownText(changes: readonly Change[], style: Style): string[] {
  const subjects = [
    ...new Set(
      changes.filter(({ kind, effective }) => kind === 'unknown' && effective).map(({ subject }) => visible(subject)),
    ),
  ];
  if (subjects.length === 0) return [];
  const more = subjects.length > 6 ? ` and ${subjects.length - 6} more` : '';
  return [style.dim(`not known: ${subjects.slice(0, 6).join(', ')}${more}`)];
}

/** A setting's value in a table. */
export function valueText(value: ConfigValue): string {
  if (typeof value === 'number') return number(value);
  if (value === null) return 'unset';
  return truncateMiddle(visible(typeof value === 'string' ? value : JSON.stringify(value)), 40);
}
