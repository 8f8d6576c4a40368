/** Reads what `spoor watch` shows. Only reads: a run that is watched has no more written of it. */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { CleanLog } from '../../follow/clean-log.ts';
import { foldFacts } from '../../model/fold.ts';
import type { Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { placeLabel, sampleGrid } from '../../tracker/artefacts/sample-grid.ts';
import { earlierRuns } from '../../tracker/family.ts';
import { readLineage } from '../../tracker/lineage-series.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { listSeries, readSeries } from '../../tracker/metrics.ts';
import { type RunningRun, runningRuns } from '../../tracker/running-runs.ts';
import { visible } from '../text.ts';
import type { Choice, Watched, WatchedSample, WatchedSeries } from './watched.ts';

const lossTags = ['loss/current', 'train/loss', 'loss', 'loss/average'];
const rateTags = ['lr/unet', 'lr/all', 'lr/group0', 'lr/textencoder', 'lr', 'train/lr', 'train/learning_rate'];
/** Of the log's end, in bytes: a screen of it and many drawings of a bar. */
const logBytes = 256 * 1024;
const mostLogLines = 300;
/** Milliseconds that looking for the version before may take. */
const patience = 3_000;

/** The tags that are drawn. */
function chosenTags(tags: readonly string[]): { loss: string | null; rate: string | null } {
  const first = (wanted: readonly string[], prefix: string) =>
    wanted.find((tag) => tags.includes(tag)) ?? tags.find((tag) => tag.startsWith(prefix)) ?? null;
  return { loss: first(lossTags, 'loss/'), rate: first(rateTags, 'lr/') };
}

export class WatchSource {
  readonly #home: Home;
  readonly #now: () => Date;
  readonly #stallAfter: number;
  #last: { run: Run; key: string; series: [string, WatchedSeries | null][] } | null = null;
  #before: { id: RunId; run: Run | null } | null = null;

  constructor(home: Home, now: () => Date, stallAfter: number) {
    this.#home = home;
    this.#now = now;
    this.#stallAfter = stallAfter;
  }

  /** The runs that train, the latest first. */
  running(): Promise<RunningRun[]> {
    return runningRuns(this.#home, this.#now(), this.#stallAfter);
  }

  /** Errors: `run-not-found`. */
  async look(id: RunId, running: RunningRun | null): Promise<Watched> {
    const run = running ? await this.#record(id) : await loadRun(this.#home, id);
    const metas = await listSeries(this.#home, id);
    const { loss, rate } = chosenTags(metas.map(({ tag }) => tag));
    const series = async (tag: string | null) => {
      const meta = metas.find((each) => each.tag === tag);
      return tag === null || meta === undefined
        ? null
        : this.#series(run, tag, `${id} ${meta.points} ${meta.lastStep}`);
    };
    return {
      run,
      running,
      loss: await series(loss),
      rate: await series(rate),
      cpu: running ? await this.#cpu(id) : null,
      samples: latestSamples(run),
      log: await this.#log(id),
    };
  }

  /** As `loadRun`, without what a run that trains is asked for elsewhere. */
  async #record(id: RunId): Promise<Run> {
    const { facts, unreadable } = await this.#home.runs.facts(id);
    return facts.length === 0 ? loadRun(this.#home, id) : foldFacts(id, facts, unreadable).run;
  }

  async #series(run: Run, tag: string, key: string): Promise<WatchedSeries | null> {
    if (this.#last?.run.id !== run.id) this.#last = { run, key: '', series: [] };
    const known = this.#last.series.find(([each]) => each === `${tag} ${key}`)?.[1];
    if (known) return known;
    const found = await readLineage(this.#home, run.id, tag);
    if (found === null) return null;
    const before = await this.#versionBefore(run);
    const its = before && (await readLineage(this.#home, before.id, tag));
    const series: WatchedSeries = {
      tag,
      points: found.points,
      seams: found.seams.map(({ at }) => at),
      before: before && its ? { name: before.name.full, points: its.points } : null,
    };
    const others = this.#last.series.filter(([each]) => !each.startsWith(`${tag} `));
    this.#last.series = [...others, [`${tag} ${key}`, series]];
    return series;
  }

  /** The latest earlier run of the family that measured something; not the one that this goes on from. */
  async #versionBefore(run: Run): Promise<Run | null> {
    if (this.#before?.id === run.id) return this.#before.run;
    const until = performance.now() + patience;
    let found: Run | null = null;
    for await (const each of earlierRuns(this.#home, run, () => performance.now() < until)) {
      if (each.id === run.resumed?.run) continue;
      if ((await listSeries(this.#home, each.id)).some(({ tag }) => lossTags.includes(tag))) {
        found = each;
        break;
      }
    }
    this.#before = { id: run.id, run: found };
    return found;
  }

  async #cpu(id: RunId): Promise<number | null> {
    const from = this.#now().getTime() / 1000 - 30;
    return (await readSeries(this.#home, id, 'machine/cpu', { from }))?.value.at(-1) ?? null;
  }

  async #log(id: RunId): Promise<string[]> {
    const lines: string[] = [];
    const file = await open(join(this.#home.runs.path(id), 'log'), 'r').catch(() => null);
    if (file === null) return lines;
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - logBytes);
      const buffer = Buffer.alloc(Math.min(size, logBytes));
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      const clean = new CleanLog((text) => void lines.push(...text.split('\n').slice(0, -1)));
      clean.push(buffer.subarray(0, bytesRead));
      clean.end();
      // The first of a part begins anywhere.
      if (start > 0) lines.shift();
    } finally {
      await file.close();
    }
    return lines.slice(-mostLogLines).map((line) => visible(line.replaceAll('\t', '    ')));
  }
}

function latestSamples(run: Run): WatchedSample[] {
  const { runs, rows } = sampleGrid([run]);
  const columns = runs[0]!.columns;
  const at = columns.length - 1;
  const column = columns[at];
  if (column === undefined) return [];
  return rows.flatMap(({ cells }) => (cells[at] ? [{ sample: cells[at], place: placeLabel(column) }] : []));
}

export function choicesOf(running: readonly RunningRun[], asked: Choice): Choice[] {
  const list = running.map(({ id, name }) => ({ id, name }));
  return list.some(({ id }) => id === asked.id) ? list : [asked, ...list];
}
