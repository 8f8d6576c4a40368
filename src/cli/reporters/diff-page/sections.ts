import type { Change } from '../../../diff/change.ts';
import { anotherContent } from '../../../diff/files.ts';
import { cells, truncate, truncateMiddle, wrap } from '../../text.ts';
import type { Page } from '../run-page/page.ts';
import { besideTraining, groups, isCounted, subjectText, valuesText } from './words.ts';

/** Parts of one change that are shown unless all are asked for. */
const fewParts = 12;
/** Cells that subjects take at most before their values. */
const widestSubject = 30;

/** Whether it is told in its area's section and not below, with what has no effect or is unknown. */
export function isShown({ effective, kind, area, partOf }: Change, all: boolean): boolean {
  if (kind === 'unknown') return false;
  return effective || all || (besideTraining.has(area) && (partOf !== null || kind !== 'renamed'));
}

export function changeSections(page: Page, changes: readonly Change[]): void {
  for (const { title, areas } of groups) {
    const inArea = changes.filter(({ area }) => areas.includes(area));
    const whole = inArea.filter((each) => each.partOf === null && isShown(each, page.all));
    const subjects = new Set(inArea.filter(({ partOf }) => partOf === null).map(({ subject }) => subject));
    const shown = new Set(whole.map(({ subject }) => subject));
    const width = Math.min(widestSubject, Math.max(0, ...whole.map((each) => cells(subjectText(each)))));
    const lines: string[] = [];
    const told = new Set<string>();
    for (const each of whole) {
      const alike = isCounted(each) ? whole.filter(({ subject }) => subject === each.subject) : [each];
      if (alike.at(-1) !== each) continue;
      lines.push(...(isCounted(each) ? countsRow(page, alike, width) : row(page, each, width)));
      if (told.has(each.subject)) continue;
      // Below the last row of its subject.
      if (whole.findLast(({ subject }) => subject === each.subject) !== each) continue;
      told.add(each.subject);
      lines.push(
        ...parts(
          page,
          inArea.filter(({ partOf }) => partOf === each.subject),
        ),
      );
    }
    const orphans = inArea.filter(({ partOf }) => partOf !== null && !subjects.has(partOf) && !shown.has(partOf));
    page.section(title, [...lines, ...parts(page, orphans)]);
  }
}

/** `unet_lr  1e-4 → 2e-4`, and what there is to say beside it. */
function row(page: Page, change: Change, width: number): string[] {
  const { style } = page;
  const name = truncateMiddle(subjectText(change), Math.max(width, 8));
  const paint = change.effective ? (change.area === 'code' ? style.cyan : style.bold) : style.dim;
  const left = paint(name) + ' '.repeat(Math.max(0, width - cells(name)));
  const values = valuesLine(page, change, page.room - width - 2);
  const detail = detailOf(change);
  const one = `${left}  ${values}${detail === null ? '' : `${values === '' ? '' : '  '}${style.dim(detail)}`}`;
  if (cells(one) <= page.room || detail === null) return [one.trimEnd()];
  return [`${left}  ${values}`.trimEnd(), ...below(page, detail, '    ').map(style.dim)];
}

/** `captions  75 changed, 15 added, 4 removed` */
function countsRow(page: Page, changes: readonly Change[], width: number): string[] {
  const { style } = page;
  const paints = {
    changed: style.yellow,
    added: style.green,
    removed: style.red,
    renamed: style.dim,
    unknown: style.dim,
  };
  const texts = order.flatMap((kind) =>
    changes
      .filter((each) => each.kind === kind)
      .map((each) => {
        const { before, after } = valuesText(each);
        const count = before !== null && after !== null ? `${before} → ${after}` : (after ?? before);
        const why = each.effective || each.detail === null ? '' : style.dim(` ${each.detail}`);
        return paints[kind](`${count} ${kind}`) + why;
      }),
  );
  const name = subjectText(changes[0]!);
  const paint = changes.some(({ effective }) => effective) ? style.bold : style.dim;
  return [`${paint(name)}${' '.repeat(Math.max(0, width - cells(name)))}  ${texts.join(', ')}`];
}

const order = ['changed', 'added', 'removed', 'renamed', 'unknown'] as const;

function below(page: Page, text: string, indent: string): string[] {
  return wrap(text, page.room - indent.length).map((line) => indent + line);
}

/** What the values do not say. */
function detailOf({ area, detail }: Change): string | null {
  // The fields that changed are told below.
  return area === 'prompts' && detail?.startsWith(anotherContent) ? 'changed' : detail;
}

function valuesLine(page: Page, change: Change, room: number): string {
  const { style } = page;
  const { before, after } = valuesText(change);
  const isSame = before === after;
  if (before !== null && after !== null && !isSame) {
    const each = Math.max(6, Math.floor((room - 3) / 2));
    const spare = Math.max(each, room - 3 - Math.min(cells(after), each));
    const left = truncateMiddle(before, spare);
    const right = truncateMiddle(after, Math.max(6, room - 3 - cells(left)));
    return `${style.red(left)} ${style.dim('→')} ${style.green(right)}`;
  }
  const only = after ?? before;
  if (only === null) return change.kind === 'changed' ? '' : style.dim(change.kind);
  if (isSame || (before === null && change.kind === 'changed')) return truncateMiddle(only, room);
  return before === null
    ? style.green(`+ ${truncateMiddle(only, room - 2)}`)
    : style.red(`− ${truncateMiddle(only, room - 2)}`);
}

function parts(page: Page, changes: readonly Change[]): string[] {
  const shown = changes.filter((each) => page.all || each.effective || isAlwaysTold(each));
  const terms = shown.filter(({ subject }) => subject.startsWith('caption term '));
  // Commits first: they say why the files differ.
  const commits = shown.filter(isCommit);
  const others = [...commits, ...shown.filter((each) => !terms.includes(each) && !isCommit(each))];
  const few = page.all ? others : others.slice(0, fewParts);
  const more = others.length - few.length;
  const quiet = changes.filter((each) => !shown.includes(each));
  return [
    ...few.flatMap((each) => part(page, each)),
    ...(more > 0 ? [page.style.dim(`  … and ${more} more: --all`)] : []),
    ...(quiet.length > 0 ? [page.style.dim(`  ${quietText(quiet)}: --all`)] : []),
    ...termLines(page, terms),
  ];
}

function quietText(quiet: readonly Change[]): string {
  if (quiet.every(({ kind }) => kind === 'renamed')) return `${quiet.length} renamed`;
  if (quiet.every(({ area }) => area === 'code')) return `${quiet.length} more that no training reads`;
  return `${quiet.length} more without effect`;
}

/** Commits and submodules say where code came from, prompts what was drawn. */
function isAlwaysTold(change: Change): boolean {
  return (
    besideTraining.has(change.area) || isCommit(change) || (change.partOf !== null && change.detail === 'submodule')
  );
}

function isCommit({ area, partOf, subject }: Change): boolean {
  return area === 'code' && partOf !== null && subject.startsWith(`${partOf}@`);
}

const marks = { added: 'A', removed: 'D', changed: 'M', renamed: 'R', unknown: '?' } as const;

function part(page: Page, change: Change): string[] {
  const { style } = page;
  const { area, kind, partOf, detail, effective } = change;
  const room = page.room - 4;
  if (isCommit(change)) {
    const title = valuesText(change).after ?? valuesText(change).before ?? '';
    const mark = kind === 'added' ? style.green('>') : style.red('<');
    return [`  ${mark} ${style.yellow(subjectText(change))} ${truncate(title, room - subjectText(change).length - 1)}`];
  }
  const paint = { A: style.green, D: style.red, M: style.yellow, R: style.yellow, '?': style.dim }[marks[kind]];
  const lead = `  ${paint(marks[kind])} `;
  if (area === 'prompts') {
    const name = subjectText(change);
    const { before, after } = valuesText(change);
    const values = valuesLine(page, change, Math.max(20, room - cells(name) - 2));
    // Prompts read from their beginning.
    const only = before === null || after === null ? wrap(after ?? before ?? '', room - 4) : [];
    if (only.length > 1) return [`${lead}${name}`, ...only.map((line) => `      ${line}`)];
    return [`${lead}${name}  ${values}`];
  }
  const moved = kind === 'renamed' ? `${valuesText(change).before} → ${subjectText(change)}` : subjectText(change);
  const { before, after } = valuesText(change);
  const isText = area === 'dataset' && partOf === 'captions';
  const resized = before !== after && before !== null && after !== null ? `${before} → ${after}` : (after ?? before);
  const said =
    isText && kind === 'changed'
      ? detail
      : kind === 'renamed'
        ? detail
        : [isText ? null : resized, detail].filter(Boolean).join('  ');
  const name = effective ? moved : style.dim(moved);
  const text = isText && kind === 'changed' ? coloured(page, change) : style.dim(said ?? '');
  if (cells(moved) + 2 + cells(said ?? '') <= room) return [`${lead}${name}${said ? `  ${text}` : ''}`];
  const cut = truncateMiddle(moved, room);
  return [`${lead}${effective ? cut : style.dim(cut)}`, ...below(page, text, '      ')];
}

/** `+sitting −solo`, each in its colour. */
function coloured(page: Page, { detail }: Change): string {
  const { style } = page;
  return (detail ?? '').replace(/(?:^|(?<= ))([+−])(.*?)(?= [+−]|$)/g, (text, sign: string) =>
    sign === '+' ? style.green(text) : style.red(text),
  );
}

/** In how many captions tags stand, those first that changed most. */
function termLines(page: Page, terms: readonly Change[]): string[] {
  if (terms.length === 0) return [];
  const { style } = page;
  const count = (value: Change['before']) => (typeof value === 'number' ? value : 0);
  const weight = ({ before, after }: Change) => Math.abs(count(after) - count(before));
  const sorted = [...terms].sort((a, b) => weight(b) - weight(a));
  const few = page.all ? sorted : sorted.slice(0, fewParts);
  const texts = few.map((each) => {
    const [before, after] = [count(each.before), count(each.after)];
    const paint = after > before ? style.green : style.red;
    return `${truncate(subjectText(each), Math.max(8, page.room - 30))} ${style.dim(`${before} →`)} ${paint(String(after))}`;
  });
  const more = sorted.length > few.length ? [style.dim(`and ${sorted.length - few.length} more`)] : [];
  const room = page.room - termIndent.length;
  const lines = filled([...texts, ...more], room);
  return lines.map((line, at) => `${at === 0 ? `  ${style.dim('in captions')}  ` : termIndent}${line}`);
}

const termIndent = ' '.repeat('  in captions  '.length);

/** Texts beside each other, as many as fit a line. */
function filled(texts: readonly string[], room: number): string[] {
  const lines: string[] = [];
  for (const text of texts) {
    const last = lines.at(-1);
    if (last !== undefined && cells(last) + 2 + cells(text) <= room) lines[lines.length - 1] = `${last}  ${text}`;
    else lines.push(text);
  }
  return lines;
}
