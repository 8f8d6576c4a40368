/**
 * The command line and `--config_file`, read as sd-scripts reads them: argparse's grammar and messages;
 * explicit arguments over the file over defaults; sections of the file ignored, its unknown keys kept
 * silently, its strings not converted.
 */
import { existsSync, readFileSync } from 'node:fs';
import { PythonError } from './failure.mjs';
import { parseFlatToml } from './toml.mjs';

/** @typedef {'int' | 'float' | 'str' | 'flag' | 'list'} Kind */

/** Ends the program as argparse does. */
export class UsageError extends Error {}

/** What trains, saves or shows; the options of sd-scripts that this trainer obeys. */
const obeyed = /** @type {const} */ ({
  config_file: ['str', null],
  pretrained_model_name_or_path: ['str', null],
  train_data_dir: ['str', null],
  caption_extension: ['str', '.caption'],
  shuffle_caption: ['flag', false],
  keep_tokens: ['int', 0],
  output_dir: ['str', null],
  output_name: ['str', null],
  save_every_n_epochs: ['int', null],
  save_every_n_steps: ['int', null],
  save_precision: ['str', null],
  no_metadata: ['flag', false],
  training_comment: ['str', null],
  max_train_steps: ['int', 1600],
  max_train_epochs: ['int', null],
  train_batch_size: ['int', 1],
  seed: ['int', null],
  learning_rate: ['float', 2e-6],
  unet_lr: ['float', null],
  max_grad_norm: ['float', 1],
  optimizer_type: ['str', 'AdamW'],
  lr_scheduler: ['str', 'constant'],
  lr_warmup_steps: ['int', 0],
  network_module: ['str', null],
  network_dim: ['int', 4],
  network_alpha: ['float', 1],
  sample_every_n_steps: ['int', null],
  sample_every_n_epochs: ['int', null],
  sample_at_first: ['flag', false],
  sample_prompts: ['str', null],
  sample_sampler: ['str', 'ddim'],
  logging_dir: ['str', null],
  log_prefix: ['str', null],
  log_tracker_name: ['str', null],
  demo_delay: ['float', 0],
  demo_fault: ['str', null],
});

/** Accepted, and named in the metadata where sd-scripts names them; without effect here. */
const accepted = /** @type {const} */ ({
  cache_latents: ['flag', false],
  clip_skip: ['int', null],
  enable_bucket: ['flag', false],
  gradient_accumulation_steps: ['int', 1],
  gradient_checkpointing: ['flag', false],
  log_with: ['str', null],
  max_bucket_reso: ['int', 1024],
  max_data_loader_n_workers: ['int', 8],
  max_token_length: ['int', null],
  min_bucket_reso: ['int', 256],
  min_snr_gamma: ['float', null],
  mixed_precision: ['str', 'no'],
  network_args: ['list', null],
  network_dropout: ['float', null],
  network_train_unet_only: ['flag', false],
  noise_offset: ['float', null],
  optimizer_args: ['list', null],
  persistent_data_loader_workers: ['flag', false],
  prior_loss_weight: ['float', 1],
  resolution: ['str', null],
  save_model_as: ['str', 'safetensors'],
  sdpa: ['flag', false],
  text_encoder_lr: ['float', null],
  v2: ['flag', false],
  xformers: ['flag', false],
});

const table = { ...obeyed, ...accepted };

/** @typedef {typeof table} Table */
/**
 * @template {Kind} K
 * @typedef {K extends 'int' | 'float' ? number : K extends 'str' ? string : K extends 'flag' ? boolean : string[]} Of
 */
/**
 * The values by option name; null where sd-scripts has None.
 * @typedef {{ [N in keyof Table]: Table[N][1] extends null ? Of<Table[N][0]> | null : Of<Table[N][0]> }} Options
 */

const names = Object.keys(table);
const kinds = new Map(Object.entries(table).map(([name, [kind]]) => [name, /** @type {Kind} */ (kind)]));

/** @param {string} program */
export function usage(program) {
  const words = names.map((name) => {
    const kind = kinds.get(name);
    if (kind === 'flag') return `[--${name}]`;
    return kind === 'list' ? `[--${name} [${name.toUpperCase()} ...]]` : `[--${name} ${name.toUpperCase()}]`;
  });
  const indent = ' '.repeat(`usage: ${program} `.length);
  const lines = [`usage: ${program} [-h]`];
  for (const word of words) {
    const last = /** @type {string} */ (lines.at(-1));
    if (last.length + word.length + 1 <= 100) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(indent + word);
  }
  return `${lines.join('\n')}\n`;
}

/**
 * @param {readonly string[]} argv
 * @param {(path: string) => void} onConfigFile told the path of the configuration file before it is read
 * @returns {Options | 'help'}
 */
export function readOptions(argv, onConfigFile) {
  const given = parseArguments(argv);
  if (given === 'help') return 'help';
  const values = new Map(Object.entries(table).map(([name, [, value]]) => [name, /** @type {unknown} */ (value)]));
  const config = given.get('config_file');
  if (typeof config === 'string') {
    const path = config.endsWith('.toml') ? config : `${config}.toml`;
    onConfigFile(path);
    if (!existsSync(path)) throw new PythonError('FileNotFoundError', `[Errno 2] No such file or directory: '${path}'`);
    for (const [key, value] of parseFlatToml(readFileSync(path, 'utf8'), path)) {
      const kind = kinds.get(key);
      if ((kind === 'int' || kind === 'float') && typeof value === 'string') {
        throw new PythonError('TypeError', `'<=' not supported between instances of '${kind}' and 'str' (${key})`);
      }
      values.set(key, value);
    }
  }
  for (const [name, value] of given) values.set(name, value);
  return /** @type {Options} */ (Object.fromEntries(values));
}

/** @param {readonly string[]} argv */
function parseArguments(argv) {
  /** @type {Map<string, unknown>} */
  const given = new Map();
  /** @type {string[]} */
  const unrecognized = [];
  const rest = [...argv];
  for (let word = rest.shift(); word !== undefined; word = rest.shift()) {
    if (word === '-h' || word === '--help') return 'help';
    const [, written = '', inline] = /^--([^=]+)(?:=(.*))?$/s.exec(word) ?? [];
    const name = resolveName(written);
    if (name === undefined) {
      unrecognized.push(word);
      continue;
    }
    const kind = kinds.get(name);
    if (kind === 'flag') {
      if (inline !== undefined) throw new UsageError(`argument --${name}: ignored explicit argument '${inline}'`);
      given.set(name, true);
    } else if (kind === 'list') {
      const items = inline === undefined ? [] : [inline];
      while (inline === undefined && rest.length > 0 && !rest[0]?.startsWith('--')) items.push(rest.shift() ?? '');
      given.set(name, items);
    } else {
      const text = inline ?? (isOption(rest[0]) ? undefined : rest.shift());
      if (text === undefined) throw new UsageError(`argument --${name}: expected one argument`);
      given.set(name, convert(name, text));
    }
  }
  if (unrecognized.length > 0) throw new UsageError(`unrecognized arguments: ${unrecognized.join(' ')}`);
  return given;
}

/**
 * A negative number is a value, as argparse has it.
 * @param {string | undefined} word
 */
function isOption(word) {
  return word?.startsWith('-') === true && word !== '-' && !/^-\d|^-\.\d/.test(word);
}

/**
 * The option meant: its whole name or a prefix that fits no other.
 * @param {string} written
 */
function resolveName(written) {
  if (written === '' || names.includes(written)) return written || undefined;
  const fitting = names.filter((name) => name.startsWith(written));
  if (fitting.length > 1) {
    throw new UsageError(`ambiguous option: --${written} could match ${fitting.map((name) => `--${name}`).join(', ')}`);
  }
  return fitting[0];
}

/**
 * @param {string} name
 * @param {string} text
 */
function convert(name, text) {
  const kind = kinds.get(name);
  if (kind === 'str') return text;
  const fits = kind === 'int' ? /^\s*[+-]?\d+\s*$/ : /^\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*$/;
  if (!fits.test(text)) throw new UsageError(`argument --${name}: invalid ${kind} value: '${text}'`);
  return Number(text);
}
