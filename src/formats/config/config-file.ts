/** Configuration files: bytes in, values with their places out. */
import type { ConfigFile } from '../../model/config-file.ts';
import { errorText } from '../../model/errors.ts';
import type { ConfigValue, FileRole } from '../../model/facts.ts';
import { jsonPlaces } from './json-places.ts';
import type { Places } from './places.ts';
import { maximumDepth, plainValue } from './plain-value.ts';
import { tomlPlaces } from './toml-lines.ts';

/** Bytes of the largest file that is parsed. Who reads a file for it should read no more than one byte beyond. */
export const maximumConfigBytes: Record<ConfigFile['format'], number> = {
  toml: 2 << 20,
  json: 4 << 20,
  yaml: 512 << 10,
};

export interface ConfigIdentity {
  /** Absolute. */
  path: string;
  role: FileRole;
  /** By default what the name's ending says; TOML where it says nothing. */
  format?: ConfigFile['format'] | undefined;
}

interface Parsed extends Places {
  value: ConfigValue;
}

/**
 * Never throws for what the bytes hold: `error` says what is wrong and where, and `value` is null.
 * `error` beside a value says what the trainer's own reader, Python's `toml`, will refuse.
 */
export async function parseConfig(bytes: Uint8Array, identity: ConfigIdentity): Promise<ConfigFile> {
  const { path, role, format = configFormat(path) } = identity;
  const failed = (error: string, fault: ConfigFile['fault'] = 'invalid'): ConfigFile => {
    return { role, path, format, value: null, lines: new Map(), error, fault };
  };
  const limit = maximumConfigBytes[format];
  if (bytes.byteLength > limit) return failed(tooLarge(bytes.byteLength, limit), 'too-large');
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
    const marked = text.startsWith('\uFEFF');
    const { value, lines, refused } = await parsers[format](marked ? text.slice(1) : text);
    if (!isTable(value)) return failed('it holds no table of settings');
    const error =
      marked && format !== 'yaml' ? 'it starts with a byte-order mark, which spoils its first key' : refusal(refused);
    return { role, path, format, value, lines, error, fault: null };
  } catch (error) {
    return failed(firstLine(error));
  }
}

/** What is said of a configuration that is too large to be read. */
export function tooLarge(bytes: number, limit: number): string {
  return `it has ${bytes} bytes, more than the ${limit} that Spoor reads of a configuration`;
}

export function configFormat(path: string): ConfigFile['format'] {
  if (/\.ya?ml$/i.test(path)) return 'yaml';
  return /\.jsonc?$/i.test(path) ? 'json' : 'toml';
}

/** Each library is loaded on first use: a run that has no YAML does not pay for its parser. */
const parsers: Record<ConfigFile['format'], (text: string) => Promise<Parsed> | Parsed> = {
  async toml(text) {
    const { parse } = await import('smol-toml');
    // Before the outline: this bounds the depth of its keys.
    const value = plainValue(parse(text, { integersAsBigInt: 'asNeeded', maxDepth: maximumDepth }));
    return { value, ...tomlPlaces(text) };
  },
  async yaml(text) {
    const { parseYaml } = await import('./yaml.ts');
    const { value, ...places } = parseYaml(text);
    // An empty document is `null`.
    return { value: plainValue(value ?? {}), ...places };
  },
  json(text) {
    const places = jsonPlaces(text, maximumDepth);
    if (places === null) throw new RangeError(`it is nested deeper than ${maximumDepth} levels`);
    return { value: plainValue(JSON.parse(text, exactInteger)), ...places };
  },
};

function isTable(value: ConfigValue): value is Record<string, ConfigValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function exactInteger(_key: string, value: unknown, context?: { source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source ?? '';
  return /^-?\d{1,40}$/.test(source) ? BigInt(source) : value;
}

function refusal(refused: string | null): string | null {
  return refused === null ? null : `${refused}, which Python's toml refuses`;
}

function firstLine(error: unknown): string {
  if (error instanceof TypeError) return 'it is not UTF-8';
  const { line, column } = error as { line?: unknown; column?: unknown };
  const place = typeof line === 'number' ? `line ${line}, column ${column}: ` : '';
  const text = errorText(error).split('\n', 1)[0]!.slice(0, 500);
  return place + text.replace(/^Invalid TOML document: /, '');
}
