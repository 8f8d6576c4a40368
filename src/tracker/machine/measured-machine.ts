import { join } from 'node:path';
import type { Diagnosis, MachineUse } from '../../model/facts.ts';
import type { Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Settings } from '../../model/settings.ts';
import type { Home } from '../../store/home.ts';
import { MetricsReader } from '../../store/metrics/metrics-reader.ts';
import { type MachineSeries, machineUse } from './machine-use.ts';
import { memoryStory } from './memory-story.ts';

/** What was measured of a run, from the start to now or its end. */
export class MeasuredMachine {
  readonly #reader: MetricsReader;

  constructor(home: Home, id: RunId) {
    this.#reader = new MetricsReader(join(home.runs.path(id), 'machine'));
  }

  readonly series: MachineSeries = (name) => this.#reader.read(`machine/${name}`);

  /**
   * Null where nothing is known, or the samples cannot be read: of how a run ended they change nothing.
   *
   * @param endedAt milliseconds since 1970
   */
  use(run: Run, endedAt: number, price: Settings['price'] | null): MachineUse | null {
    try {
      return this.#use(run, endedAt, price);
    } catch {
      return null;
    }
  }

  #use(run: Run, endedAt: number, price: Settings['price'] | null): MachineUse | null {
    const tags = this.#reader.list().map(({ tag }) => tag);
    const indices = new Set(tags.flatMap((tag) => /^machine\/gpu(\d+)\//.exec(tag)?.[1] ?? []).map(Number));
    return machineUse(
      this.series,
      [...indices].sort((a, b) => a - b),
      run,
      endedAt,
      price,
    );
  }

  /** The diagnosis, and how memory stood where that is what failed. */
  explain(diagnosis: Diagnosis, use: MachineUse, endedAt: number): Diagnosis {
    const story = memoryStory(diagnosis, this.series, use, endedAt);
    return story === null ? diagnosis : { ...diagnosis, message: `${diagnosis.message.replace(/\.$/, '')}. ${story}` };
  }
}
