import { findProgram } from '../launch/program.ts';
import { SpoorError } from '../model/errors.ts';
import type { Finding } from '../trainers/trainer.ts';
import { compareWithFamily, type FamilyComparison } from './compare-family.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Recording } from './request.ts';
import { byGravity, findingsOf } from './severity.ts';

export interface CheckedRun extends FamilyComparison {
  /** The gravest first. */
  findings: Finding[];
}

/** How long the earlier runs are read at most, in milliseconds. */
const patience = 5_000;

/** All that can be told of a run before it is started. Nothing of it is recorded. */
export async function checkRun(prepared: PreparedRun, recording: Recording): Promise<CheckedRun> {
  const until = performance.now() + patience;
  const family = await compareWithFamily(prepared, recording, () => performance.now() < until);
  return { ...family, findings: [...startOf(prepared), ...findingsOf(prepared, family)].sort(byGravity) };
}

/** Whether there is a program to start at all. */
function startOf({ argv, cwd, env }: PreparedRun): Finding[] {
  try {
    findProgram(argv[0] ?? '', { path: env.PATH, cwd });
    return [];
  } catch (error) {
    if (!(error instanceof SpoorError)) throw error;
    return [{ severity: 'error', code: error.code, message: error.message, hint: error.hint }];
  }
}
