/** Files, datasets and places of output that the settings name. */
import type { ConfigFile } from '../../model/config-file.ts';
import type { ConfigValue, FileRole } from '../../model/facts.ts';
import { accelerateNamedFiles } from '../accelerate.ts';
import { resolveIn } from '../paths.ts';
import type { Invocation, NamedDataset, NamedFile, OutputPlan } from '../trainer.ts';
import { baseName } from '../wrappers/step.ts';
import type { Subset } from './dataset-config.ts';
import type { Script } from './scripts.ts';

export type Get = (key: string) => ConfigValue;

const roles: Readonly<Record<string, FileRole>> = {
  pretrained_model_name_or_path: 'base-model',
  controlnet_model_name_or_path: 'network-weights',
  vae: 'vae',
  ae: 'vae',
  clip_l: 'text-encoder',
  clip_g: 'text-encoder',
  t5xxl: 'text-encoder',
  gemma2: 'text-encoder',
  qwen3: 'text-encoder',
  text_encoder: 'text-encoder',
  byt5: 'text-encoder',
  llm_adapter_path: 'network-weights',
  t5_tokenizer_path: 'other',
  network_weights: 'network-weights',
  base_weights: 'network-weights',
  weights: 'network-weights',
  resume: 'resume-state',
  sample_prompts: 'prompts',
  log_tracker_config: 'other',
};

/** Where a hub's repository id may stand instead of a path. */
const fromHub = new Set(['pretrained_model_name_or_path', 'controlnet_model_name_or_path', 'vae', 't5_tokenizer_path']);

export function namedFiles(
  invocation: Invocation,
  get: Get,
  read: readonly ConfigFile[],
  subsets: Subset[],
): NamedFile[] {
  const files: NamedFile[] = [];
  const add = (role: FileRole, key: string, value: ConfigValue | undefined, remote = false) => {
    if (typeof value !== 'string' || value === '') return;
    files.push({ role, key, path: remote ? value : resolveIn(invocation.cwd, value), remote });
  };
  add('trainer', 'script', invocation.script);
  files.push(...accelerateNamedFiles(invocation, read));
  add('config', 'config_file', configPath(get));
  add('dataset-config', 'dataset_config', get('dataset_config'));
  for (const [key, role] of Object.entries(roles)) {
    const value = get(key);
    const isRemote = (text: ConfigValue) =>
      (key === 'resume' && get('resume_from_huggingface') === true) || (fromHub.has(key) && isHubId(text));
    for (const each of Array.isArray(value) ? value : [value]) add(role, key, each, isRemote(each));
  }
  if (get('dataset_config') === null) add('dataset-metadata', 'in_json', get('in_json'));
  for (const subset of subsets) add('dataset-metadata', `${subset.path}.metadata_file`, subset.get('metadata_file'));
  add('other', 'network_args', presetFile(get('network_args')));
  return files;
}

/** sd-scripts adds `.toml` where it is missing. */
export function configPath(get: Get): string | null {
  const value = get('config_file');
  if (typeof value !== 'string' || value === '') return null;
  return value.endsWith('.toml') ? value : `${value}.toml`;
}

/** LyCORIS reads a preset from a file where `preset=` names one. */
function presetFile(networkArguments: ConfigValue): string | undefined {
  if (!Array.isArray(networkArguments)) return undefined;
  const preset = networkArguments.find((each) => typeof each === 'string' && /^preset=.*\.toml$/.test(each));
  return (preset as string | undefined)?.slice('preset='.length);
}

/** `stabilityai/sdxl-base` or a URL; `models/base.safetensors` and `./models/base` are paths. */
function isHubId(value: ConfigValue): boolean {
  if (typeof value !== 'string') return false;
  if (/^https?:\/\//.test(value)) return true;
  return (
    /^[A-Za-z0-9][\w.-]*\/[A-Za-z0-9][\w.-]*$/.test(value) && !/\.(?:safetensors|ckpt|pt|pth|bin|sft)$/i.test(value)
  );
}

export function namedDatasets(invocation: Invocation, script: Script, get: Get, subsets: Subset[]): NamedDataset[] {
  const datasets: NamedDataset[] = [];
  const captionExtension = text(get('caption_extention')) ?? text(get('caption_extension'));
  const add = (path: ConfigValue | undefined, rest: Omit<NamedDataset, 'path'>) => {
    if (typeof path === 'string' && path !== '') datasets.push({ path: resolveIn(invocation.cwd, path), ...rest });
  };
  const plain = { repeats: null, classTokens: null, captionExtension };
  if (get('dataset_config') !== null) {
    for (const subset of subsets) {
      const isFineTuning = Boolean(subset.get('metadata_file'));
      const extension = isFineTuning ? '' : text(subset.get('caption_extension') ?? null);
      const repeats = subset.get('num_repeats');
      const classTokens = text(subset.get('class_tokens') ?? null);
      add(subset.get('image_dir'), {
        kind: subset.get('is_reg') === true ? 'regularisation' : 'train',
        layout: 'flat',
        repeats: typeof repeats === 'number' ? repeats : 1,
        classTokens,
        captionExtension: extension,
      });
      add(subset.get('conditioning_data_dir'), {
        ...plain,
        kind: 'conditioning',
        layout: 'flat',
        captionExtension: null,
      });
    }
    return datasets;
  }
  const folders = get('in_json') === null && script !== 'fine_tune' && !/control_?net/.test(script);
  if (folders) {
    add(get('train_data_dir'), { ...plain, kind: 'train', layout: 'folders' });
    add(get('reg_data_dir'), { ...plain, kind: 'regularisation', layout: 'folders' });
  } else {
    const repeats = get('dataset_repeats');
    add(get('train_data_dir'), {
      ...plain,
      kind: 'train',
      layout: 'flat',
      repeats: typeof repeats === 'number' ? repeats : 1,
      captionExtension: get('in_json') === null ? captionExtension : '',
    });
  }
  add(get('conditioning_data_dir'), { ...plain, kind: 'conditioning', layout: 'flat', captionExtension: null });
  return datasets;
}

export function outputPlan(invocation: Invocation, get: Get): OutputPlan {
  const directory = (key: string) => {
    const path = text(get(key));
    return path === null || path === '' ? null : resolveIn(invocation.cwd, path);
  };
  const outputDir = directory('output_dir');
  const outputName = text(get('output_name'));
  const inDirectory = outputDir === null ? null : baseName(outputDir.replace(/[\\/]+$/, ''));
  return {
    outputDir,
    outputName,
    loggingDir: directory('logging_dir'),
    logPrefix: text(get('log_prefix')),
    suggestedName: outputName ?? (inDirectory || null),
    mustBeEmpty: false,
  };
}

function text(value: ConfigValue): string | null {
  return typeof value === 'string' ? value : null;
}
