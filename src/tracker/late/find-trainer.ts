import { resolve } from 'node:path';
import { type OtherProcess, readProcess } from '../../launch/other-process.ts';
import { processIds, processStat } from '../../launch/processes.ts';
import { SpoorError } from '../../model/errors.ts';
import type { Warning } from '../../model/facts.ts';
import { trainerFor } from '../../trainers/registry.ts';
import { seeThrough } from '../../trainers/see-through.ts';

/** A process that runs a known trainer, and which script or module of it. */
interface Candidate {
  process: OtherProcess;
  /** Null for what is no known trainer. */
  training: string | null;
}

/**
 * The process that stands for a training: of those that run the same trainer's script, a launcher and its workers, the
 * outermost. Where neither the process nor what it descends from is a trainer, the only one beneath it (`./train.sh`).
 * Else the process itself, with a warning.
 *
 * @throws SpoorError as `readProcess`; `several-trainings` where more than one runs beneath
 */
export function findTrainer(pid: number): { process: OtherProcess; warnings: Warning[] } {
  const asked = candidate(readProcess(pid));
  const above = [asked, ...ancestorsOf(asked.process)];
  const nearest = above.find(({ training }) => training !== null);
  if (nearest) {
    const outermost = above.findLast(({ training }) => training === nearest.training)!;
    return { process: outermost.process, warnings: [] };
  }
  const beneath = outermostBeneath(pid);
  if (beneath.length > 1) {
    const pids = beneath.map(({ process }) => process.identity.pid).join(', ');
    const hint = `Attach to one of them: ${pids}.`;
    throw new SpoorError('usage', 'several-trainings', `${beneath.length} trainings run beneath process ${pid}`, hint);
  }
  if (beneath[0]) return { process: beneath[0].process, warnings: [] };
  return { process: asked.process, warnings: [unknownTrainer(asked.process)] };
}

function candidate(process: OtherProcess): Candidate {
  const invocation = seeThrough(process.argv, process.cwd);
  const { id } = trainerFor(invocation);
  const what = invocation.script === null ? invocation.module : resolve(invocation.cwd, invocation.script);
  return { process, training: id === 'generic' ? null : `${id} ${what}` };
}

function ancestorsOf({ parent }: OtherProcess): Candidate[] {
  const found: Candidate[] = [];
  for (let pid = parent; pid > 1; ) {
    const each = readable(pid);
    if (each === null) break;
    found.push(each);
    pid = each.process.parent;
  }
  return found;
}

/** Walks down only as far as the first trainer of each branch. */
function outermostBeneath(pid: number): Candidate[] {
  const children = Map.groupBy(processIds(), (each) => processStat(each)?.parent ?? 0);
  const found: Candidate[] = [];
  const queue = [...(children.get(pid) ?? [])];
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const each = readable(next);
    if (each && each.training !== null) found.push(each);
    else queue.push(...(children.get(next) ?? []));
  }
  return found;
}

/** Null for what has ended, or belongs to another user. */
function readable(pid: number): Candidate | null {
  try {
    return candidate(readProcess(pid));
  } catch (error) {
    if (error instanceof SpoorError) return null;
    throw error;
  }
}

function unknownTrainer({ identity, argv }: OtherProcess): Warning {
  return {
    code: 'unknown-trainer',
    message: `process ${identity.pid} (${argv[0]}) is no trainer that Spoor knows: what it reads and writes is known only as far as its arguments tell`,
    hint: 'Name what it uses with --output-dir and --dataset.',
  };
}
