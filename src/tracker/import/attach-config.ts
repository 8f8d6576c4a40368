/** Configurations found beside models: one is a training's if the model's header contradicts nothing in it. */

import { hash } from 'node:crypto';
import { openRegular, readFully } from '../../follow/open-regular.ts';
import { maximumConfigBytes, parseConfig } from '../../formats/config/config-file.ts';
import type { ConfigFile } from '../../model/config-file.ts';
import type { Setting } from '../../model/facts.ts';
import { guiSettings, isGuiConfig } from '../../trainers/sd-scripts/gui-config.ts';
import { scriptTold, settingsTold } from '../../trainers/sd-scripts/header-settings.ts';
import { sdScripts } from '../../trainers/sd-scripts/sd-scripts.ts';
import { seeThrough } from '../../trainers/see-through.ts';
import type { Confirmation } from '../../trainers/trainer.ts';
import type { FoundFile } from './find-files.ts';
import { emptyTraining, type FoundConfig, nearestTo, type Training, type TrainingIndex } from './training.ts';

/** `kumo_20261123-205344.json`, `config_lora-20261123-205344.toml`: the GUI's, written as it starts a training. */
const startedByGui = /[_-](\d{4})(\d\d)(\d\d)-(\d\d)(\d\d)(\d\d)\.(?:json|toml)$/;

/** Gives the configuration to the trainings near it that it fits, or makes one of it where it tells of a start. */
export async function attachConfig(file: FoundFile, index: TrainingIndex): Promise<void> {
  const parsed = await readConfig(file);
  if (parsed?.value == null) return;
  const near = nearestTo(file.directory, index);
  let taken = false;
  for (const training of near) {
    const config = configOf(file, parsed, training);
    if (config === null) continue;
    const wrong = contradictions(config, training);
    if (wrong.length === 0 && isBetter(file, training)) {
      training.config = config;
      taken = true;
    } else if (wrong.length > 0 && near.length === 1 && file.directory === training.directory) {
      training.warnings.push(differs(file, wrong));
    }
  }
  const at = startOf(file);
  if (taken || near.some(({ config }) => config !== null) || (at === null && !file.named)) return;
  const training = emptyTraining('configuration', file.directory);
  const config = configOf(file, parsed, training);
  if (config === null) return;
  index.add({ ...training, config, startedAt: at });
}

type Parsed = ConfigFile & { sha256: string };

async function readConfig(file: FoundFile): Promise<Parsed | null> {
  const limit = file.kind === 'json' ? maximumConfigBytes.json : maximumConfigBytes.toml;
  if (file.bytes > limit) return null;
  const handle = await openRegular(file.path, file.named ? 'follow' : 'refuse');
  if (handle === null) return null;
  try {
    const buffer = new Uint8Array(Math.min(limit, file.bytes) + 1);
    const bytes = buffer.subarray(0, await readFully(handle, buffer, 0));
    return { ...(await parseConfig(bytes, { path: file.path, role: 'config' })), sha256: hash('sha256', bytes, 'hex') };
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

/** Null for a file that is no trainer's configuration. */
function configOf(file: FoundFile, parsed: Parsed, { models }: Training): FoundConfig | null {
  const { sha256 } = parsed;
  if (parsed.format === 'json') {
    if (!isGuiConfig(parsed)) return null;
    return { ...file, file: parsed, sha256, settings: guiSettings(parsed), plan: null, datasets: [] };
  }
  const script = scriptTold(models.at(-1)?.metadata ?? {});
  const invocation = seeThrough(['python', `${script}.py`, '--config_file', file.path], file.directory);
  const { settings, outputs, datasets } = sdScripts.effective(invocation, [parsed]);
  const given = settings.filter(({ source }) => source.kind === 'config-file');
  // Any TOML file may lie here: one that says nothing the trainer knows is not its own.
  if (!given.some(({ key, known }) => known && telling.has(key))) return null;
  const own = settings.filter(({ source, key }) => source.kind !== 'argument' && key !== 'config_file');
  return { ...file, file: parsed, sha256, settings: own, plan: outputs, datasets };
}

const telling = new Set([
  'pretrained_model_name_or_path',
  'network_module',
  'train_data_dir',
  'dataset_config',
  'output_name',
]);

function contradictions(config: FoundConfig, { models }: Training): Confirmation[] {
  const final = models.at(-1);
  if (final === undefined) return [];
  if (config.file.format === 'json') {
    const told = new Map(settingsTold(final.metadata, final.path).map(({ key, value }) => [key, value]));
    const differing = config.settings.filter(
      ({ key, value }) => guiKeys.has(key) && told.has(key) && told.get(key) !== value,
    );
    return differing.map(({ key, value }) => ({ key, predicted: value, actual: told.get(key)!, disagrees: true }));
  }
  const told = sdScripts.confirm(config.settings, final.metadata, sdScripts.logReader().state());
  const name = config.plan?.outputName ?? null;
  const wrong = told.filter(({ disagrees }) => disagrees);
  if (wrong.length === 0 && name !== null && name !== final.outputName && final.session === null) {
    return [{ key: 'output_name', predicted: name, actual: final.outputName, disagrees: true }];
  }
  return wrong;
}

const guiKeys = new Set(['output_name', 'network_dim', 'network_alpha', 'learning_rate', 'lr_scheduler']);

/** A file that says more goes before one that says less; of two alike the one written last before the start. */
function isBetter(file: FoundFile, { config, startedAt }: Training): boolean {
  if (config === null) return true;
  if (config.kind !== file.kind) return file.kind === 'toml';
  const late = (each: FoundFile) => Number(startedAt !== null && (startOf(each) ?? 0) > startedAt + 60_000);
  return late(file) < late(config) || (late(file) === late(config) && (startOf(file) ?? 0) > (startOf(config) ?? 0));
}

/** When the GUI started a training, by the file's name, in this machine's local time. */
function startOf({ name }: FoundFile): number | null {
  const parts = startedByGui.exec(name)?.slice(1).map(Number);
  if (!parts) return null;
  const [year, month, day, hour, minute, second] = parts as [number, number, number, number, number, number];
  return new Date(year, month - 1, day, hour, minute, second).getTime();
}

/** What the header bears out is known; the rest may have been edited since. */
export function weighed(config: FoundConfig, told: readonly Setting[], proven: boolean): Setting[] {
  const confirmed = new Set(told.map(({ key }) => key));
  return config.settings.map((setting) =>
    proven || confirmed.has(setting.key) ? withoutDoubt(setting) : { ...setting, certainty: 'guessed' },
  );
}

function withoutDoubt({ certainty: _, ...setting }: Setting): Setting {
  return setting;
}

function differs({ path }: FoundFile, wrong: readonly Confirmation[]) {
  const shown = wrong
    .slice(0, 3)
    .map(
      ({ key, predicted, actual }) => `${key} is ${JSON.stringify(predicted)} there and was ${JSON.stringify(actual)}`,
    );
  return {
    code: 'config-differs',
    message: `${path} is not what this was trained with: ${shown.join(', ')}${wrong.length > 3 ? `, and ${wrong.length - 3} more` : ''}`,
    hint: 'The settings are those that the model tells.',
  };
}
