import { mkdirSync, statSync } from 'node:fs';
import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { errorCode, SpoorError } from '../model/errors.ts';
import type { Fact } from '../model/facts.ts';
import type { RunFolders } from '../model/ports.ts';
import { isRunId, type RunId } from '../model/run-id.ts';
import { cannotWrite } from './cannot-write.ts';
import { factFiles, type ReadFacts, readFactFile } from './fact-lines.ts';
import { DiskFactLog } from './fact-log.ts';

/** `journal`: the recorder's. `reconciliation`: of who found the recorder dead. `notifications`: of who sends messages. `annotations`: what people said. */
export type LogKind = 'journal' | 'reconciliation' | 'notifications' | 'annotations';

/** Folders that are looked at before anything else has its turn: a few milliseconds. */
const atOnce = 500;

/** The folders under `runs/`, on disk. */
export class DiskRunFolders implements RunFolders {
  readonly #directory: string;
  readonly #writer: string;
  readonly #host: string;

  /** @param writer 8 hex digits that name this home's files, so that every file has one writer */
  constructor(directory: string, writer: string, host: string) {
    this.#directory = directory;
    this.#writer = writer;
    this.#host = host;
  }

  path(id: RunId): string {
    if (!isRunId(id)) throw new SpoorError('usage', 'not-a-run-id', `"${id}" is no run id`);
    return join(this.#directory, id);
  }

  /** Makes the folder of a new run; not yet durable, since it is made before the trainer starts. */
  create(id: RunId): string {
    const path = this.path(id);
    try {
      mkdirSync(path, { mode: 0o700 });
    } catch (error) {
      throw cannotWrite(path, error);
    }
    return path;
  }

  /** Removes the folder of a run that never began. */
  async remove(id: RunId): Promise<void> {
    await rm(this.path(id), { recursive: true, force: true });
  }

  openLog(id: RunId, kind: LogKind): DiskFactLog {
    const name = kind === 'journal' ? 'journal.jsonl' : `${kind}.${this.#writer}.jsonl`;
    return new DiskFactLog(join(this.path(id), name), this.#host);
  }

  async list(): Promise<RunId[]> {
    return (await readdir(this.#directory).catch(noneIfMissing)).filter(isRunId).sort();
  }

  async stamps(): Promise<Map<RunId, string>> {
    const stamps = new Map<RunId, string>();
    const prefix = join(this.#directory, '/');
    for (const [at, id] of (await this.list()).entries()) {
      // Who serves answers between.
      if (at % atOnce === atOnce - 1) await setImmediate();
      // Of 10,000 folders, `join` would take as long as the file system does.
      const found = statSync(prefix + id, { throwIfNoEntry: false });
      if (found?.isDirectory()) stamps.set(id, `${found.mtimeMs}`);
    }
    return stamps;
  }

  /** The same of one run; null where there is none. */
  async stamp(id: RunId): Promise<string | null> {
    const found = statSync(this.path(id), { throwIfNoEntry: false });
    return found?.isDirectory() ? `${found.mtimeMs}` : null;
  }

  /** Whether one of the texts stands anywhere among the facts of a run, as bytes: many times faster than to read them. */
  async mentions(id: RunId, texts: readonly string[]): Promise<boolean> {
    const folder = this.path(id);
    for (const name of factFiles(folder)) {
      const bytes = await readFile(join(folder, name));
      if (texts.some((text) => bytes.includes(text))) return true;
    }
    return false;
  }

  async facts(id: RunId): Promise<ReadFacts> {
    const folder = this.path(id);
    const files = factFiles(folder).map((name) => readFactFile(join(folder, name)));
    return {
      facts: inOrderOfTime(files.map((file) => file.facts)),
      unreadable: files.reduce((sum, file) => sum + file.unreadable, 0),
      unknown: files.reduce((sum, file) => sum + file.unknown, 0),
    };
  }
}

function noneIfMissing(error: unknown): string[] {
  if (errorCode(error) === 'ENOENT') return [];
  throw error;
}

/**
 * One order of several files: by time, yet never against the order of a file. A fact counts as no
 * older than those before it in its file, so that a clock set back reorders nothing.
 */
function inOrderOfTime(files: Fact[][]): Fact[] {
  if (files.length <= 1) return files[0] ?? [];
  const timed = files.flatMap((facts) => {
    let latest = '';
    return facts.map((fact) => {
      if (fact.at > latest) latest = fact.at;
      return { fact, at: latest };
    });
  });
  timed.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  return timed.map(({ fact }) => fact);
}
