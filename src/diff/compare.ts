import { type Change, type Compared, change } from './change.ts';
import { compareCommands } from './command.ts';
import { compareDatasets } from './dataset.ts';
import { compareEnvironments } from './environment.ts';
import { compareFiles } from './files.ts';
import { byImportance } from './importance.ts';
import { withoutKnowledge } from './imported.ts';
import { comparePrompts } from './prompts.ts';
import { type AskCode, compareRepositories } from './repositories.ts';
import { compareSettings } from './settings.ts';

/**
 * What differs between what made two runs, the most important first. Compared by meaning: where a value
 * was written, in which order, and where a file lies is no change of effect. What was not recorded is
 * unknown, never unchanged; yet no run differs from itself.
 */
export function compareRuns(before: Compared, after: Compared): Change[] {
  return compareClosely(before, after).filter(({ partOf }) => partOf === null);
}

/**
 * As `compareRuns`, with the parts of the changes: files and commits of a repository, images and captions of a
 * dataset, fields of a prompt.
 * @param ask what git tells of a pair of repositories
 */
export function compareClosely(before: Compared, after: Compared, ask?: AskCode): Change[] {
  if (before.run === after.run) return [];
  const changes = [
    ...compareSettings(before, after),
    ...compareCommands(before, after),
    ...compareDatasets(before, after),
    ...compareRepositories(before, after, ask),
    ...compareFiles(before, after),
    ...comparePrompts(before, after),
    ...compareEnvironments(before, after),
    ...uncertain(before, after),
  ];
  return withConsequences(withoutKnowledge(changes, before.run, after.run), before, after).sort(byImportance);
}

/** What sd-scripts counts by itself from the dataset and the settings. */
const counted = new Set([
  'num_train_images',
  'num_reg_images',
  'num_batches_per_epoch',
  'num_epochs',
  'total_batch_size',
]);

/** Where images and settings of both are known, other counts only follow from other images or settings. */
function withConsequences(changes: Change[], a: Compared, b: Compared): Change[] {
  const isCount = ({ area, subject }: Change) => area === 'arguments' && counted.has(subject);
  const isCause = (each: Change) =>
    each.effective && each.kind !== 'unknown' && (each.area === 'dataset' || each.area === 'arguments');
  const isKnown = a.run.dataset !== null && b.run.dataset !== null;
  if (!isKnown || !changes.some((each) => isCause(each) && !isCount(each))) return changes;
  const detail = 'follows from what else changed';
  return changes.map((each) => (isCount(each) && each.effective ? { ...each, effective: false, detail } : each));
}

/** What was read of a training after it had begun may not be what the trainer read. */
function uncertain(a: Compared, b: Compared): Change[] {
  const late = [a, b].flatMap(({ run }) => (run.late && run.late.changed.length > 0 ? [run.late] : []));
  if (late.length === 0) return [];
  const paths = late.flatMap(({ changed }) => changed);
  const detail = `changed between launch and capture: ${paths.slice(0, 3).join(', ')}${paths.length > 3 ? ' …' : ''}`;
  return [change('config', 'unknown', 'files read late', { detail })];
}

/** Whether nothing that is known to differ can change the result. What is not known is told apart: look for `unknown`. */
export function isIdentical(changes: readonly Change[]): boolean {
  return !changes.some(({ effective, kind }) => effective && kind !== 'unknown');
}
