/**
 * The log of a trainer that Spoor did not start: a copy of the files that its output goes to, from their first byte
 * on. `copied.json` beside it says how far the copy reaches, so that whoever goes on after a crash repeats and leaves
 * out nothing; without that file the copy is complete.
 */
import {
  closeSync,
  existsSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  readSync,
  renameSync,
  unlinkSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { ProcessIdentity, Warning } from '../model/facts.ts';
import { isAlive } from './identity.ts';
import type { OutputFile } from './other-process.ts';

export interface CopiedLog {
  /** Takes what has been written by now and ends the copy. */
  finish(): Promise<void>;
}

interface State {
  version: 1;
  /** Of the copy. */
  bytes: number;
  /** Of each source, in order. */
  copied: number[];
}

interface Source {
  file: OutputFile;
  descriptor: number;
}

const stateName = 'copied.json';
const chunk = 2 ** 20;
const newlyBegun = (sources: number): State => ({ version: 1, bytes: 0, copied: Array(sources).fill(0) });

/** Whether the copy has begun and may still grow. */
export const isCopying = (folder: string): boolean => existsSync(join(folder, stateName));

/** Marks the log as one that is copied; it stands in the run's folder from then on. Throws what the file system throws. */
export function beginCopy(folder: string, files: readonly OutputFile[]): void {
  if (files.length === 0) return;
  closeSync(openSync(join(folder, 'log'), 'a', 0o600));
  writeState(folder, newlyBegun(files.length));
}

/**
 * Copies until told to end. What cannot be written for now is written later.
 *
 * @param files as they were found; one that is not there any more is warned of
 */
export function copyLog(
  folder: string,
  files: readonly OutputFile[],
  process: ProcessIdentity,
  warn: (warning: Warning) => void,
  milliseconds = 250,
): CopiedLog {
  if (!isCopying(folder)) return { finish: async () => {} };
  const sources = files.map((file) => openSource(file, process));
  for (const [at, source] of sources.entries()) if (source === null) warn(gone(files[at]!.path));
  const log = openSync(join(folder, 'log'), 'r+');
  const state = readState(folder, files.length);
  // What was copied after the state was written is copied again.
  if (sources.every((source) => source !== null)) ftruncateSync(log, state.bytes);
  else state.bytes = fstatSync(log).size;
  const warned = new Set<string>();

  const take = async () => {
    const before = state.bytes;
    for (const [at, source] of sources.entries()) {
      if (source === null) continue;
      const { size } = fstatSync(source.descriptor);
      if (size < state.copied[at]!) {
        if (!warned.has(source.file.path)) warn(cut(source.file.path));
        warned.add(source.file.path);
        state.copied[at] = 0;
      }
      await append(source.descriptor, at, size);
    }
    if (state.bytes !== before) writeState(folder, state);
  };

  const append = async (from: number, at: number, end: number) => {
    const buffer = Buffer.allocUnsafe(Math.min(chunk, Math.max(0, end - state.copied[at]!)));
    while (state.copied[at]! < end) {
      const read = readSync(from, buffer, 0, Math.min(buffer.length, end - state.copied[at]!), state.copied[at]!);
      if (read === 0) return;
      for (let written = 0; written < read; )
        written += writeSync(log, buffer, written, read - written, state.bytes + written);
      state.bytes += read;
      state.copied[at]! += read;
      await delay(0);
    }
  };

  let over = false;
  let wake = () => {};
  const work = (async () => {
    while (!over) {
      await take().catch(() => {});
      if (over) break;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, milliseconds);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      });
    }
  })();
  return {
    async finish() {
      over = true;
      wake();
      await work;
      try {
        await take();
      } catch {
        warn(incomplete(folder));
      }
      for (const source of sources) if (source) closeSync(source.descriptor);
      closeSync(log);
      unlinkSync(join(folder, stateName));
    },
  };
}

/** Through the process while that lives, which finds a file that was renamed or removed; else by its name. */
function openSource(file: OutputFile, process: ProcessIdentity): Source | null {
  const paths = isAlive(process) === 'alive' ? [`/proc/${process.pid}/fd/${file.descriptor}`, file.path] : [file.path];
  for (const path of paths) {
    let descriptor: number;
    try {
      descriptor = openSync(path, 'r');
    } catch {
      continue;
    }
    const { dev, ino } = fstatSync(descriptor, { bigint: true });
    if (`${dev}` === file.dev && `${ino}` === file.ino) return { file, descriptor };
    closeSync(descriptor);
  }
  return null;
}

function readState(folder: string, sources: number): State {
  try {
    const state = JSON.parse(readFileSync(join(folder, stateName), 'utf8')) as State;
    return state.version === 1 && state.copied.length === sources ? state : newlyBegun(sources);
  } catch {
    return newlyBegun(sources);
  }
}

function writeState(folder: string, state: State): void {
  const draft = join(folder, `.tmp-${stateName}`);
  writeFileSync(draft, JSON.stringify(state), { mode: 0o600 });
  renameSync(draft, join(folder, stateName));
}

function gone(path: string): Warning {
  return {
    code: 'log-gone',
    message: `${path}, which the trainer wrote its output to, is not there any more: the log ends where its copy did`,
    hint: null,
  };
}

function cut(path: string): Warning {
  return {
    code: 'log-cut',
    message: `${path} was cut while the trainer wrote it: the log goes on with what was written after`,
    hint: null,
  };
}

function incomplete(folder: string): Warning {
  return { code: 'log-incomplete', message: `the end of the log could not be copied to ${folder}`, hint: null };
}
