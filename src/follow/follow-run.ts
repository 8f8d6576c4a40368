import { join } from 'node:path';
import type { Artifact, Warning } from '../model/facts.ts';
import type { LogState, OutputPlan, TakeBarPoint, Trainer } from '../trainers/trainer.ts';
import { type ArtifactFact, watchArtifacts } from './artifacts.ts';
import { readFirstCheckpointMetadata } from './first-checkpoint.ts';
import { followLog } from './log.ts';
import type { OutputListing } from './outputs.ts';
import { type PromptsVersion, watchPrompts } from './prompts.ts';
import { startPulse } from './pulse.ts';

export interface FollowOptions {
  trainer: Pick<Trainer, 'artifact' | 'logReader'>;
  outputs: OutputPlan;
  cwd: string;
  logPath: string;
  /** Milliseconds since 1970, read before the trainer was started. */
  startedAt: number;
  existedBefore: OutputListing | null;
  /** From the journal, so that starting again repeats nothing. */
  known: readonly Artifact[];
  /** Prompt files, each with the SHA-256 recorded last. */
  prompts: readonly { path: string; recorded: string | null }[];
  /** Whether the first checkpoint's metadata has still to be told. */
  wantsMetadata: boolean;
  /** Aborted when the trainer has ended; already aborted to go once over what a crash left. */
  ended: AbortSignal;
  /** Told what the log has told so far, at each look while the trainer lives. */
  looked?: (log: LogState) => void;
  /** Takes the bar's points; called again when the log turns out to be another one. */
  barPoints?: () => TakeBarPoint;
  settleMs?: number;
  everyMs?: number;
}

/** What following tells, in an order in which it may be journalled line by line. */
export type Followed =
  | ArtifactFact
  /** Seen when the log stood at this step. */
  | { type: 'prompts'; version: PromptsVersion; step: number | null }
  | { type: 'metadata'; path: string; metadata: Record<string, string>; log: LogState }
  /** The last one: all that the log said. */
  | { type: 'log'; log: LogState };

/**
 * Follows a run to its end. It holds nothing that cannot be had again from the log, the output
 * directory and the journal: break it off at any point, start it anew, and the record is the same.
 */
export async function* followRun(options: FollowOptions): AsyncGenerator<Followed> {
  const { trainer, outputs, cwd, startedAt, existedBefore, known, ended } = options;
  const everyMs = options.everyMs ?? 2_000;
  const settle = options.settleMs === undefined ? {} : { settleMs: options.settleMs };
  const log = followLog({ path: options.logPath, reader: () => trainer.logReader(options.barPoints?.()) });
  const artifacts = watchArtifacts({ outputs, trainer, cwd, startedAt, existedBefore, known, ...settle });
  const prompts = options.prompts.map((each) => watchPrompts({ ...each, ...settle }));
  const standing = new Map(known.map((artifact) => [artifact.path, artifact]));
  let wantsMetadata = options.wantsMetadata;

  async function* look(last: boolean): AsyncGenerator<Followed> {
    while ((await log.poll()).more);
    for (const each of prompts) {
      const found = await (last ? each.finish() : each.poll());
      if (found)
        yield 'code' in found ? warned(found) : { type: 'prompts', version: found, step: log.state().progress.step };
    }
    for await (const fact of last ? artifacts.finish(log.state()) : artifacts.scan(log.state())) {
      if (fact.type === 'artifact') standing.set(fact.artifact.path, fact.artifact);
      yield fact;
    }
    if (!wantsMetadata) return;
    const first = await readFirstCheckpointMetadata([...standing.values()]);
    if (!first) return;
    wantsMetadata = false;
    yield { type: 'metadata', ...first, log: log.state() };
  }

  const directories = outputs.outputDir === null ? [] : [outputs.outputDir, join(outputs.outputDir, 'sample')];
  const pulse = startPulse({ directories, everyMs, until: ended });
  const live = !ended.aborted;
  let restMs = 0;
  try {
    while (!ended.aborted) {
      await pulse.next(restMs);
      const began = performance.now();
      yield* look(false);
      options.looked?.(log.state());
      restMs = restAfter(performance.now() - began);
    }
    // What the trainer deleted until its very end; after a crash nobody knows who deleted what since.
    if (live) yield* look(false);
    yield* look(true);
    const state = log.state();
    log.end();
    yield { type: 'log', log: state };
  } finally {
    pulse.close();
  }
}

/** A directory that takes long to look through is looked through less often: a tenth of the time at most. */
function restAfter(lookMs: number): number {
  return Math.min(Math.max(200, 10 * lookMs), 60_000);
}

function warned(warning: Warning): Followed {
  return { type: 'warning', warning };
}
