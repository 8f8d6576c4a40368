/** Every setting: where it stands in the file, what it is for, and how it is read. Receivers have a file of their own. */
import { keptCheckpoints, type Settings, stopReasons } from '../../model/settings.ts';
import { atLeast, bytes, listOf, oneOf, type Read, sizeText, text } from './values.ts';

/** What kind of field a page has for it. */
export type Form =
  | { kind: 'number'; least: number }
  | { kind: 'size' }
  | { kind: 'text' }
  | { kind: 'choice' | 'choices'; choices: readonly string[] };

export interface Declared<T = unknown> {
  section: string;
  key: string;
  form: Form;
  read: Read<T>;
  get(settings: Settings): T;
  set(settings: Settings, value: T): void;
  /** As it would stand in the file. */
  show(value: T): string;
}

interface Kind<T> {
  form: Form;
  read: Read<T>;
  show?: (value: T) => string;
}

function declare<S extends keyof Settings, K extends keyof Settings[S]>(
  section: S,
  key: string,
  field: K,
  { form, read, show = (value) => JSON.stringify(value) }: Kind<Settings[S][K]>,
): Declared {
  const declared: Declared<Settings[S][K]> = {
    section,
    key,
    form,
    read,
    get: (settings) => settings[section][field],
    set: (settings, value) => {
      settings[section][field] = value;
    },
    show,
  };
  return declared as Declared;
}

const size: Kind<number> = { form: { kind: 'size' }, read: bytes, show: (value) => JSON.stringify(sizeText(value)) };
const number = (least: number): Kind<number> => ({ form: { kind: 'number', least }, read: atLeast(least) });
const choice = <T extends string>(choices: readonly T[]): Kind<T> => ({
  form: { kind: 'choice', choices },
  read: oneOf(choices),
});
const choices = <T extends string>(all: readonly T[]): Kind<T[]> => ({
  form: { kind: 'choices', choices: all },
  read: listOf(all),
});
const price: Kind<number | null> = {
  form: { kind: 'number', least: 0 },
  read: atLeast(0),
  show: (value) => (value === null ? 'not set' : String(value)),
};

export const declared: readonly Declared[] = [
  declare('notify', 'stall_after', 'stallAfter', number(2)),
  declare('notify', 'disk_below', 'diskBelow', size),
  declare('stop', 'on', 'on', choices(stopReasons)),
  declare('keep', 'samples_budget', 'samplesBudget', size),
  declare('keep', 'checkpoints', 'checkpoints', choice(keptCheckpoints)),
  declare('price', 'per_gpu_hour', 'perGpuHour', price),
  declare('price', 'currency', 'currency', { form: { kind: 'text' }, read: text }),
  declare('limits', 'untracked_file', 'untrackedFile', size),
  declare('limits', 'untracked_total', 'untrackedTotal', size),
  declare('limits', 'tracked_file', 'trackedFile', size),
  declare('limits', 'dataset_images', 'datasetImages', size),
];
