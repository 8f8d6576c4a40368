/** Whether a training that is known by what it writes goes on. */
import type { Dirent } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { eventDirectories } from '../../follow/event-directories.ts';
import { isAlive } from '../../launch/identity.ts';
import { holdersOf } from '../../launch/processes.ts';
import type { ProcessIdentity } from '../../model/facts.ts';

/** What a run is followed by which has no process of its own. JSON-able: it stands in the marker. */
export interface Traces {
  /** The directory of its event files. */
  events: string;
  /** Milliseconds since 1970. */
  startedAt: number;
  /** Who had an event file open for writing when the run was found; null where nobody was seen. */
  writer: ProcessIdentity | null;
  /** Where its model will be saved: files, or directories of them. */
  models: string[];
  /** Milliseconds without a trace after which a training that has its model is over. */
  idleMs: number;
}

/** Milliseconds after which a training without a trace of life is given up. */
const givenUpMs = 12 * 3600_000;

/**
 * Whether nothing more will come. Where its process is known: when that has ended, or has closed its event files. Else
 * when the next training has begun beside it, when it has saved its model and written nothing for `idleMs`, or when it
 * has written nothing for half a day.
 */
export async function isOver(traces: Traces, now: number): Promise<boolean> {
  const files = await eventFiles(traces.events);
  if (traces.writer !== null) {
    if (isAlive(traces.writer) === 'dead') return true;
    return holdersOf(new Set(files), [traces.writer.pid]).length === 0;
  }
  const beside = await eventDirectories(dirname(traces.events));
  if (beside.some(({ startedAt, directory }) => directory !== traces.events && startedAt > traces.startedAt))
    return true;
  const models = await modelsOf(traces);
  const quietMs = now - Math.max(traces.startedAt, ...(await Promise.all([...files, ...models].map(modifiedMs))));
  return quietMs >= givenUpMs || (models.length > 0 && quietMs >= traces.idleMs);
}

/** Settles when the training is over. */
export async function waitForTraces(traces: Traces, milliseconds = 1_000): Promise<null> {
  while (!(await isOver(traces, Date.now()))) await delay(milliseconds);
  return null;
}

/** Model files at the places where the training saves, written since it began. */
export async function modelsOf({ models, startedAt }: Pick<Traces, 'models' | 'startedAt'>): Promise<string[]> {
  const found: string[] = [];
  for (const path of models) {
    for (const each of [path, ...(await named(path, isModel))]) {
      const file = await stat(each).catch(() => null);
      if (file?.isFile() && file.mtimeMs >= startedAt) found.push(each);
    }
  }
  return found;
}

const isModel = (name: string) => /\.(?:safetensors|ckpt|pt)$/i.test(name);
const eventFiles = (directory: string) => named(directory, (name) => name.includes('tfevents'));

async function named(directory: string, matches: (name: string) => boolean): Promise<string[]> {
  const entries: Dirent[] = await readdir(directory, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isFile() && matches(entry.name)).map(({ name }) => join(directory, name));
}

async function modifiedMs(path: string): Promise<number> {
  return stat(path).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}
