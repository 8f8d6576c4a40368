import { nearest } from '../../catalog/nearest.ts';
import type { ConfigFile } from '../../model/config-file.ts';
import type { ConfigValue, Warning } from '../../model/facts.ts';
import { defaultSettings, type Settings } from '../../model/settings.ts';
import { declared } from './declared.ts';
import { type ReceiverFault, readReceiver, runsProgram } from './receiver.ts';

export interface ReadSettings {
  /** All that could be understood; defaults for the rest. */
  settings: Settings;
  /** The file, whether it is there or not. */
  file: string;
  exists: boolean;
  /** Null without one, or where it cannot be read. */
  bytes: Uint8Array | null;
  /** 1-based line of each setting and receiver that the file has: `keep.samples_budget`, `notify.phone`. */
  lines: Map<string, number>;
  problems: Warning[];
  /** The same, each at its setting. */
  faults: Fault[];
  /** Receivers that the file has and that cannot be used: the type that it gives them, and whether they may run a program. */
  unusable: { name: string; type: string | null; runs: boolean }[];
}

export interface Fault {
  /** `keep.checkpoints`, `notify.phone.url`; null where it is the whole file. */
  at: string | null;
  message: string;
  hint: string;
}

/** What a settings file says; whatever is wrong in it is told, and leaves the rest alone. */
export function interpretSettings({ path, value, error, lines }: ConfigFile, bytes: Uint8Array): ReadSettings {
  const read: ReadSettings = {
    settings: structuredClone(defaultSettings),
    file: path,
    exists: true,
    bytes,
    lines: new Map(),
    problems: [],
    faults: [],
    unusable: [],
  };
  if (value === null) {
    tell(
      read,
      null,
      null,
      `cannot be understood: ${error}`,
      'Until it is mended all settings are as if it were not there.',
    );
    return read;
  }
  for (const [section, table] of Object.entries(value)) takeSection(read, section, table, lines);
  return read;
}

const sections = [...new Set(declared.map(({ section }) => section))];

function takeSection(read: ReadSettings, section: string, table: ConfigValue, lines: ReadonlyMap<string, number>) {
  const line = lineOf(lines, section);
  if (!sections.includes(section)) {
    const what = isTable(table) ? `there is no section [${section}]` : `${section} stands outside any section`;
    return tell(
      read,
      section,
      line,
      what,
      meant(section, sections, (name) => `[${name}]`),
    );
  }
  if (!isTable(table))
    return tell(read, section, line, `${section} is a section, not a setting`, `Begin it with [${section}]`);
  const known = declared.filter((each) => each.section === section);
  for (const [key, value] of Object.entries(table)) {
    const at = `${section}.${key}`;
    const its = known.find((each) => each.key === key);
    const place = lineOf(lines, at);
    if (its) {
      try {
        its.set(read.settings, its.read(value));
        read.lines.set(at, place ?? 0);
      } catch (error) {
        tell(read, at, place, `${at} cannot be ${shown(value)}`, `It takes ${(error as Error).message}.`);
      }
    } else if (section === 'notify' && isTable(value)) takeReceiver(read, key, value, lines);
    else {
      const names = known.map((each) => each.key);
      tell(read, at, place, `[${section}] has no setting ${key}`, meant(key, names));
    }
  }
}

function takeReceiver(
  read: ReadSettings,
  name: string,
  table: Record<string, ConfigValue>,
  lines: ReadonlyMap<string, number>,
): void {
  const at = `notify.${name}`;
  const { receiver, faults } = readReceiver(name, table);
  if (receiver) {
    read.settings.notify.receivers.push(receiver);
    read.lines.set(at, lineOf(lines, at) ?? 0);
  } else {
    const type = typeof table.type === 'string' ? table.type : null;
    read.unusable.push({ name, type, runs: runsProgram(table) });
  }
  for (const fault of faults) {
    const its = `${at}.${fault.key}`;
    tell(read, its, lineOf(lines, its, at), ...faultText(name, table, fault));
  }
}

function faultText(
  name: string,
  table: Record<string, ConfigValue>,
  { key, kind, wants, known }: ReceiverFault,
): [message: string, hint: string] {
  if (kind === 'missing') return [`[notify.${name}] has no ${key}`, 'docs/settings.md shows each type of receiver.'];
  if (kind === 'unknown') return [`[notify.${name}] has no setting ${key}`, meant(key, known)];
  // The value may be a secret.
  const value = key === 'type' || key === 'on' ? ` ${shown(table[key] ?? null)}` : ' this';
  return [`notify.${name}.${key} cannot be${value}`, `It takes ${wants}.`];
}

function tell(
  { file, problems, faults }: ReadSettings,
  at: string | null,
  line: number | null,
  what: string,
  hint: string,
): void {
  faults.push({ at, message: what, hint });
  problems.push({ code: 'bad-settings', message: `${file}${line ? `:${line}` : ''}: ${what}`, hint });
}

function meant(word: string, names: readonly string[], write = (name: string) => name): string {
  const [name] = nearest(word, names, 1);
  return name === undefined
    ? `There are ${names.map(write).join(', ')}; docs/settings.md describes them.`
    : `Did you mean ${write(name)}?`;
}

/** The line of a key, else of the first key below it, else of `otherwise`. */
function lineOf(lines: ReadonlyMap<string, number>, path: string, otherwise?: string): number | null {
  const own = lines.get(path);
  if (own !== undefined) return own;
  const below = [...lines].filter(([key]) => key.startsWith(`${path}.`) || key.startsWith(`${path}[`));
  if (below.length > 0) return Math.min(...below.map(([, line]) => line));
  return otherwise === undefined ? null : lineOf(lines, otherwise);
}

function shown(value: ConfigValue): string {
  const whole = JSON.stringify(value);
  return whole.length > 60 ? `${whole.slice(0, 59)}…` : whole;
}

function isTable(value: ConfigValue): value is Record<string, ConfigValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
