import { access, mkdir, readdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, errorText, SpoorError } from '../../model/errors.ts';
import type { Home } from '../../store/home.ts';
import { readStandingRegistry } from '../layout-registry.ts';
import { loadRun } from '../load-run.ts';
import { readSetUp, rememberSetUp } from '../set-up.ts';
import type { TrainingVariables } from './training-variables.ts';

/** Errors: `training-dir-missing`. */
export async function requireTrainingDirectory({ trainingDir }: TrainingVariables): Promise<void> {
  const found = await stat(trainingDir).catch(() => null);
  if (found?.isDirectory()) return;
  const what = found === null ? 'does not exist' : 'is no directory';
  const hint = 'Create it, or set TRAINING_DIR in the script to the directory of the dataset.';
  throw new SpoorError('not-found', 'training-dir-missing', `The training directory ${trainingDir} ${what}`, hint);
}

/**
 * Makes the run's output directory and remembers that it was made, so that it can go again if nothing comes
 * of it. Errors: `output-exists`, `cannot-write`.
 *
 * @param home null where nothing can be recorded
 * @param make whether to make it, or only to see that it could be
 */
export async function setUpOutput(home: Home | null, variables: TrainingVariables, make: boolean): Promise<void> {
  const { directory } = variables;
  if (await stands(directory)) throw await alreadyThere(home, variables);
  if (!make) return;
  try {
    await mkdir(dirname(directory), { recursive: true });
    await mkdir(directory);
  } catch (error) {
    // Another script was faster.
    if (errorCode(error) === 'EEXIST' && (await stands(directory))) throw await alreadyThere(home, variables);
    throw cannotMake(directory, error);
  }
  if (home) await rememberSetUp(home, directory, {});
}

function cannotMake(directory: string, error: unknown): SpoorError {
  const hint = 'Set OUTPUT_DIR in the script to a directory that you may write to.';
  const message = `The output directory ${directory} cannot be made: ${errorText(error)}`;
  return new SpoorError('cannot-write', 'output-not-made', message, hint, error);
}

async function alreadyThere(home: Home | null, { directory, name, outputDir }: TrainingVariables): Promise<SpoorError> {
  const { owner, remedies } = await ownerOf(home, directory);
  const count = (await readdir(directory).catch(() => [])).length;
  const holds = count === 0 ? 'is empty' : `holds ${count} ${count === 1 ? 'entry' : 'entries'}`;
  const message = `The output directory ${directory} already exists${owner}; it ${holds}`;
  const hint = [`Take a name that is free: NAME=${await freeName(outputDir, name)}`, ...remedies];
  return new SpoorError('cannot-write', 'output-exists', message, hint.join('\n'));
}

/** Whose directory it is, ` (run 01K…, failed)`, and what can be done beside taking another name, a line each. */
async function ownerOf(home: Home | null, directory: string): Promise<{ owner: string; remedies: string[] }> {
  const away = [
    `or move it away: mv ${quoted(directory)} ${quoted(`${directory}.old`)}`,
    'or train into it: set ALLOW_EXISTING=1',
  ];
  const run = (await readStandingRegistry(directory))?.run;
  if (run !== undefined) {
    const status = home && (await loadRun(home, run).catch(() => null))?.status;
    const owner = ` (run ${run}${status ? `, ${status}` : ''})`;
    if (status === 'running') {
      return {
        owner,
        remedies: [`or wait for the training that writes there: spoor log -f ${run}`, `or end it: spoor stop ${run}`],
      };
    }
    const isOver = status === 'failed' || status === 'interrupted';
    return {
      owner,
      remedies: [...away, ...(isOver ? ['or see whether it is worth keeping: spoor clean --dry-run'] : [])],
    };
  }
  if (home === null || (await readSetUp(home, directory)) === null) return { owner: '', remedies: away };
  return {
    owner: ' (made by setup_training_vars for a training that has not begun)',
    remedies: [
      'or end the script that is about to train there',
      `or, if that was killed, remove what it left: spoor clean --output ${quoted(directory)} --created`,
    ],
  };
}

const quoted = (path: string) => `'${path.replaceAll("'", "'\\''")}'`;

/** The next version of the name for which there is no directory yet. */
async function freeName(outputDir: string, name: string): Promise<string> {
  const version = /^(.*-v)(\d{1,9})(.*)$/.exec(name);
  for (let number = version ? Number(version[2]) + 1 : 2; ; number++) {
    const next = version ? `${version[1]}${number}${version[3]}` : `${name}-v${number}`;
    if (!(await stands(join(outputDir, next)))) return next;
  }
}

const stands = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
