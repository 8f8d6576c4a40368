/** The `ss_*` entries of sd-scripts and of what writes like it. */
import { scriptTold } from '../sd-scripts/header-settings.ts';
import { optionsOf } from '../sd-scripts/recognise.ts';
import type { FileMetadata } from './metadata.ts';
import { countOf, jsonObject, jsonObjects, pythonValue } from './values.ts';

/** Entries that tell of the file, the dataset or the hour, not of an argument. */
const notArguments = new Set(
  (
    'session_id training_started_at training_finished_at steps epoch sd_scripts_commit_hash sd_model_hash ' +
    'new_sd_model_hash vae_hash new_vae_hash datasets tag_frequency dataset_dirs reg_dataset_dirs bucket_info ' +
    'num_train_images num_reg_images num_batches_per_epoch base_model_version total_batch_size network_args optimizer ' +
    'batch_size_per_device num_epochs sd_model_name vae_name'
  ).split(' '),
);

/** The arguments that the entries stand for, by the names of the command line. */
export function kohyaSettings(metadata: Readonly<Record<string, string>>): FileMetadata['settings'] {
  const settings: FileMetadata['settings'] = [];
  const put = (key: string, text: string | undefined) => {
    if (text !== undefined && text !== 'None') settings.push({ key, value: pythonValue(text) });
  };
  put('pretrained_model_name_or_path', metadata.ss_sd_model_name);
  put('vae', metadata.ss_vae_name);
  put('train_batch_size', metadata.ss_batch_size_per_device);
  put('max_train_epochs', metadata.ss_num_epochs);
  // `torch.optim.adamw.AdamW(weight_decay=0.1,betas=(0.9, 0.99))`: the class, then its arguments.
  const [, type, optimizerArguments] = /^([^(]{1,200})(?:\((.*)\))?$/s.exec(metadata.ss_optimizer ?? '') ?? [];
  if (type !== undefined) settings.push({ key: 'optimizer_type', value: type });
  if (optimizerArguments) settings.push({ key: 'optimizer_args', value: splitArguments(optimizerArguments) });
  for (const [key, text] of Object.entries(metadata)) {
    if (key.startsWith('ss_') && !notArguments.has(key.slice(3))) put(key.slice(3), text);
  }
  const network = jsonObject(metadata.ss_network_args);
  if (network) {
    settings.push({
      key: 'network_args',
      value: Object.entries(network).map(([key, value]) => `${key}=${text(value)}`),
    });
  }
  return settings.sort((a, b) => (a.key < b.key ? -1 : 1));
}

/** A switch that is off, and what sd-scripts has where nothing is said. */
export function kohyaDefaults(
  settings: FileMetadata['settings'],
  metadata: Readonly<Record<string, string>>,
): string[] {
  const options = optionsOf(scriptTold(metadata));
  return settings.flatMap(({ key, value }) => {
    const usual = options.get(key)?.default ?? false;
    return value === usual || (value === 'no' && key === 'mixed_precision') ? [key] : [];
  });
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** At commas that stand in no brackets. */
function splitArguments(list: string): string[] {
  const found: string[] = [];
  let depth = 0;
  let begin = 0;
  for (let at = 0; at <= list.length; at++) {
    const character = list[at];
    if (character === '(' || character === '[') depth++;
    else if (character === ')' || character === ']') depth--;
    else if (character === undefined || (character === ',' && depth <= 0)) {
      const each = list.slice(begin, at).trim();
      if (each !== '') found.push(each);
      begin = at + 1;
    }
  }
  return found;
}

/** Tags, folders and buckets: flat, or one set a dataset in `ss_datasets`. */
export function kohyaTags(
  metadata: Readonly<Record<string, string>>,
): Pick<FileMetadata, 'tags' | 'folders' | 'buckets'> {
  const counts = new Map<string, number>();
  const folders: FileMetadata['folders'] = [];
  const buckets = new Map<string, FileMetadata['buckets'][number]>();
  const datasets = jsonObjects(metadata.ss_datasets);
  const frequency = jsonObject(metadata.ss_tag_frequency);
  for (const tags of [frequency ?? {}, ...(frequency ? [] : datasets.map((each) => record(each.tag_frequency)))]) {
    for (const folder of Object.values(tags)) {
      for (const [tag, count] of Object.entries(record(folder))) {
        const plain = tag.trim();
        counts.set(plain, (counts.get(plain) ?? 0) + (countOf(count) ?? 0));
      }
    }
  }
  for (const [name, folder] of Object.entries(jsonObject(metadata.ss_dataset_dirs) ?? {})) {
    folders.push({ name, repeats: countOf(record(folder).n_repeats), images: countOf(record(folder).img_count) });
  }
  for (const subset of datasets.flatMap((each) => (Array.isArray(each.subsets) ? each.subsets.map(record) : []))) {
    const name = String(subset.image_dir ?? subset.metadata_file ?? '');
    folders.push({ name, repeats: countOf(subset.num_repeats), images: countOf(subset.img_count) });
  }
  for (const info of [jsonObject(metadata.ss_bucket_info), ...datasets.map((each) => record(each.bucket_info))]) {
    for (const bucket of Object.values(record(info?.buckets))) {
      const { resolution, count } = record(bucket);
      const [width, height] = Array.isArray(resolution) ? resolution.map(countOf) : [];
      if (width === null || width === undefined || height === null || height === undefined) continue;
      const of = buckets.get(`${width}x${height}`) ?? { width, height, count: 0 };
      of.count += countOf(count) ?? 0;
      buckets.set(`${width}x${height}`, of);
    }
  }
  const tags = [...counts].map(([tag, count]) => ({ tag, count }));
  return {
    tags: tags.sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1)),
    folders,
    buckets: [...buckets.values()].sort((a, b) => b.count - a.count),
  };
}

function record(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};
}
