/** `--dataset_config`: subset over dataset over general over command line, the reverse of everything else. */
import type { ConfigFile } from '../../model/config-file.ts';
import type { ConfigValue, Setting, SettingSource, Warning } from '../../model/facts.ts';
import type { Layers, Placed } from './layers.ts';
import { nearest } from './nearest.ts';

type Table = Record<string, ConfigValue>;

/** Keys that a dataset has by itself; `[general]` may set them too. */
const datasetKeys = new Set(
  'batch_size bucket_no_upscale bucket_reso_steps enable_bucket max_bucket_reso min_bucket_reso validation_seed validation_split resolution network_multiplier resize_interpolation'.split(
    ' ',
  ),
);
/** Keys that a subset has; dataset and `[general]` may set them for all beneath. */
const subsetKeys = new Set(
  'color_aug face_crop_aug_range flip_aug num_repeats random_crop shuffle_caption keep_tokens keep_tokens_separator secondary_separator caption_separator enable_wildcard token_warmup_min token_warmup_step caption_prefix caption_suffix custom_attributes resize_interpolation caption_dropout_every_n_epochs caption_dropout_rate caption_tag_dropout_rate caption_extension class_tokens cache_info'.split(
    ' ',
  ),
);
/** Keys that stand only in a subset. */
const distinctKeys = new Set('image_dir is_reg alpha_mask metadata_file conditioning_data_dir'.split(' '));

/** Options of the command line that stand beneath under another name. */
const optionNames: Readonly<Record<string, string>> = {
  batch_size: 'train_batch_size',
  num_repeats: 'dataset_repeats',
};

export interface Subset {
  /** `datasets[0].subsets[1]` */
  path: string;
  /** The value in force, from the file or beneath it; undefined where nobody sets it. */
  get(key: string): ConfigValue | undefined;
}

export interface DatasetConfig {
  settings: Setting[];
  warnings: Warning[];
  subsets: Subset[];
  /** Options of the command line or configuration that every dataset or subset sets anew, with the key that does. */
  hidden: Map<string, string>;
}

export function readDatasetConfig(file: ConfigFile, above: Layers): DatasetConfig {
  const result: DatasetConfig = { settings: [], warnings: [], subsets: [], hidden: new Map() };
  const root = file.value ?? {};
  const general = table(root.general);
  const datasets = tables(root.datasets);
  const place = (path: string): SettingSource => {
    const line = file.lines.get(path);
    return { kind: 'dataset-config', file: file.path, ...(line === undefined ? {} : { line }) };
  };
  const holders: { keys: ReadonlySet<string>; chain: { at: string; table: Table }[] }[] = [];
  checkKeys(result, file, place, '', root, new Set(['general', 'datasets']));
  checkKeys(result, file, place, 'general', general, union(datasetKeys, subsetKeys));
  datasets.forEach((dataset, i) => {
    const at = `datasets[${i}]`;
    checkKeys(result, file, place, at, dataset, union(datasetKeys, subsetKeys, new Set(['subsets'])));
    const chain = [
      { at, table: dataset },
      { at: 'general', table: general },
    ];
    holders.push({ keys: datasetKeys, chain });
    tables(dataset.subsets).forEach((subset, j) => {
      const inside = `${at}.subsets[${j}]`;
      checkKeys(result, file, place, inside, subset, union(subsetKeys, distinctKeys));
      const own = [{ at: inside, table: subset }, ...chain];
      holders.push({ keys: union(subsetKeys, distinctKeys), chain: own });
      result.subsets.push({ path: inside, get: (key) => layersOf(key, own, above, place)[0]?.value });
    });
  });
  for (const { keys, chain } of holders) {
    for (const key of keys) {
      const [first, ...hidden] = layersOf(key, chain, above, place);
      if (first?.source.kind !== 'dataset-config') continue;
      const setting: Setting = { key: `${chain[0]!.at}.${key}`, ...first, effective: true, known: true };
      if (hidden.length > 0) setting.shadowed = hidden;
      result.settings.push(setting);
    }
  }
  findHidden(result, holders);
  return result;
}

/** The layers of one key as one dataset or subset sees it. */
function layersOf(
  key: string,
  chain: { at: string; table: Table }[],
  above: Layers,
  place: (path: string) => SettingSource,
): Placed[] {
  const inFile = chain
    .filter(({ at, table }) => Object.hasOwn(table, key) && !(distinctKeys.has(key) && !at.includes('subsets')))
    .map(({ at, table }) => ({ value: table[key]!, source: place(`${at}.${key}`) }));
  if (distinctKeys.has(key) && key !== 'alpha_mask') return inFile;
  // The option's old spelling, which sd-scripts puts over the other.
  const misspelt = key === 'caption_extension' ? (above.get('caption_extention') ?? []) : [];
  const beneath = [...misspelt, ...(above.get(optionNames[key] ?? key) ?? [])];
  return [...inFile, ...beneath.filter((placed) => placed.value !== null)];
}

function findHidden(result: DatasetConfig, holders: { keys: ReadonlySet<string>; chain: { table: Table }[] }[]): void {
  for (const keys of [datasetKeys, subsetKeys]) {
    for (const key of keys) {
      const concerned = holders.filter((holder) => holder.keys.has(key));
      if (concerned.length === 0) continue;
      if (concerned.every(({ chain }) => chain.some(({ table }) => Object.hasOwn(table, key)))) {
        result.hidden.set(optionNames[key] ?? key, key);
      }
    }
  }
}

/** sd-scripts refuses a dataset configuration with a key it does not know. */
function checkKeys(
  result: DatasetConfig,
  file: ConfigFile,
  place: (path: string) => SettingSource,
  at: string,
  given: Table,
  allowed: ReadonlySet<string>,
): void {
  for (const [key, value] of Object.entries(given)) {
    if (allowed.has(key)) continue;
    const path = at === '' ? key : `${at}.${key}`;
    const source = place(path);
    const near = nearest(key, allowed);
    const elsewhere = datasetKeys.has(key) || subsetKeys.has(key) || distinctKeys.has(key);
    const line = source.line === undefined ? '' : `:${source.line}`;
    result.warnings.push({
      code: 'unknown-dataset-setting',
      message: `${JSON.stringify(key)} has no place in ${at === '' ? 'the dataset configuration' : at} (${file.path}${line}); sd-scripts refuses to start`,
      hint: elsewhere ? `It belongs to ${rightPlace(key)}.` : near === null ? null : `Did you mean ${near}?`,
    });
    result.settings.push({ key: path, value, source, effective: false, known: false });
  }
}

function rightPlace(key: string): string {
  if (distinctKeys.has(key)) return 'a [[datasets.subsets]]';
  return datasetKeys.has(key) ? '[general] or a [[datasets]]' : '[general], a [[datasets]] or a [[datasets.subsets]]';
}

function union(...sets: ReadonlySet<string>[]): ReadonlySet<string> {
  return new Set(sets.flatMap((set) => [...set]));
}

function table(value: ConfigValue | undefined): Table {
  return value !== null && typeof value === 'object' && !Array.isArray(value) ? (value as Table) : {};
}

/** At most this many datasets or subsets are looked at. */
const most = 10_000;

function tables(value: ConfigValue | undefined): Table[] {
  return Array.isArray(value) ? value.slice(0, most).map(table) : [];
}
