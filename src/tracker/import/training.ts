/** A training of which something is left: models of one session, and what else tells of it. */
import { dirname } from 'node:path';
import type { ConfigFile } from '../../model/config-file.ts';
import type { ImportedFrom, OutputPlan, Setting } from '../../model/facts.ts';
import type { LogState, NamedDataset } from '../../trainers/trainer.ts';
import type { LayoutRegistry } from '../layout-registry.ts';
import type { FoundFile } from './find-files.ts';
import type { ModelFile } from './read-models.ts';

export interface Training {
  how: ImportedFrom['how'];
  /** Where its models lie, else where its traces do. */
  directory: string;
  /** In order of time, the final one last. */
  models: ModelFile[];
  states: FoundFile[];
  samples: FoundFile[];
  events: EventFile[];
  log: FoundLog | null;
  config: FoundConfig | null;
  prompts: FoundFile | null;
  script: FoundFile | null;
  repos: FoundFile | null;
  registry: LayoutRegistry | null;
  /** Milliseconds since 1970; null where nothing but a file's time tells. */
  startedAt: number | null;
  finishedAt: number | null;
  warnings: { code: string; message: string; hint: string | null }[];
}

export interface EventFile extends FoundFile {
  /** Of its name, in milliseconds since 1970. */
  createdAt: number;
  host: string | null;
  pid: number | null;
}

export interface FoundLog extends FoundFile {
  state: LogState;
}

/** A configuration found beside a training, and how far the model's header bears it out. */
export interface FoundConfig extends FoundFile {
  file: ConfigFile;
  /** Of its bytes as they lie there. */
  sha256: string;
  settings: Setting[];
  plan: OutputPlan | null;
  /** Absolute paths of the datasets, as it names them. */
  datasets: NamedDataset[];
}

export function emptyTraining(how: Training['how'], directory: string): Training {
  return {
    how,
    directory,
    models: [],
    states: [],
    samples: [],
    events: [],
    log: null,
    config: null,
    prompts: null,
    script: null,
    repos: null,
    registry: null,
    startedAt: null,
    finishedAt: null,
    warnings: [],
  };
}

/** Models of one session together; those without one by directory and name. */
export function groupModels(models: readonly ModelFile[]): Training[] {
  const groups = Map.groupBy(models, ({ session, startedAt, directory, outputName }) =>
    session === null ? `${directory}\0${outputName}` : `session\0${session}\0${startedAt}`,
  );
  return [...groups.values()].map((group) => {
    const sorted = group.toSorted(byTime);
    const final = sorted.at(-1)!;
    const times = sorted.flatMap(({ finishedAt }) => finishedAt ?? []);
    return {
      ...emptyTraining(final.session === null ? 'model' : 'session', final.directory),
      models: sorted,
      startedAt: final.startedAt,
      finishedAt: times.length === 0 ? null : Math.max(...times),
    };
  });
}

/** The final model bears the name alone. */
function byTime(a: ModelFile, b: ModelFile): number {
  const steps = Number(a.metadata.ss_steps ?? 0) - Number(b.metadata.ss_steps ?? 0);
  return steps || Number(isFinal(a)) - Number(isFinal(b)) || (a.path < b.path ? -1 : 1);
}

export function isFinal({ name, outputName }: ModelFile): boolean {
  return name === `${outputName}.safetensors`;
}

/** The trainings in a directory, else those directly above and below: trainings beside one another have directories of their own. */
export function nearestTo(directory: string, index: TrainingIndex): readonly Training[] {
  const here = index.at(directory);
  if (here.length > 0) return here;
  return [...index.at(dirname(directory)), ...index.below(directory)];
}

/** Trainings by directory, so that a thousand of them are not gone through for each file. */
export class TrainingIndex {
  readonly #at = new Map<string, Training[]>();
  readonly #below = new Map<string, Training[]>();

  constructor(trainings: readonly Training[]) {
    for (const each of trainings) this.add(each);
  }

  add(training: Training): void {
    const { directory } = training;
    this.#at.set(directory, [...this.at(directory), training]);
    this.#below.set(dirname(directory), [...this.below(dirname(directory)), training]);
  }

  at(directory: string): readonly Training[] {
    return this.#at.get(directory) ?? [];
  }

  below(directory: string): readonly Training[] {
    return this.#below.get(directory) ?? [];
  }

  get all(): Training[] {
    return [...this.#at.values()].flat();
  }
}
