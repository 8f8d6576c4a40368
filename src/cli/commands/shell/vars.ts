import { errorText } from '../../../model/errors.ts';
import { openHome } from '../../../store/home.ts';
import { requireTrainingDirectory, setUpOutput } from '../../../tracker/shell/set-up-output.ts';
import { trainingVariables } from '../../../tracker/shell/training-variables.ts';
import type { Context } from '../../context.ts';
import { warn } from '../../failure.ts';
import { debug, type ShellOptions } from './debug.ts';
import { assignments, changes } from './quote.ts';

export interface VarsOptions extends ShellOptions {
  steps: string;
  trainingDir: string;
  outputDir: string;
  allowExisting?: true;
}

/** `setup_training_vars`: makes the output directory and prints what the shell is to set. */
export async function shellVars(context: Context, name: string, options: VarsOptions): Promise<number> {
  const { cwd, userHome } = context;
  const variables = trainingVariables({ ...options, name, cwd, userHome });
  if (variables.warning) warn(context, variables.warning.message, variables.warning.hint);
  await requireTrainingDirectory(variables);
  const { dataset, trainingDir, outputDir, directory } = variables;
  const steps = variables.steps === null ? '' : String(variables.steps);
  const created = await setUp(context, variables, options);
  debug(
    context,
    options,
    `NAME=${name} DATASET_NAME=${dataset} STEPS=${steps}`,
    `TRAINING_DIR=${trainingDir}`,
    `OUTPUT_DIR=${outputDir}; the run's directory is ${directory}, ${created ? 'made' : 'not made'}`,
  );
  const told = [
    // First, so that the directory goes again even if something below cannot be set.
    assignments({ __spoor_created: created ? directory : '' }),
    changes({ NAME: name, DATASET_NAME: dataset, TRAINING_DIR: trainingDir, STEPS: steps, OUTPUT_DIR: outputDir }),
    assignments({
      __spoor_steps: options.steps === '' ? steps : '',
      __spoor_training: options.trainingDir === '' ? trainingDir : '',
      __spoor_dir: directory,
    }),
  ];
  context.stdout.write(`${told.join('\n')}\n`);
  return 0;
}

/** @returns whether the directory was made; one that was there before is nobody's to remove */
async function setUp(
  context: Context,
  variables: ReturnType<typeof trainingVariables>,
  { dryRun, allowExisting }: VarsOptions,
): Promise<boolean> {
  const home = await openHome(context.home, context.host, context.cache).catch((error) => {
    warn(context, `This training will not be recorded: ${errorText(error)}`, null);
    return null;
  });
  try {
    await setUpOutput(home, variables, !dryRun);
    return !dryRun;
  } catch (error) {
    if (allowExisting && (error as { code?: string }).code === 'output-exists') return false;
    throw error;
  }
}
