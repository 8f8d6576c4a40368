/** What a change is called and how its values read, in plain text. */
import type { Change } from '../../../diff/change.ts';
import type { ConfigValue } from '../../../model/facts.ts';
import { number, plural, size, visible } from '../../text.ts';

/** Areas as a page groups them. */
export const groups: readonly { title: string; areas: readonly Change['area'][] }[] = [
  { title: 'Settings', areas: ['arguments', 'config'] },
  { title: 'Dataset', areas: ['dataset'] },
  { title: 'Model', areas: ['model'] },
  { title: 'Code', areas: ['code'] },
  { title: 'Prompts', areas: ['prompts'] },
  { title: 'Script', areas: ['script'] },
  { title: 'Environment', areas: ['hardware', 'environment'] },
];

/** They draw samples and start trainings: shown, though they change no weights. */
export const besideTraining: ReadonlySet<Change['area']> = new Set(['prompts', 'script']);

/** Of a part, without what it is a part of. */
export function subjectText({ subject, partOf, area }: Change): string {
  if (partOf === null) return visible(subject);
  if (area === 'code' && subject.startsWith(partOf)) return visible(subject.slice(partOf.length + 1));
  return visible(subject.replace(/^caption term /, ''));
}

/** `2 changed`: a number of files, and what became of them. */
export function isCounted({ area, partOf, kind, subject }: Change): boolean {
  return area === 'dataset' && partOf === null && counted.has(subject) && kind !== 'unknown';
}

const counted = new Set(['images', 'captions', 'metadata']);

export interface Values {
  before: string | null;
  after: string | null;
}

/** Null where there is nothing, or nothing that a person reads. */
export function valuesText(change: Change): Values {
  const { before, after, area, partOf, kind } = change;
  const isBytes = (area === 'code' && partOf !== null) || (area === 'dataset' && partOf === 'images');
  const text = (value: ConfigValue) =>
    value === null ? null : isBytes && typeof value === 'number' ? size(value) : valueText(value);
  const values = { before: text(before), after: text(after) };
  // Another content at the same place: the place is no news.
  if (kind === 'changed' && (area === 'prompts' || area === 'script' || area === 'config') && before === after) {
    return { before: null, after: null };
  }
  // As many before as after: how many is all there is to say.
  const isCount = area === 'dataset' && partOf === null && kind === 'changed' && before === after;
  return isCount ? { before: null, after: values.after } : values;
}

export function valueText(value: ConfigValue): string {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'string') return value === '' ? '""' : visible(value.replace(/^int:/, ''));
  if (isPrompt(value)) return promptText(value);
  return visible(JSON.stringify(value));
}

type Prompt = { prompt: string } & Record<string, ConfigValue>;

function isPrompt(value: ConfigValue): value is Prompt {
  return (
    value !== null && typeof value === 'object' && !Array.isArray(value) && typeof (value as Prompt).prompt === 'string'
  );
}

function promptText({ prompt, ...fields }: Prompt): string {
  const more = Object.entries(fields).map(([name, value]) => `${name} ${valueText(value)}`);
  return visible([prompt, ...more].join(' · '));
}

/** `3 images renamed`: the others of them may have an effect. */
function foldedName(change: Change): string {
  if (!isCounted(change)) return visible(change.subject);
  const { subject, before, after, kind } = change;
  return `${plural(Number(after ?? before), subject.replace(/s$/, ''), subject)} ${kind}`;
}

/** `12 without effect: output_name, output_dir, …`. */
export function foldedText(changes: readonly Change[]): string {
  const names = [...new Set(changes.map(foldedName))];
  return `${plural(changes.length, 'change')} without effect: ${names.join(', ')}`;
}
