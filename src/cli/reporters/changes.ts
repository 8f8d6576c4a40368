/** Changes in a few words: `unet_lr 1e-4→2e-4`, `+12 images`, `sd-scripts dirty`. */
import type { Change } from '../../diff/change.ts';
import { anotherContent } from '../../diff/files.ts';
import type { ConfigValue } from '../../model/facts.ts';
import { cells, number, plural, truncateMiddle, visible } from '../text.ts';

/**
 * The changes that people look for, the most important first, in at most `width` cells; what does not
 * fit is counted. Empty where there are none.
 */
export function changesLine(changes: readonly Change[], width: number): string {
  const texts = changes.filter(isTold).map(changeText);
  let line = '';
  for (const [index, text] of texts.entries()) {
    const longer = index === 0 ? text : `${line}, ${text}`;
    const rest = texts.length - index - 1;
    const room = width - (rest === 0 ? 0 : cells(moreText(rest)));
    if (cells(longer) > room) {
      return index === 0
        ? `${truncateMiddle(text, Math.max(room, 1))}${rest === 0 ? '' : moreText(rest)}`
        : line + moreText(rest + 1);
    }
    line = longer;
  }
  return line;
}

const moreText = (count: number) => ` … and ${count} more`;

/** Prompts do not train, but samples of other prompts cannot be compared. */
function isTold({ effective, kind, area }: Change): boolean {
  return (effective && kind !== 'unknown') || (area === 'prompts' && kind === 'changed');
}

function changeText(change: Change): string {
  switch (change.area) {
    case 'dataset':
      return datasetText(change);
    case 'code':
      return codeText(change);
    case 'prompts':
      return 'other sample prompts';
    case 'model':
      return placeText(change);
    default:
      return change.detail?.startsWith(anotherContent) ? placeText(change) : valuesText(change);
  }
}

function valuesText({ kind, subject, before, after }: Change): string {
  // What a network takes is known by its own name: `conv_dim`.
  const name = visible(subject.replace(/^(?:network|optimizer)_args\./, ''));
  if (before === null && after === null) return `${name} ${kind}`;
  if (kind === 'added') return after === true ? `+${name}` : `+${name} ${valueText(after)}`;
  if (kind === 'removed') return `−${name}`;
  return `${name} ${valueText(before)}→${valueText(after)}`;
}

function datasetText({ kind, subject, before, after }: Change): string {
  const count = (value: ConfigValue) => (typeof value === 'number' ? value : 0);
  const what = (value: ConfigValue) =>
    /s$/.test(subject) && subject !== 'metadata'
      ? plural(count(value), subject.slice(0, -1), subject)
      : `${count(value)} ${subject}`;
  if (subject === 'dataset') return kind === 'added' ? `+dataset of ${plural(count(after), 'image')}` : 'no dataset';
  if (subject === 'content') return 'other images or captions';
  if (/^repeats/.test(subject)) return `${visible(subject)} ${valueText(before)}→${valueText(after)}`;
  if (kind === 'added') return `+${what(after)}`;
  if (kind === 'removed') return `−${what(before)}`;
  if (typeof before === 'number' && typeof after === 'number' && before !== after) {
    return before < after ? `+${what(after - before)}` : `−${what(before - after)}`;
  }
  return `${what(after)} changed`;
}

function codeText({ kind, subject, before, after, detail }: Change): string {
  const name = visible(subject);
  if (kind === 'added') return `+${name}`;
  if (kind === 'removed') return `−${name}`;
  if (subject === 'script') return `${valueText(before)}→${valueText(after)}`;
  if (detail !== null && /^\d+ files?$/.test(detail)) return `${name} ${detail} changed`;
  if (detail !== null && detail !== 'dirty') return `${name} ${detail}`;
  const commit = (value: ConfigValue) => String(value).replace(/ \(dirty\)$/, '');
  return commit(before) === commit(after) ? `${name} dirty` : `${name} ${valueText(before)}→${valueText(after)}`;
}

/** Of paths the last parts; where those are equal the content differs. */
function placeText({ subject, kind, before, after }: Change): string {
  const name = (value: ConfigValue) => visible(String(value).split('/').at(-1) ?? '');
  if (kind === 'added') return `+${visible(subject)} ${name(after)}`;
  if (kind === 'removed') return `−${visible(subject)}`;
  return name(before) === name(after) ? `another ${name(after)}` : `${visible(subject)} ${name(before)}→${name(after)}`;
}

/** Longer values are cut in their middle. */
const longestValue = 24;

function valueText(value: ConfigValue): string {
  if (typeof value === 'number') return number(value);
  if (value === null) return 'unset';
  const text = typeof value === 'string' ? value.replace(/^int:/, '') : JSON.stringify(value);
  return truncateMiddle(visible(text), longestValue);
}
