import { basename, resolve } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import type { Warning } from '../../model/facts.ts';
import { parseRunName } from '../../model/run-name.ts';

export interface TrainingRequest {
  name: string;
  /** What the script has set; empty where it has not. A `~` before a path is the home, in quotes too. */
  steps: string;
  trainingDir: string;
  outputDir: string;
  cwd: string;
  /** Absolute. */
  userHome: string;
}

/** What `setup_training_vars` sets. Paths are absolute. */
export interface TrainingVariables {
  name: string;
  dataset: string;
  trainingDir: string;
  /** Null where neither the name nor the script tells. */
  steps: number | null;
  /** Holds the directories of all runs. */
  outputDir: string;
  /** The run's own: `<outputDir>/<name>`. */
  directory: string;
  /** The name does not follow the convention. */
  warning: Warning | null;
}

const convention = '{model}-{dataset}-v{version}s{steps}';

/**
 * Dataset, steps and places of a training from its name, as far as the script has not set them.
 * Errors: `bad-name`, `bad-steps`.
 */
export function trainingVariables(request: TrainingRequest): TrainingVariables {
  const { name, cwd, userHome } = request;
  if (name === '' || name === '.' || name === '..' || /[/\u0000-\u001f\u007f]/.test(name)) {
    const hint = `A name is that of a directory and follows ${convention}, for example noob-wolf-v1s2400.`;
    throw new SpoorError(
      'usage',
      'bad-name',
      `setup_training_vars: ${JSON.stringify(name)} cannot be a run's name`,
      hint,
    );
  }
  const parsed = parseRunName(name);
  const at = (path: string) =>
    resolve(
      cwd,
      path.replace(/^~(?=\/|$)/, () => userHome),
    );
  const given = request.trainingDir === '' ? null : at(request.trainingDir);
  const dataset = parsed.dataset ?? (given === null ? null : basename(given)) ?? name;
  const trainingDir = given ?? resolve(userHome, 'datasets', dataset);
  const steps = request.steps === '' ? parsed.steps : stepsOf(request.steps);
  const outputDir = request.outputDir === '' ? resolve(userHome, 'output_dir') : at(request.outputDir);
  const directory = resolve(outputDir, name);
  const follows = parsed.model !== null && parsed.steps !== null;
  const warning = follows ? null : unconventional(name, dataset, steps);
  return { name, dataset, trainingDir, steps, outputDir, directory, warning };
}

function stepsOf(text: string): number {
  const steps = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(steps) && steps > 0) return steps;
  const hint = 'Set it to a whole number, for example STEPS=2400.';
  throw new SpoorError('usage', 'bad-steps', `STEPS is ${JSON.stringify(text)}, which is no number of steps`, hint);
}

function unconventional(name: string, dataset: string, steps: number | null): Warning {
  const told = steps === null ? 'no number of steps' : `${steps} steps`;
  return {
    code: 'name-outside-convention',
    message: `The name ${name} does not follow ${convention}: the dataset is taken to be ${dataset}, with ${told}`,
    hint: 'For example noob-wolf-v1s2400; or set TRAINING_DIR and STEPS.',
  };
}
