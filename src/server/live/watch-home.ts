/** One watcher of a home for all who look on: runs that come, change, end and go; those that train are followed. */
import { type FSWatcher, watch } from 'node:fs';
import { join } from 'node:path';
import type { LiveEvent } from '../../api/events.ts';
import type { Progress, RunStatus } from '../../model/facts.ts';
import { isRunId, type RunId } from '../../model/run-id.ts';
import { fileSystemOf } from '../../store/file-system.ts';
import type { Home } from '../../store/home.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { trainerById } from '../../trainers/registry.ts';
import { FollowedRun } from './followed-run.ts';

export interface WatchOptions {
  home: Home;
  publish(event: LiveEvent): void;
  /** The record of a run is another; null where nobody knows of which. */
  changed(id: RunId | null): void;
  failed(error: unknown): void;
}

interface Known {
  status: RunStatus;
  samples: number;
  checkpoints: number;
}

/** Milliseconds between two looks at all folders: where the system tells of no change, and to be sure where it does. */
const everyMs = { untold: 2000, told: 15_000 };
/** Runs of other machines may count as running for good. */
const mostFollowed = 64;
/** Several facts in a row are one change. */
const restMs = 30;

export class HomeWatcher {
  readonly #options: WatchOptions;
  #stamps = new Map<RunId, string>();
  readonly #begun = Promise.withResolvers<void>();
  readonly #known = new Map<RunId, Known>();
  readonly #followed = new Map<RunId, FollowedRun>();
  /** Runs that are to be looked at, and when. */
  readonly #waiting = new Map<RunId, NodeJS.Timeout>();
  readonly #looks = new Set<Promise<void>>();
  readonly #watchers: FSWatcher[] = [];
  #timer: NodeJS.Timeout | null = null;
  #stopped = false;

  constructor(options: WatchOptions) {
    this.#options = options;
  }

  /** Listens. What is heard from here on is looked at once it is known how everything stood. */
  listen(): void {
    const { home, publish } = this.#options;
    this.#watch(join(home.directory, 'runs'), (name) => {
      if (name !== null && isRunId(name)) this.#look(name);
    });
    this.#watch(home.trashDirectory, () => {
      publish({ type: 'trash' });
    });
  }

  /**
   * @param stamps of all folders, no older than when it began to listen
   * @param running runs that had not ended when they were last read
   */
  async start(stamps: Map<RunId, string>, running: readonly RunId[]): Promise<void> {
    const { home } = this.#options;
    this.#stamps = stamps;
    this.#begun.resolve();
    // The latest first: they are the ones that train.
    for (const id of [...running].sort().reverse()) await this.#read(id);
    // Another machine's writes are told of nowhere.
    const isTold = this.#watchers.length > 0 && fileSystemOf(home.directory)?.network !== true;
    const again = () => {
      if (this.#stopped) return;
      this.#timer = setTimeout(() => void this.#poll().finally(again), isTold ? everyMs.told : everyMs.untold);
      this.#timer.unref();
    };
    again();
  }

  running(): RunId[] {
    return [...this.#followed.keys()].sort();
  }

  /** What the log of a run that trains shows now. */
  progressOf(id: RunId): Progress | null {
    return this.#followed.get(id)?.progress ?? null;
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    this.#begun.resolve();
    if (this.#timer) clearTimeout(this.#timer);
    for (const timer of this.#waiting.values()) clearTimeout(timer);
    for (const watcher of this.#watchers) watcher.close();
    await Promise.all([...this.#followed.values()].map((each) => each.stop()));
    await Promise.all(this.#looks);
  }

  #watch(directory: string, noticed: (name: string | null) => void): void {
    try {
      const watcher = watch(directory, { persistent: false }, (_, name) => noticed(name));
      watcher.on('error', () => watcher.close());
      this.#watchers.push(watcher);
    } catch {
      // Polling finds the same, later.
    }
  }

  /** What nobody told of. */
  async #poll(): Promise<void> {
    try {
      const stamps = await this.#options.home.runs.stamps();
      for (const [id, stamp] of stamps) if (this.#stamps.get(id) !== stamp) this.#look(id);
      for (const id of this.#stamps.keys()) if (!stamps.has(id)) this.#look(id);
    } catch (error) {
      this.#options.failed(error);
    }
  }

  #look(id: RunId): void {
    if (this.#stopped || this.#waiting.has(id)) return;
    this.#options.changed(id);
    const timer = setTimeout(() => {
      this.#waiting.delete(id);
      const look = this.#read(id).catch(this.#options.failed);
      this.#looks.add(look);
      void look.finally(() => this.#looks.delete(look));
    }, restMs);
    this.#waiting.set(id, timer);
  }

  async #read(id: RunId): Promise<void> {
    const { home, publish, changed } = this.#options;
    await this.#begun.promise;
    if (this.#stopped) return;
    const stamp = await home.runs.stamp(id);
    changed(id);
    if (stamp === null) return this.#gone(id);
    const isNew = !this.#stamps.has(id);
    this.#stamps.set(id, stamp);
    const run = await loadRun(home, id).catch(() => null);
    if (this.#stopped || run === null) return;
    const count = (kind: string) => run.artifacts.filter((each) => each.kind === kind).length;
    const now: Known = { status: run.status, samples: count('sample'), checkpoints: count('checkpoint') };
    const before = this.#known.get(id);
    this.#known.set(id, now);
    const { status, family } = run;
    if (isNew) publish({ type: 'run.appeared', run: id, name: run.name.full, family, status });
    else publish({ type: 'run.changed', run: id, status });
    if (before && (before.samples !== now.samples || before.checkpoints !== now.checkpoints))
      publish({ type: 'artifacts', run: id, samples: now.samples, checkpoints: now.checkpoints });
    if (status === 'running') this.#follow(id, run.trainer);
    else {
      // The log's last words before the end.
      await this.#followed.get(id)?.stop();
      this.#followed.delete(id);
      if (before?.status === 'running') publish({ type: 'run.ended', run: id, name: run.name.full, status });
    }
  }

  async #gone(id: RunId): Promise<void> {
    await this.#followed.get(id)?.stop();
    this.#followed.delete(id);
    this.#known.delete(id);
    if (this.#stamps.delete(id)) this.#options.publish({ type: 'run.gone', run: id });
  }

  #follow(id: RunId, trainer: string | null): void {
    if (this.#followed.has(id) || this.#followed.size >= mostFollowed) return;
    const { home, publish, failed } = this.#options;
    const reader = () => trainerById(trainer).logReader();
    this.#followed.set(id, new FollowedRun({ id, folder: home.runs.path(id), reader, publish, failed }));
  }
}
