/** Every setting: where it stands in the file, what it is for, and how it is read. Receivers have a file of their own. */
import { keptCheckpoints, type Settings, stopReasons } from '../../model/settings.ts';
import { atLeast, bytes, listOf, oneOf, type Read, sizeText, text } from './values.ts';

export interface Declared<T = unknown> {
  section: string;
  key: string;
  read: Read<T>;
  get(settings: Settings): T;
  set(settings: Settings, value: T): void;
  /** As it would stand in the file. */
  show(value: T): string;
}

function declare<S extends keyof Settings, K extends keyof Settings[S]>(
  section: S,
  key: string,
  field: K,
  read: Read<Settings[S][K]>,
  show: (value: Settings[S][K]) => string = (value) => JSON.stringify(value),
): Declared {
  const declared: Declared<Settings[S][K]> = {
    section,
    key,
    read,
    get: (settings) => settings[section][field],
    set: (settings, value) => {
      settings[section][field] = value;
    },
    show,
  };
  return declared as Declared;
}

const shownSize = (size: number) => JSON.stringify(sizeText(size));

export const declared: readonly Declared[] = [
  declare('notify', 'stall_after', 'stallAfter', atLeast(2)),
  declare('notify', 'disk_below', 'diskBelow', bytes, shownSize),
  declare('stop', 'on', 'on', listOf(stopReasons)),
  declare('keep', 'samples_budget', 'samplesBudget', bytes, shownSize),
  declare('keep', 'checkpoints', 'checkpoints', oneOf(keptCheckpoints)),
  declare('price', 'per_gpu_hour', 'perGpuHour', atLeast(0), (value) => (value === null ? 'not set' : String(value))),
  declare('price', 'currency', 'currency', text),
  declare('limits', 'untracked_file', 'untrackedFile', bytes, shownSize),
  declare('limits', 'untracked_total', 'untrackedTotal', bytes, shownSize),
  declare('limits', 'tracked_file', 'trackedFile', bytes, shownSize),
  declare('limits', 'dataset_images', 'datasetImages', bytes, shownSize),
];
