/** The arguments of a training as its model's header tells them (docs/trainers.md). What it does not tell is not there. */
import type { ConfigValue, DatasetTold, Setting } from '../../model/facts.ts';
import { mirrored } from './confirm.ts';
import { fromPythonText } from './python-values.ts';
import { optionsOf } from './recognise.ts';
import type { Script } from './scripts.ts';
import { markIgnored } from './without-effect.ts';

type Metadata = Readonly<Record<string, string>>;

/** Options beyond those of `mirrored`, of trainings without a dataset configuration among them. */
const alike =
  'enable_bucket min_bucket_reso max_bucket_reso bucket_no_upscale color_aug flip_aug random_crop shuffle_caption keep_tokens training_comment noise_offset_random_strength ip_noise_gamma_random_strength'.split(
    ' ',
  );
const renamed: Readonly<Record<string, string>> = {
  ss_batch_size_per_device: 'train_batch_size',
  ss_sd_model_name: 'pretrained_model_name_or_path',
  ss_vae_name: 'vae',
  ss_debiased_estimation: 'debiased_estimation_loss',
};
/** Longer texts are lists of tags or captions. */
const longestText = 4_096;
const longestJson = 4 << 20;
const mostTags = 20_000;
const mostFolders = 1_000;

/** The script that trains what the header says was trained. */
export function scriptTold(metadata: Metadata): Script {
  const base = own(metadata, 'ss_base_model_version') ?? '';
  if (/^sdxl/.test(base)) return 'sdxl_train_network';
  if (/^sd3/.test(base)) return 'sd3_train_network';
  return /^flux/.test(base) ? 'flux_train_network' : 'train_network';
}

/** @param file the model, absolute */
export function settingsTold(metadata: Metadata, file: string): Setting[] {
  const script = scriptTold(metadata);
  const options = optionsOf(script);
  const source = { kind: 'metadata' as const, file };
  const settings: Setting[] = [];
  const add = (key: string, value: ConfigValue) => {
    if (value === null || settings.some((each) => each.key === key)) return;
    const option = options.get(key);
    settings.push({ key, value, source, effective: option ? !option.naming : true, known: option !== undefined });
  };
  for (const key of [...mirrored, ...alike]) {
    const text = own(metadata, `ss_${key}`);
    if (text !== null)
      add(key, key === 'output_name' || key === 'training_comment' ? plain(text) : fromPythonText(text));
  }
  for (const [told, key] of Object.entries(renamed)) {
    const text = own(metadata, told);
    if (text !== null) add(key, fromPythonText(text));
  }
  add('network_args', networkArguments(metadata));
  const resolution = fromPythonText(own(metadata, 'ss_resolution') ?? 'None');
  add('resolution', Array.isArray(resolution) ? resolution.join(',') : resolution);
  for (const [key, value] of Object.entries(optimizer(metadata))) add(key, value);
  markIgnored(script, settings, new Map());
  return settings;
}

const plain = (text: string): ConfigValue => (text === 'None' ? null : text);

/** `{"algo": "loha", "conv_dim": "4"}` as the command line has it: `algo=loha`. */
function networkArguments(metadata: Metadata): ConfigValue {
  const value = json(metadata, 'ss_network_args');
  if (!isRecord(value)) return null;
  const given = Object.entries(value).filter(([, each]) => ['string', 'number', 'boolean'].includes(typeof each));
  return given.length === 0 ? null : given.map(([key, each]) => `${key}=${each}`);
}

/** `bitsandbytes.optim.adamw.AdamW8bit(weight_decay=0.1,betas=(0.9, 0.99))`: a class, and what it was given. */
function optimizer(metadata: Metadata): Record<string, ConfigValue> {
  const text = own(metadata, 'ss_optimizer');
  const found = text === null ? null : /^(?:[\w.]+\.)?(\w+)(?:\((.*)\))?$/s.exec(text);
  if (!found) return {};
  const given = (found[2] ?? '').match(/\w+=(?:\([^()]*\)|\[[^[\]]*\]|[^,]*)/g);
  return { optimizer_type: found[1]!, optimizer_args: given ? [...given] : null };
}

/** What `ss_dataset_dirs`, `ss_tag_frequency` and `ss_datasets` tell; null where they tell nothing. */
export function datasetToldBy(metadata: Metadata, file: string): DatasetTold | null {
  const directories = json(metadata, 'ss_dataset_dirs');
  const frequencies = json(metadata, 'ss_tag_frequency');
  const folders = new Map<string, DatasetTold['folders'][number]>();
  const folder = (name: string) => {
    const found = folders.get(name) ?? { name, repeats: null, images: null, tags: null };
    if (folders.size < mostFolders) folders.set(name, found);
    return found;
  };
  const addDirectories = (value: unknown) => {
    for (const [name, each] of Object.entries(isRecord(value) ? value : {})) {
      if (!isRecord(each)) continue;
      Object.assign(folder(name), { repeats: countOf(each.n_repeats), images: countOf(each.img_count) });
    }
  };
  addDirectories(directories);
  const datasets = json(metadata, 'ss_datasets');
  const addTags = (value: unknown) => {
    for (const [name, each] of Object.entries(isRecord(value) ? value : {})) {
      if (isRecord(each)) folder(name).tags = tagsOf(each);
    }
  };
  for (const each of Array.isArray(datasets) ? datasets.slice(0, mostFolders) : []) {
    if (!isRecord(each)) continue;
    addDirectories(each.dataset_dirs);
    addTags(each.tag_frequency);
  }
  addTags(frequencies);
  return folders.size === 0 ? null : { by: file, folders: [...folders.values()] };
}

function tagsOf(value: Record<string, unknown>): Record<string, number> | null {
  const tags = Object.entries(value).filter((entry): entry is [string, number] => countOf(entry[1]) !== null);
  return tags.length > mostTags ? null : Object.fromEntries(tags.filter(([tag]) => tag !== '__proto__'));
}

function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0 ? value : null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function json(metadata: Metadata, key: string): unknown {
  const text = Object.hasOwn(metadata, key) ? metadata[key]! : '';
  if (text.length > longestJson) return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function own(metadata: Metadata, key: string): string | null {
  const text = Object.hasOwn(metadata, key) ? metadata[key]! : null;
  return text === null || text.length > longestText ? null : text;
}
