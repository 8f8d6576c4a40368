/** What `spoor prune` takes of a run and what it leaves, and why: the rule, without I/O. */
import type { MadeArtifact, Run } from '../../model/run.ts';
import { isStarred } from './places.ts';

export const keepable = ['starred', 'last', 'none'] as const;
/** What is left: places with a star, the last checkpoint and state, certain steps; `none` leaves nothing else. */
export type Keepable = (typeof keepable)[number] | number;

export interface PrunePlan {
  take: MadeArtifact[];
  leave: { artifact: MadeArtifact; why: string }[];
}

/**
 * Of checkpoints and states, those that stand or have a copy. A run that trains keeps its newest of each,
 * whatever is asked for.
 */
export function planPrune(run: Run, keep: readonly Keepable[]): PrunePlan {
  const plan: PrunePlan = { take: [], leave: [] };
  const made = run.artifacts.filter(
    ({ kind, removed, goneAt, object }) => kind !== 'sample' && removed === undefined && (goneAt === null || object),
  );
  const newest = new Set([lastOf(made, 'checkpoint'), lastOf(made, 'state')]);
  const running = run.status === 'running';
  // What was made last may be older than what was counted highest, after a resume.
  if (running) for (const kind of ['checkpoint', 'state'] as const) newest.add(latestOf(made, kind));
  for (const artifact of made) {
    const why =
      running && newest.has(artifact)
        ? 'the run trains still'
        : keep.includes('last') && newest.has(artifact)
          ? 'the last'
          : keep.includes('starred') && isStarred(run, artifact)
            ? 'starred'
            : artifact.step !== null && keep.includes(artifact.step)
              ? `step ${artifact.step}`
              : null;
    if (why === null) plan.take.push(artifact);
    else plan.leave.push({ artifact, why });
  }
  return plan;
}

/** The final one, else that of the highest step. */
function lastOf(made: readonly MadeArtifact[], kind: MadeArtifact['kind']): MadeArtifact | undefined {
  const all = made.filter((each) => each.kind === kind);
  return all.findLast(({ final }) => final) ?? all.at(-1);
}

function latestOf(made: readonly MadeArtifact[], kind: MadeArtifact['kind']): MadeArtifact | undefined {
  return made
    .filter((each) => each.kind === kind)
    .sort((a, b) => ((a.modifiedAt ?? '') < (b.modifiedAt ?? '') ? -1 : 1))
    .at(-1);
}
