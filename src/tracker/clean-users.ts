import { createReadStream } from 'node:fs';
import { realpath } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import type { Fact, PlacedEntry } from '../model/facts.ts';
import { foldFacts } from '../model/fold.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { readStaged } from '../store/staging.ts';
import { listActive } from './active.ts';
import { isWithin, type User } from './clean-rule.ts';
import { readRegistries } from './layout-registry.ts';

type Created = Extract<Fact, { type: 'run.created' }>;

/** What runs write where, each read once. */
export class RunOutputs {
  readonly #home: Home;
  readonly #created = new Map<RunId, Promise<Created | null>>();

  constructor(home: Home) {
    this.#home = home;
  }

  /**
   * Other runs whose output directory is this one, lies in it or holds it: those that live, that began
   * after the run did, or that left their `spoor.json` there. A directory that the run made held nothing
   * of those before.
   *
   * @param real with every link resolved
   * @param id the run that made it, or whatever sorts as one of its time would; null where that is not known
   */
  async usersOf(
    real: string,
    id: RunId | null,
  ): Promise<{ users: User[]; placed: Map<RunId, Map<string, PlacedEntry>> }> {
    const live = await listActive(this.#home);
    const later = (await this.#home.runs.list()).filter((each) => id === null || each > id);
    const { standing } = await readRegistries(real, id ?? '');
    const candidates = new Set([...live, ...later, ...(standing ? [standing.run] : [])]);
    if (id !== null) candidates.delete(id);
    const users: User[] = [];
    const placed = new Map<RunId, Map<string, PlacedEntry>>();
    for (const run of candidates) {
      const created = await this.#createdOf(run);
      if (created === null) {
        // About to begin: where it will write nobody knows.
        if (live.includes(run)) users.push({ run, status: null });
        continue;
      }
      if (created.outputDir === null || !(await overlaps(created.outputDir, real))) continue;
      const { facts } = await this.#home.runs.facts(run);
      const recorded = foldFacts(run, facts);
      users.push({ run, status: recorded.run.status });
      placed.set(run, recorded.placed);
    }
    return { users, placed };
  }

  #createdOf(run: RunId): Promise<Created | null> {
    const known = this.#created.get(run);
    if (known) return known;
    const found = readCreated(this.#home, run);
    this.#created.set(run, found);
    return found;
  }
}

/** The run's first fact, from its first line where that tells; else from all of them, or from what was staged. */
async function readCreated(home: Home, run: RunId): Promise<Created | null> {
  const isCreated = (fact: Fact): fact is Created => fact.type === 'run.created';
  const first = await firstLine(join(home.runs.path(run), 'journal.jsonl'));
  try {
    const fact = JSON.parse(first) as Fact;
    if (isCreated(fact) && fact.v === 1) return fact;
  } catch {
    // Read in full.
  }
  const staged = await readStaged(home.runs.path(run));
  const { facts } = await home.runs.facts(run);
  return [...facts, ...(staged.state === 'whole' ? staged.facts : [])].find(isCreated) ?? null;
}

async function firstLine(path: string): Promise<string> {
  try {
    const input = createReadStream(path, { end: 1024 * 1024 });
    for await (const line of createInterface({ input })) {
      input.destroy();
      return line;
    }
  } catch {
    // Not there.
  }
  return '';
}

async function overlaps(outputDir: string, real: string): Promise<boolean> {
  const paths = [resolve(outputDir), await realpath(outputDir).catch(() => outputDir)];
  return paths.some((path) => isWithin(path, real) || isWithin(real, path));
}
