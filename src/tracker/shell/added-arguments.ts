import { readFile, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Setting } from '../../model/facts.ts';
import { type Identified, identify, type Understood } from '../identify.ts';

/** The variables of `setup_training_vars`, as they are when the training starts. */
export interface TrainingPlaces {
  name: string;
  /** Empty where it is not known. */
  steps: string;
  trainingDir: string;
  /** The run's output directory. */
  directory: string;
}

export interface Completed {
  command: string[];
  /** In the order of the command. */
  added: string[];
  /** Where the trainer will write: what it was told, else the run's directory. */
  outputDir: string;
  /** Whether the configuration names a dataset. */
  namesDataset: boolean;
}

/**
 * Completes a trainer's command with what the variables say and neither its arguments nor its configuration
 * file do. A trainer whose options are not known gets nothing. What it would take in the place of another
 * setting, or ignore for one, is left alone.
 */
export async function completeCommand(
  request: Understood,
  env: Readonly<Record<string, string | undefined>>,
  places: TrainingPlaces,
): Promise<Completed> {
  const identified = await identify(request, env);
  const told =
    isGiven(identified, 'output_dir') || !knows(identified, 'output_dir') ? identified.outputs.outputDir : null;
  const outputDir = told === null ? places.directory : resolve(request.cwd, told);
  const added: string[] = [];
  for (const [key, value] of await valuesOf(identified, places, outputDir)) {
    if (value !== null && knows(identified, key) && !isGiven(identified, key)) added.push(`--${key}=${value}`);
  }
  return {
    command: [...request.command, ...added],
    added,
    outputDir,
    namesDataset:
      identified.effective.datasets.length > 0 || added.some((each) => each.startsWith('--dataset_config=')),
  };
}

/** @param outputDir where the trainer will write, which its logs belong to */
async function valuesOf(
  identified: Identified,
  places: TrainingPlaces,
  outputDir: string,
): Promise<[string, string | null][]> {
  const { name, steps, trainingDir, directory } = places;
  const given = (...keys: string[]) => keys.some((key) => isGiven(identified, key));
  return [
    ['output_dir', directory],
    ['output_name', name],
    ['max_train_steps', steps === '' || given('max_train_epochs') ? null : steps],
    [
      'dataset_config',
      given('train_data_dir', 'in_json', 'dataset_class') ? null : await datasetConfig(identified, trainingDir),
    ],
    ['sample_prompts', await existing(join(trainingDir, 'sample-prompts.txt'))],
    ['logging_dir', join(outputDir, 'logs')],
  ];
}

const knows = ({ trainer, invocation }: Identified, key: string) => trainer.knows(key, invocation);

const isGiven = ({ effective }: Identified, key: string) =>
  effective.settings.some((each) => each.key === key && isSaid(each));

/** A configuration file may say `null` of what it leaves to the default. */
const isSaid = ({ source, value }: Setting) => source.kind !== 'default' && value !== null;

/** The dataset's `config.toml`, if it is one that describes datasets and not the trainer's own configuration. */
async function datasetConfig({ effective }: Identified, trainingDir: string): Promise<string | null> {
  const path = await existing(join(trainingDir, 'config.toml'));
  if (path === null || effective.files.some((each) => each.role === 'config' && each.path === path)) return null;
  const text = await readFile(path, 'utf8').catch(() => '');
  return /^\s*\[\[\s*datasets\s*\]\]/m.test(text) ? path : null;
}

async function existing(path: string): Promise<string | null> {
  const found = await stat(path).catch(() => null);
  return found?.isFile() ? path : null;
}
