/** Writes imported trainings down, each once, whatever is imported how often. */
import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fact, Told } from '../../model/facts.ts';
import { foldFacts } from '../../model/fold.ts';
import { type RunId, runIdTime } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { keepSeries, lacksSeries } from './keep-series.ts';
import type { ImportedTraining } from './training-facts.ts';

export type Outcome = 'added' | 'updated' | 'unchanged' | 'known';

export interface Kept {
  /** `known`: Spoor recorded this training itself; its record stays as it is. */
  outcome: Outcome;
  id: RunId;
}

/** A record begins before the session does, by what the trainer takes to load. */
const longestLoadingMs = 24 * 3_600_000;
/** Characters of an id that are its time; the rest is the same for the same training. */
const timeLetters = 10;

/** What a home knows of trainings by the time of an import. */
export class KnownRuns {
  readonly #home: Home;
  readonly #byIdentity = new Map<string, RunId>();
  readonly #ids = new Set<RunId>();
  readonly #stored = new Set<string>();
  readonly #sessions = new Map<RunId, { sessions: Set<string>; imported: boolean }>();
  #sorted: RunId[] = [];

  private constructor(home: Home, ids: RunId[]) {
    this.#home = home;
    this.#sorted = ids;
    for (const id of ids) {
      this.#ids.add(id);
      this.#byIdentity.set(id.slice(timeLetters), id);
    }
  }

  static async of(home: Home): Promise<KnownRuns> {
    return new KnownRuns(home, await home.runs.list());
  }

  /** The run that this training is already, and whether it was imported or recorded. */
  async find({ id, training }: ImportedTraining): Promise<{ id: RunId; imported: boolean } | null> {
    const original = training.registry?.run;
    if (original !== undefined && this.#ids.has(original)) return { id: original, imported: false };
    const same = this.#byIdentity.get(id.slice(timeLetters));
    if (same !== undefined) return { id: same, imported: true };
    const sessions = new Set(training.models.flatMap(({ session }) => session ?? []));
    if (sessions.size === 0 || training.startedAt === null) return null;
    const from = training.startedAt - longestLoadingMs;
    for (const each of this.#sorted) {
      const at = runIdTime(each);
      if (at < from || at > training.startedAt + 60_000) continue;
      const known = await this.#sessionsOf(each);
      if ([...sessions].some((session) => known.sessions.has(session))) return { id: each, imported: known.imported };
    }
    return null;
  }

  /** Makes bytes durable, the same ones once. */
  async store(blobs: readonly Uint8Array[]): Promise<void> {
    const missing = blobs.filter((blob) => !this.#stored.has(hash('sha256', blob, 'hex')));
    if (missing.length === 0) return;
    for (const { sha256 } of await this.#home.objects.putAll(missing)) this.#stored.add(sha256);
  }

  added(id: RunId): void {
    this.#ids.add(id);
    this.#byIdentity.set(id.slice(timeLetters), id);
  }

  async #sessionsOf(id: RunId): Promise<{ sessions: Set<string>; imported: boolean }> {
    const found = this.#sessions.get(id);
    if (found) return found;
    const { facts } = await this.#home.runs.facts(id);
    const { run } = foldFacts(id, facts);
    const sessions = new Set(run.artifacts.flatMap(({ sessionId }) => sessionId ?? []));
    const known = { sessions, imported: run.imported !== null };
    this.#sessions.set(id, known);
    return known;
  }
}

/** Objects are durable before the facts that name them; only facts that are new are told. */
export async function keepTraining(
  home: Home,
  known: KnownRuns,
  training: ImportedTraining,
  dryRun: boolean,
): Promise<Kept> {
  const there = await known.find(training);
  if (there && !there.imported) return { outcome: 'known', id: there.id };
  const id = there?.id ?? training.id;
  const before = there ? (await home.runs.facts(id)).facts : [];
  const facts = newFacts(
    training.facts.map((fact) => (fact.type === 'run.created' ? { ...fact, id } : fact)),
    before,
  );
  const outcome = there === null ? 'added' : facts.length > 0 ? 'updated' : 'unchanged';
  if (dryRun) return { outcome, id };
  const folder = home.runs.path(id);
  const series = () => keepSeries(folder, training.training, runIdTime(id) / 1000);
  if (facts.length === 0) {
    if (lacksSeries(folder)) await series();
    return { outcome, id };
  }
  await known.store(training.blobs);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if (training.training.log) await keepLog(training.training.log.path, join(folder, 'log'));
  await series();
  const log = home.runs.openLog(id, 'reconciliation');
  try {
    await log.append(...facts);
  } finally {
    await log.close();
  }
  known.added(id);
  return { outcome, id };
}

/** A fact is told again only if it is not what was told last of its subject, or was never told. */
function newFacts(facts: readonly Told[], before: readonly Fact[]): Told[] {
  const told = new Set(before.map(({ v: _v, at: _at, host: _host, ...fact }) => JSON.stringify(fact)));
  return facts.filter((fact) => !told.has(JSON.stringify(fact)));
}

async function keepLog(from: string, to: string): Promise<void> {
  const there = await stat(to).catch(() => null);
  if (there) return;
  await copyFile(from, to, constants.COPYFILE_FICLONE);
}
