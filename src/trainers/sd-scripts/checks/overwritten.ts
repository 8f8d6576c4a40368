import { someOf } from '../../generic-checks.ts';
import type { ArtifactName, CheckSubject, Finding } from '../../trainer.ts';
import type { SavePlan } from './saves.ts';

/** Checkpoints and states of an earlier run in whose place this one will write its own. */
export function overwritten({ standing, outputs, settings }: CheckSubject, plan: SavePlan): Finding[] {
  const written = standing.filter(({ name }) => willWrite(name, plan));
  const inOrder = written.sort((a, b) => Number(b.name.final) - Number(a.name.final) || (a.path < b.path ? -1 : 1));
  const taken = inOrder.map(({ path }) => path);
  if (taken.length === 0) return [];
  const count = taken.length === 1 ? 'a file' : `${taken.length} files`;
  const message = `${count} of an earlier run will be overwritten: ${someOf(taken)} in ${outputs.outputDir}`;
  const resumes = settings.some(({ key, value }) => key === 'resume' && typeof value === 'string' && value !== '');
  const hint = resumes
    ? 'A resumed run counts its steps from 0, unless skip_until_initial_step is set.'
    : 'Set another output_name or output_dir, or move them away.';
  return [{ severity: 'warning', code: 'would-overwrite', message, hint }];
}

function willWrite({ kind, step, epoch, final }: ArtifactName, plan: SavePlan): boolean {
  if (kind === 'sample' || (kind === 'state' && (final ? plan.states === 0 : !plan.savesStates))) return false;
  if (final) return true;
  if (step !== null) return isReached(step, plan.everySteps, plan.steps);
  return epoch !== null && isReached(epoch, plan.everyEpochs, plan.epochs === null ? null : plan.epochs - 1);
}

function isReached(at: number, every: number | null, last: number | null): boolean {
  return every !== null && at % every === 0 && (last === null || at <= last);
}
