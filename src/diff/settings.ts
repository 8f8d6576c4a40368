/** The effective configuration of two runs, by meaning: wherever a value was written, it is the same value. */
import { posix } from 'node:path';
import type { ConfigValue, Setting, SettingSource } from '../model/facts.ts';
import { type Change, type Compared, change } from './change.ts';
import { isNothing, pairsOf, sameValue } from './value.ts';

/** What a dataset's or subset's key is called as an option, where it is not the same. */
const optionNames: Readonly<Record<string, string>> = {
  batch_size: 'train_batch_size',
  num_repeats: 'dataset_repeats',
};

/**
 * Compares what was configured, until both trainers have confirmed what they used; then also what they
 * chose by themselves (a seed). Paths of files and dataset directories have no effect here: what lies
 * there is compared by `files` and `dataset`.
 */
export function compareSettings(a: Compared, b: Compared): Change[] {
  const asConfigured = !isConfirmed(a) || !isConfirmed(b);
  const before = tableOf(a, asConfigured);
  const after = tableOf(b, asConfigured);
  const changes: Change[] = [];
  for (const key of new Set([...before.keys(), ...after.keys()])) {
    changes.push(...compareKey(key, before, after));
  }
  return changes;
}

interface Entry {
  value: ConfigValue;
  effective: boolean;
  isDefault: boolean;
  /** Why a trainer passes over it. */
  ignored: string | null;
  known: boolean;
  source: SettingSource;
  /** What it hides: values of lower precedence that were written somewhere. */
  hidden: ConfigValue[];
}

type Table = Map<string, Entry>;

function isConfirmed({ run }: Compared): boolean {
  return run.settings.some(({ source }) => source.kind === 'confirmed');
}

function tableOf({ run }: Compared, asConfigured: boolean): Table {
  const table: Table = new Map();
  const places = placesOf(run);
  const names = subsetNames(run.settings, run.cwd);
  for (const setting of run.settings) {
    const inForce = asConfigured && setting.source.kind === 'confirmed' ? setting.shadowed?.[0] : setting;
    if (inForce === undefined) continue;
    const { value, source } = inForce;
    const text = typeof value === 'string' ? value : null;
    const isPlace = text !== null && text !== '' && places.has(posix.resolve(run.cwd, text));
    table.set(withNames(setting.key, names), {
      value: isPlace ? posix.resolve(run.cwd, text) : value,
      effective: setting.effective && !isPlace,
      isDefault: source.kind === 'default',
      ignored: setting.ignored ?? null,
      known: setting.known,
      source,
      hidden: hiddenBy(setting, inForce !== setting),
    });
  }
  return table;
}

function hiddenBy({ shadowed = [] }: Setting, isInForce: boolean): ConfigValue[] {
  return shadowed.slice(isInForce ? 1 : 0).flatMap(({ value, source }) => (source.kind === 'default' ? [] : [value]));
}

/** Paths whose content is compared elsewhere. */
function placesOf({ cwd, files, dataset }: Compared['run']): Set<string> {
  const paths = [...files.map(({ path }) => path), ...(dataset?.roots.map(({ path }) => path) ?? [])];
  return new Set(paths.map((path) => posix.resolve(cwd, path)));
}

const subsetKey = /^(datasets\[\d+\]\.)subsets\[(\d+)\]\./;

/** Subsets are known by what they read, not by their place in the file. */
function subsetNames(settings: readonly Setting[], cwd: string): Map<string, string> {
  const names = new Map<string, string>();
  const taken = new Set<string>();
  for (const { key, value } of settings) {
    const subset = subsetKey.exec(key);
    if (subset === null || !/\.(?:image_dir|metadata_file)$/.test(key) || typeof value !== 'string') continue;
    if (names.has(subset[0])) continue;
    const place = posix.resolve(cwd, value);
    let name = `${subset[1]}subsets[${posix.basename(place)}].`;
    for (let n = 2; taken.has(name); n++) name = `${subset[1]}subsets[${posix.basename(place)}~${n}].`;
    taken.add(name);
    names.set(subset[0], name);
  }
  return names;
}

function withNames(key: string, names: ReadonlyMap<string, string>): string {
  const subset = subsetKey.exec(key)?.[0];
  const name = subset === undefined ? undefined : names.get(subset);
  return name === undefined ? key : name + key.slice(subset!.length);
}

function compareKey(key: string, before: Table, after: Table): Change[] {
  const a = before.get(key) ?? beneath(key, before);
  const b = after.get(key) ?? beneath(key, after);
  if (sameValue(a?.value, b?.value)) return a && b ? comparePlaces(key, before.get(key), after.get(key)) : [];
  // A default that only one version of Spoor knew is no change.
  if ((a === undefined && b?.isDefault) || (b === undefined && a?.isDefault)) return [];
  const effective = acts(a, b);
  const remark = [a, b].find((each) => each !== undefined && (each.ignored !== null || !each.known));
  const detail =
    effective || remark === undefined
      ? null
      : remark.ignored === null
        ? 'the trainer does not know it'
        : `ignored: ${remark.ignored}`;
  const pairs = comparePairs(key, a?.value, b?.value, effective);
  if (pairs !== null) return pairs;
  return [difference(key, a?.value, b?.value, effective, detail)];
}

/** Begins the detail of a change of a value that another one hides. */
export const hiddenDetail = 'hidden by ';

/** Where the same value stands, and what it hides. */
function comparePlaces(key: string, a: Entry | undefined, b: Entry | undefined): Change[] {
  if (a === undefined || b === undefined) return [];
  const same = { before: a.value, after: b.value, effective: false };
  const [from, to] = [placeOf(a.source), placeOf(b.source)];
  const moved = from === to ? [] : [change('arguments', 'renamed', key, { ...same, detail: `moved: ${from} → ${to}` })];
  if (sameValue(a.hidden, b.hidden)) return moved;
  const hidden = { before: a.hidden[0] ?? null, after: b.hidden[0] ?? null, effective: false };
  return [...moved, change('arguments', 'changed', key, { ...hidden, detail: `${hiddenDetail}${to}` })];
}

function placeOf({ kind, file }: SettingSource): string {
  switch (kind) {
    case 'argument':
      return 'command line';
    case 'confirmed':
      return 'chosen by the trainer';
    case 'default':
    case 'environment':
      return kind;
    default:
      return file === undefined ? kind : posix.basename(file);
  }
}

/** A dataset that does not set a key has what the command line or configuration says. */
function beneath(key: string, table: Table): Entry | undefined {
  const inner = /^datasets\[\d+\]\.(?:subsets\[.*\]\.)?(\w+)$/.exec(key)?.[1];
  return inner === undefined ? undefined : table.get(optionNames[inner] ?? inner);
}

/** Where one of the two is passed over because each dataset sets it, the datasets' own keys are compared. */
function acts(a: Entry | undefined, b: Entry | undefined): boolean {
  const isHidden = [a, b].some((each) => each?.ignored?.startsWith('dataset_config sets'));
  return !isHidden && ((a?.effective ?? false) || (b?.effective ?? false));
}

/** Each `name=value` by itself. */
function comparePairs(
  key: string,
  before: ConfigValue | undefined,
  after: ConfigValue | undefined,
  effective: boolean,
): Change[] | null {
  const a = isNothing(before) ? new Map<string, ConfigValue>() : pairsOf(before);
  const b = isNothing(after) ? new Map<string, ConfigValue>() : pairsOf(after);
  if (a === null || b === null) return null;
  const names = [...new Set([...a.keys(), ...b.keys()])];
  return names
    .filter((name) => !(a.has(name) && b.has(name) && sameValue(a.get(name), b.get(name))))
    .map((name) => difference(`${key}.${name}`, a.get(name), b.get(name), effective, null));
}

function difference(
  subject: string,
  before: ConfigValue | undefined,
  after: ConfigValue | undefined,
  effective: boolean,
  detail: string | null,
): Change {
  const kind = isNothing(before) ? 'added' : isNothing(after) ? 'removed' : 'changed';
  return change('arguments', kind, subject, { before: before ?? null, after: after ?? null, effective, detail });
}
