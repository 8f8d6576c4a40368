import type { Change, Compared } from './change.ts';
import { compareCommands } from './command.ts';
import { compareDatasets } from './dataset.ts';
import { compareEnvironments } from './environment.ts';
import { compareFiles } from './files.ts';
import { byImportance } from './importance.ts';
import { compareRepositories } from './repositories.ts';
import { compareSettings } from './settings.ts';

/**
 * What differs between what made two runs, the most important first. Compared by meaning: where a value
 * was written, in which order, and where a file lies is no change of effect. What was not recorded is
 * unknown, never unchanged; yet no run differs from itself.
 */
export function compareRuns(before: Compared, after: Compared): Change[] {
  if (before.run === after.run) return [];
  return [
    ...compareSettings(before, after),
    ...compareCommands(before, after),
    ...compareDatasets(before, after),
    ...compareRepositories(before, after),
    ...compareFiles(before, after),
    ...compareEnvironments(before, after),
  ].sort(byImportance);
}

/** Whether nothing that is known to differ can change the result. What is not known is told apart: look for `unknown`. */
export function isIdentical(changes: readonly Change[]): boolean {
  return !changes.some(({ effective, kind }) => effective && kind !== 'unknown');
}
