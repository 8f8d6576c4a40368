/** Command line over configuration file over defaults. */

import type { ConfigFile } from '../../model/config-file.ts';
import type { ConfigValue, Setting, SettingSource, Warning } from '../../model/facts.ts';
import { type Arguments, isOutside, readArguments } from './arguments.ts';
import { nearest } from './nearest.ts';
import type { Option } from './option.ts';
import { scriptsWith } from './recognise.ts';
import type { Script } from './scripts.ts';

/** A value with where it stands. */
export interface Placed {
  value: ConfigValue;
  source: SettingSource;
}

/** Every layer of every key, the one in force first. */
export type Layers = Map<string, Placed[]>;

export interface Merged {
  layers: Layers;
  warnings: Warning[];
}

export function mergeLayers(
  script: Script,
  options: ReadonlyMap<string, Option>,
  args: readonly string[],
  file: ConfigFile | null,
): Merged {
  const layers: Layers = new Map();
  const parsed = readArguments(args, options);
  const warnings = argumentWarnings(script, parsed, options);
  for (const [key, { value, overridden }] of parsed.given) {
    const taken = [value, ...overridden].map((each) => asTaken(each, options.get(key)));
    layers.set(
      key,
      taken.map((each) => ({ value: each, source: { kind: 'argument' } })),
    );
  }
  if (file !== null) addFile(layers, warnings, script, options, file);
  for (const [key, option] of options) {
    const value = option.default ?? (option.type === 'flag' ? false : null);
    const placed: Placed = { value, source: { kind: 'default' } };
    const above = layers.get(key);
    if (above !== undefined) above.push(placed);
    else if (value !== null && value !== false) layers.set(key, [placed]);
  }
  return { layers, warnings };
}

/** One entry a key. Defaults that are `None` or off are not listed where nothing else is said. */
export function toSettings(layers: Layers, options: ReadonlyMap<string, Option>): Setting[] {
  const settings: Setting[] = [];
  for (const [key, [first, ...hidden]] of layers) {
    const option = options.get(key);
    const setting: Setting = {
      key,
      ...first!,
      effective: option !== undefined && !option.naming,
      known: option !== undefined,
    };
    if (hidden.length > 0) setting.shadowed = hidden;
    settings.push(setting);
  }
  return settings;
}

function argumentWarnings(script: Script, parsed: Arguments, options: ReadonlyMap<string, Option>): Warning[] {
  return parsed.problems.map(({ message, word, choices }) => {
    if (choices !== undefined)
      return { code: 'bad-argument', message: `${script}: error: ${message}`, hint: meant(word, choices) };
    const name = word.replace(/^--?/, '').replace(/=.*$/s, '').replaceAll('-', '_');
    const flag = name.replace(/^no_/, '');
    const hint =
      flag !== name && options.get(flag)?.type === 'flag'
        ? `Leave --${flag} out; a flag that the configuration file sets cannot be turned off on the command line.`
        : suggestion(name, script, options, '--');
    return { code: 'bad-argument', message: `${script}: error: ${message}`, hint };
  });
}

function suggestion(name: string, script: Script, options: ReadonlyMap<string, Option>, dashes: string): string | null {
  const near = options.has(name) ? name : nearest(name, options.keys());
  if (near !== null) return `Did you mean ${dashes}${near}?`;
  const others = scriptsWith(name);
  return others.length === 0 ? null : `It is an option of ${others.slice(0, 3).join(', ')}, not of ${script}.`;
}

/** One level of tables is flattened and their names are forgotten; of two equal keys the later wins. */
function addFile(
  layers: Layers,
  warnings: Warning[],
  script: Script,
  options: ReadonlyMap<string, Option>,
  file: ConfigFile,
): void {
  for (const { key, value: written, source } of flatten(file)) {
    const place = `${file.path}${source.line === undefined ? '' : `:${source.line}`}`;
    const option = options.get(key);
    const value = asTaken(written, option);
    if (option === undefined) {
      const hint = suggestion(key, script, options, '');
      const message = `${script} has no option ${JSON.stringify(key)} (${place}); it is ignored without a word`;
      warnings.push({ code: 'unknown-setting', message, hint });
    } else {
      const wrong = wrongType(key, written, option) ?? wrongChoice(key, written, option);
      if (wrong !== null) warnings.push({ ...wrong, message: `${wrong.message} (${place})` });
    }
    const existing = layers.get(key) ?? [];
    const fromFile = existing.findIndex((placed) => placed.source.kind === 'config-file');
    if (fromFile >= 0) {
      const earlier = existing[fromFile]!.source;
      const message = `${JSON.stringify(key)} stands twice in ${file.path} (lines ${earlier.line ?? '?'} and ${source.line ?? '?'}); the later one counts`;
      warnings.push({ code: 'duplicate-setting', message, hint: 'sd-scripts ignores the names of sections.' });
      existing.splice(fromFile, 0, { value, source });
    } else existing.push({ value, source });
    layers.set(key, existing);
  }
}

function* flatten(file: ConfigFile): Generator<Placed & { key: string }> {
  const at = (path: string, section?: string): SettingSource => {
    const line = file.lines.get(path);
    return {
      kind: 'config-file',
      file: file.path,
      ...(line === undefined ? {} : { line }),
      ...(section === undefined ? {} : { section }),
    };
  };
  for (const [name, value] of Object.entries(file.value ?? {})) {
    if (value === null || typeof value !== 'object' || Array.isArray(value) || isRedacted(value)) {
      yield { key: name, value, source: at(name) };
    } else {
      for (const [key, inner] of Object.entries(value as Record<string, ConfigValue>)) {
        yield { key, value: inner, source: at(`${name}.${key}`, name) };
      }
    }
  }
}

/** The form in which sd-scripts uses a value, whichever way it was written. */
function asTaken(value: ConfigValue, option: Option | undefined): ConfigValue {
  if (!option?.listOfOneIsScalar || !Array.isArray(value) || value.length > 1) return value;
  return value[0] ?? null;
}

function isRedacted(value: object): boolean {
  return typeof (value as { redacted?: unknown }).redacted === 'string' && Object.keys(value).length === 1;
}

/** argparse converts nothing that comes from the file. */
function wrongType(key: string, value: ConfigValue, option: Option): Warning | null {
  if (option.type === 'string' || value === null || (typeof value === 'object' && !Array.isArray(value))) return null;
  const values = Array.isArray(value) ? value : [value];
  if (Array.isArray(value) && !option.list) {
    const message = `${key} is a list, where one ${option.type} is expected`;
    return { code: 'wrong-type', message, hint: `Give ${key} a single value.` };
  }
  const expected = option.type === 'flag' ? 'boolean' : 'number';
  const wrong = values.find(
    (each) =>
      typeof each !== expected && !(typeof each === 'string' && each.startsWith('int:') && expected === 'number'),
  );
  if (wrong === undefined) return null;
  const quoted = JSON.stringify(wrong);
  if (option.type === 'flag') {
    return {
      code: 'wrong-type',
      message: `${key} is ${quoted}, which Python takes for true or false by its own rules`,
      hint: `Write ${key} = true or leave it out.`,
    };
  }
  return {
    code: 'wrong-type',
    message: `${key} is ${quoted}, not a number, and sd-scripts does not convert it`,
    hint: `Write ${key} without quotes.`,
  };
}

/** Nor does argparse check its choices there. */
function wrongChoice(key: string, value: ConfigValue, { choices }: Option): Warning | null {
  if (choices === undefined || !isOutside(choices, value)) return null;
  const message = `${key} is ${JSON.stringify(value)}, not one of ${choices.join(', ')}, and sd-scripts does not check it`;
  return { code: 'wrong-choice', message, hint: meant(String(value), choices) };
}

function meant(word: string, choices: readonly (string | number)[]): string {
  const near = nearest(
    word,
    choices.filter((each) => typeof each === 'string'),
  );
  return near === null ? `Choose one of ${choices.join(', ')}.` : `Did you mean ${near}?`;
}
