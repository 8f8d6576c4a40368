import fc from 'fast-check';
import type { Fact, Told } from '../model/facts.ts';
import type { RunFolders } from '../model/ports.ts';
import { makeRunId, type RunId } from '../model/run-id.ts';
import type { RunRow } from './row.ts';

/** Run folders in memory. */
export class MemoryRuns implements RunFolders {
  readonly runs = new Map<RunId, { facts: Fact[]; stamp: number }>();
  /** Runs whose folders were read. */
  readonly read: RunId[] = [];

  path(id: RunId): string {
    return `/runs/${id}`;
  }

  async list(): Promise<RunId[]> {
    return [...this.runs.keys()].sort();
  }

  async stamps(): Promise<Map<RunId, string>> {
    return new Map((await this.list()).map((id) => [id, `${this.runs.get(id)?.stamp}`]));
  }

  async stamp(id: RunId): Promise<string | null> {
    const run = this.runs.get(id);
    return run ? `${run.stamp}` : null;
  }

  async facts(id: RunId): Promise<{ facts: Fact[]; unreadable: number }> {
    this.read.push(id);
    return { facts: this.runs.get(id)?.facts ?? [], unreadable: 0 };
  }

  tell(id: RunId, ...facts: Told[]): void {
    const run = this.runs.get(id) ?? { facts: [], stamp: 0 };
    const at = '2026-05-01T10:00:00.000Z';
    run.facts.push(...facts.map((fact) => ({ v: 1, at, host: 'lair', ...fact }) as Fact));
    run.stamp++;
    this.runs.set(id, run);
  }

  /** A run that ended, `hour` hours after the first. */
  add(hour: number, full: string, loss = 0.1): RunId {
    const id = runId(hour);
    this.tell(id, created(id, full), ended('succeeded', loss));
    return id;
  }
}

export function runId(hour: number): RunId {
  return makeRunId(Date.UTC(2026, 4, 1, hour), new Uint8Array(10));
}

export function created(id: RunId, full: string): Told {
  return {
    type: 'run.created',
    id,
    name: { full, model: 'noob', dataset: 'wolf', version: '1', steps: null },
    command: ['python', 'train.py'],
    commandSha256: null,
    cwd: '/training',
    outputDir: '/out',
    outputDirExisted: false,
    trainer: 'sd-scripts',
    reason: null,
    tags: [],
    parent: null,
    spoor: '0.1.0',
    mode: 'attached',
  };
}

export function ended(status: 'succeeded' | 'failed', loss: number): Told {
  const progress = { step: 100, total: 100, epoch: 1, epochs: 1, loss, rate: 1, phase: 'finished' as const };
  const how = { exitCode: status === 'failed' ? 1 : 0, signal: null, startedAt: null, diagnosis: null };
  return { type: 'ended', status, endedAt: '2026-05-03T10:00:00.000Z', progress, ...how };
}

const word = fc.constantFrom('wolf', 'Wolf', 'cat', 'grey wolf', 'WÖLF', 'v1', '1e-4', 'a%b', 'a_b', '', '100', '\\');
const number = fc.constantFrom(0, 1, 2, 0.5, 1e-4, -1, 100, 1e300);
const orNull = <T>(some: fc.Arbitrary<T>) => fc.option(some, { nil: null, freq: 3 });

/** Rows of few different values, so that conditions often hold. */
export const anyRow: fc.Arbitrary<RunRow> = fc.record({
  id: fc.nat(1_000_000).map((hour) => runId(hour)),
  name: fc.oneof(
    word,
    fc.string({ unit: 'grapheme' }).map((text) => text.toWellFormed().replaceAll('\0', '')),
  ),
  model: orNull(word),
  dataset: orNull(word),
  version: orNull(word),
  family: word,
  status: fc.constantFrom('running', 'succeeded', 'failed', 'interrupted', 'lost'),
  exitCode: orNull(fc.constantFrom(0, 1, 137)),
  startedAt: fc.constantFrom('2026-05-01T10:00:00.000Z', '2026-05-02T10:00:00.000Z', '2025-01-01T00:00:00.000Z'),
  endedAt: orNull(fc.constant('2026-05-03T10:00:00.000Z')),
  duration: orNull(number),
  step: orNull(number),
  total: orNull(number),
  loss: orNull(fc.oneof(number, fc.constantFrom('NaN' as const, 'Infinity' as const))),
  gpuHours: orNull(number),
  cost: orNull(number),
  currency: orNull(fc.constantFrom('EUR', '$')),
  stars: fc.nat(3),
  verdict: orNull(fc.constantFrom('worked', 'failed', 'mixed')),
  reason: orNull(word),
  diagnosis: orNull(word),
  trainer: orNull(word),
  host: word,
  outputDir: orNull(word),
  tags: fc.array(word, { maxLength: 3 }),
  settings: fc.dictionary(
    fc.constantFrom('learning_rate', 'lr', 'network_dim', 'datasets[0].x', 'a.b'),
    fc.oneof(number, word),
  ),
  text: word.map((text) => text.toLowerCase()),
  made: fc.constant([]),
});

/** Terms of queries over the same values. */
export const anyTerm: fc.Arbitrary<string> = fc.oneof(
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.constantFrom('name', 'model', 'dataset', 'family', 'reason', 'trainer', 'host', 'output', 'tag', 'version'),
      fc.constantFrom(':', '=', '!='),
      fc.oneof(
        word.map((text) => `"${text}"`),
        fc.constantFrom('none', 'w*', '*o*f', '*', 'a*b', 'wolf,cat', 'W*,none'),
      ),
    )
    .map((parts) => parts.join('')),
  fc
    .tuple(
      fc.constantFrom('', '-'),
      fc.constantFrom(
        'loss',
        'step',
        'duration',
        'gpu_hours',
        'cost',
        'stars',
        'exit',
        'lr',
        'dim',
        'a.b',
        'datasets[0].x',
        'nothing',
      ),
      fc.constantFrom('>', '>=', '<', '<=', '=', '!='),
      fc.constantFrom('0', '1', '1e-4', '.5', '100', '-1', '0,1'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('lr=wolf', 'lr!=WOLF', 'lr="1e-4"', 'status:failed', '-status:failed,lost', 'verdict:none'),
  fc.constantFrom('since:2026-05-02T00:00Z', 'before:2026-05-01T10:00Z', 'wolf', '"grey wolf"', '-CAT', '""'),
);
