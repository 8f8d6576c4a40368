/** Configurations that the kohya_ss GUI saves: JSON whose keys are mostly sd-scripts' own. */
import type { ConfigFile } from '../../model/config-file.ts';
import type { ConfigValue, Setting } from '../../model/facts.ts';
import { optionsOf } from './recognise.ts';
import { markIgnored } from './without-effect.ts';

const renamed: Readonly<Record<string, string>> = {
  epoch: 'max_train_epochs',
  optimizer: 'optimizer_type',
  max_resolution: 'resolution',
  lora_network_weights: 'network_weights',
  num_cpu_threads_per_process: 'accelerate.num_cpu_threads_per_process',
};
/** In the GUI 0 means that none is given. */
const zeroIsNone = new Set([
  'max_train_steps',
  'max_train_epochs',
  'unet_lr',
  'text_encoder_lr',
  'seed',
  'lr_warmup_steps',
]);

/** Whether a JSON file is such a configuration: it names a model and a dataset in the GUI's words. */
export function isGuiConfig({ format, value }: ConfigFile): boolean {
  return (
    format === 'json' &&
    value !== null &&
    typeof value.pretrained_model_name_or_path === 'string' &&
    typeof value.train_data_dir === 'string' &&
    ('LoRA_type' in value || 'sample_every_n_epochs' in value || 'model_list' in value)
  );
}

/** What the trainer was given, as far as the GUI's own additions do not matter: all of it a guess. */
export function guiSettings(file: ConfigFile): Setting[] {
  const script = file.value?.sdxl === true ? 'sdxl_train_network' : 'train_network';
  const options = optionsOf(script);
  const settings: Setting[] = [];
  for (const [name, written] of Object.entries(file.value ?? {})) {
    const key = renamed[name] ?? name;
    const option = options.get(key);
    const value = option === undefined ? null : given(key, written, option.type, option.list === true);
    if (option === undefined || value === null) continue;
    const line = file.lines.get(name);
    const source = { kind: 'config-file' as const, file: file.path, ...(line === undefined ? {} : { line }) };
    settings.push({ key, value, source, effective: !option.naming, known: true, certainty: 'guessed' });
  }
  markIgnored(script, settings, new Map());
  return settings;
}

/** The GUI keeps numbers as text, and an empty text where nothing is given. */
function given(key: string, value: ConfigValue, type: string, list: boolean): ConfigValue {
  if (value === '' || value === null || value === false) return null;
  if (list && typeof value === 'string') return value.trim().split(/\s+/);
  const isNumber = type !== 'string' && type !== 'flag' && typeof value === 'string' && value.trim() !== '';
  const number = isNumber ? Number(value) : value;
  if (typeof number === 'number' && (Number.isNaN(number) || (number === 0 && zeroIsNone.has(key)))) return null;
  return number;
}
