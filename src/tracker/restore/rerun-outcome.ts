import type { Change } from '../../diff/change.ts';
import { isIdentical } from '../../diff/compare.ts';
import type { Measured } from '../../model/facts.ts';
import type { Run } from '../../model/run.ts';
import { effectiveChanges } from './rerun.ts';

/** What a run and its rerun have in common. */
export interface RerunOutcome {
  /** Whether nothing that is known of the inputs differs. */
  identical: boolean;
  changes: Change[];
  /** What of the inputs was not recorded of one of them. */
  unknown: Change[];
  loss: { before: Measured | null; after: Measured | null };
  /** Series that both have: how many, and the tags of those that differ. */
  series: { compared: number; different: string[] };
  /** SHA-256 of the last checkpoint's tensors; null where there is none. */
  tensors: { before: string | null; after: string | null };
}

export function rerunOutcome(parent: Run, now: Run): RerunOutcome {
  const all = effectiveChanges(parent, now);
  const series = parent.series.flatMap((before) => {
    const after = now.series.find(({ tag }) => tag === before.tag);
    return after === undefined ? [] : [{ tag: before.tag, same: JSON.stringify(before) === JSON.stringify(after) }];
  });
  return {
    identical: isIdentical(all),
    changes: all.filter(({ kind }) => kind !== 'unknown'),
    unknown: all.filter(({ kind }) => kind === 'unknown'),
    loss: { before: parent.progress?.loss ?? null, after: now.progress?.loss ?? null },
    series: { compared: series.length, different: series.filter(({ same }) => !same).map(({ tag }) => tag) },
    tensors: { before: finalTensors(parent), after: finalTensors(now) },
  };
}

function finalTensors({ artifacts }: Run): string | null {
  return artifacts.findLast(({ kind, final }) => kind === 'checkpoint' && final)?.tensorSha256 ?? null;
}
