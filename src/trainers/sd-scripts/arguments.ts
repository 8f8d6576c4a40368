/** The command line as Python's argparse would read it (allow_abbrev, `nargs="*"`, last one wins). */
import type { ConfigValue } from '../../model/facts.ts';
import type { Option } from './option.ts';
import { intOrFloat, pythonFloat, pythonInt } from './python-values.ts';

export interface Arguments {
  /** By option name, in order of first appearance; the last value wins, earlier ones first in `overridden`. */
  given: Map<string, { value: ConfigValue; overridden: ConfigValue[] }>;
  /** Why argparse would print its usage and exit with 2. */
  problems: Problem[];
}

export interface Problem {
  /** As argparse words it. */
  message: string;
  /** The word that is wrong, for a suggestion. */
  word: string;
  /** What the value may be, where only some are taken. */
  choices?: readonly (string | number)[];
}

export function readArguments(args: readonly string[], options: ReadonlyMap<string, Option>): Arguments {
  const result: Arguments = { given: new Map(), problems: [] };
  const words = classify(args, options);
  for (let at = 0; at < words.length; at++) {
    const word = words[at]!;
    if (word.kind === 'end') continue;
    if (word.kind !== 'option') {
      const message = word.kind === 'ambiguous' ? word.message! : `unrecognized arguments: ${word.text}`;
      result.problems.push({ message, word: word.text });
      continue;
    }
    const option = options.get(word.name!)!;
    const values: string[] = [];
    if (word.glued !== undefined) values.push(word.glued);
    else if (option.type !== 'flag') {
      while (words[at + 1]?.kind === 'value' && (option.list || values.length === 0)) values.push(words[++at]!.text);
    }
    store(result, word.name!, option, values, word.glued !== undefined);
  }
  return result;
}

interface Word {
  kind: 'option' | 'value' | 'unknown' | 'ambiguous' | 'end';
  text: string;
  name?: string;
  /** After `=`. */
  glued?: string;
  message?: string;
}

function classify(args: readonly string[], options: ReadonlyMap<string, Option>): Word[] {
  const end = args.indexOf('--');
  return args.map((text, index): Word => {
    if (end >= 0 && index === end) return { kind: 'end', text };
    if ((end >= 0 && index > end) || !text.startsWith('-') || text === '-') return { kind: 'value', text };
    if (text.startsWith('--')) {
      const equals = text.indexOf('=');
      const written = equals < 0 ? text.slice(2) : text.slice(2, equals);
      const glued = equals < 0 ? {} : { glued: text.slice(equals + 1) };
      if (options.has(written)) return { kind: 'option', text, name: written, ...glued };
      const names = [...options.keys(), 'help'].filter((name) => name.startsWith(written));
      if (names.length > 1) {
        const message = `ambiguous option: ${text} could match ${names.map((name) => `--${name}`).join(', ')}`;
        return { kind: 'ambiguous', text, message };
      }
      if (names.length === 1 && names[0] !== 'help') return { kind: 'option', text, name: names[0]!, ...glued };
    }
    if (/^-\d+$|^-\d*\.\d+$/.test(text) || text.includes(' ')) return { kind: 'value', text };
    return { kind: 'unknown', text };
  });
}

function store(result: Arguments, name: string, option: Option, values: string[], glued: boolean): void {
  const problem = (message: string, word: string) =>
    result.problems.push({ message: `argument --${name}: ${message}`, word });
  if (option.type === 'flag') {
    if (glued) problem(`ignored explicit argument '${values[0]}'`, `--${name}=${values[0]}`);
    else keep(result, name, true);
    return;
  }
  if (values.length === 0 && !option.list) {
    problem('expected one argument', `--${name}`);
    return;
  }
  const converted: ConfigValue[] = [];
  for (const text of values) {
    const value = convert(text, option.type);
    if (value === undefined) problem(`invalid ${option.type.replaceAll('-', '_')} value: '${text}'`, text);
    else if (isOutside(option.choices, value)) {
      const choices = option.choices!.map((each) => (typeof each === 'string' ? `'${each}'` : each)).join(', ');
      const shown = typeof value === 'string' ? `'${value}'` : value;
      const message = `argument --${name}: invalid choice: ${shown} (choose from ${choices})`;
      result.problems.push({ message, word: text, choices: option.choices! });
    } else converted.push(value);
  }
  if (converted.length === values.length) keep(result, name, option.list ? converted : converted[0]!);
}

/** Whether a value is none of those that are taken. */
export function isOutside(choices: Option['choices'], value: ConfigValue): boolean {
  return choices !== undefined && !choices.some((each) => each === value);
}

function keep(result: Arguments, name: string, value: ConfigValue): void {
  const before = result.given.get(name);
  const overridden = before === undefined ? [] : [before.value, ...before.overridden];
  result.given.set(name, { value, overridden });
}

function convert(text: string, type: Option['type']): ConfigValue | undefined {
  if (type === 'int') return pythonInt(text);
  if (type === 'float') return pythonFloat(text);
  if (type === 'int-or-float') return intOrFloat(text);
  return text;
}
