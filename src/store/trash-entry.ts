import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunId, type RunId } from '../model/run-id.ts';

export interface TrashManifest {
  version: 1;
  /** `output`: a run's output directory. `record`: its folder in Spoor's home. `checkpoint`: one thing that it made. */
  kind: 'output' | 'record' | 'checkpoint';
  /** Of which run; null for a directory that was made for a run that never began. */
  run: RunId | null;
  /** The run's full name, else the directory's. */
  name: string;
  /** Absolute: where it stood. */
  from: string;
  /** UTC, ISO 8601. */
  at: string;
  host: string;
  /** Why it was removed. */
  reason: string;
  files: number;
  bytes: number;
  /** Of a checkpoint: its path in the record. */
  artifact?: string;
  /** Of an object that held a checkpoint's bytes: its name. */
  object?: string;
}

export interface TrashEntry extends TrashManifest {
  /** `01K…XYZ.output`; what names it where no run does. */
  id: string;
  /** The directory or file that was removed. */
  content: string;
}

/** Names of entries at rest. */
export const entryName = /^[0-9A-HJKMNP-TV-Z]{26}\.(?:output|record|checkpoint)(?:\.\d+)?$/;
/** What is happening to an entry: on its way in, out, away for good. */
export const pending = ['moving', 'restoring', 'deleting'] as const;
export type Pending = (typeof pending)[number];

/** Null for what is no entry, or one of a newer Spoor. */
export async function readEntry(id: string, at: string): Promise<TrashEntry | null> {
  try {
    const manifest = JSON.parse(await readFile(join(at, 'manifest.json'), 'utf8')) as TrashManifest;
    if (manifest.version !== 1 || typeof manifest.from !== 'string' || typeof manifest.at !== 'string') return null;
    if (manifest.run !== null && !isRunId(manifest.run)) return null;
    return { ...manifest, id, content: join(at, 'content') };
  } catch {
    return null;
  }
}

export function manifestText(manifest: TrashManifest): Uint8Array {
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** The entry that something is happening to, by the name of its directory. */
export function unfinished(name: string): [id: string, state: Pending] | [null, null] {
  for (const state of pending) {
    const id = name.endsWith(`.${state}`) ? name.slice(0, -state.length - 1) : '';
    if (entryName.test(id)) return [id, state];
  }
  return [null, null];
}
