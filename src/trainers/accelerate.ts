/** `accelerate launch`: options over its configuration file over its defaults, as settings `accelerate.*`. */
import type { ConfigFile } from '../model/config-file.ts';
import type { ConfigValue, Setting, SettingSource } from '../model/facts.ts';
import { resolveIn } from './paths.ts';
import type { Invocation, NamedFile, Surroundings, WantedFile } from './trainer.ts';

/** The configuration file that `accelerate launch` reads: the one named, else the user's default (which may be missing). */
export function accelerateFiles(
  invocation: Invocation,
  read: readonly ConfigFile[],
  surroundings: Surroundings,
): WantedFile[] {
  if (invocation.accelerate === null) return [];
  const { configFile, options } = invocation.accelerate;
  if (configFile !== null) {
    return [wantedAt(resolveIn(invocation.cwd, configFile), false)];
  }
  const cache = hubCache(invocation, surroundings);
  if (options.cpu !== undefined || cache === null) return [];
  const yaml = wantedAt(`${cache}/accelerate/default_config.yaml`, true);
  const missing = read.some((file) => file.path === yaml.path && file.fault === 'missing');
  return missing ? [yaml, wantedAt(`${cache}/accelerate/default_config.json`, true)] : [yaml];
}

/** Whatever does not end in `.json`, accelerate reads as YAML. */
function wantedAt(path: string, optional: boolean): WantedFile {
  const format = path.endsWith('.json') ? 'json' : 'yaml';
  return { role: 'accelerate', key: 'accelerate.config_file', path, optional, format };
}

/** The files of `accelerate launch` itself, as far as they could be read. */
export function accelerateNamedFiles(invocation: Invocation, read: readonly ConfigFile[]): NamedFile[] {
  const files = read
    .filter(({ role, fault }) => role === 'accelerate' && fault !== 'missing')
    .map(({ role, path }): NamedFile => ({ role, key: 'accelerate.config_file', path, remote: false }));
  const deepspeed = invocation.accelerate?.options.deepspeed_config_file;
  if (typeof deepspeed === 'string' && deepspeed !== '') {
    const path = resolveIn(invocation.cwd, deepspeed);
    files.push({ role: 'deepspeed', key: 'accelerate.deepspeed_config_file', path, remote: false });
  }
  return files;
}

function hubCache(invocation: Invocation, { home, variables }: Surroundings): string | null {
  const variable = (name: string): string | null => {
    const set = invocation.variables[name];
    if (set !== undefined) return set || null;
    return (invocation.clearedEnvironment ? null : variables[name]) || null;
  };
  const expand = (path: string) => (home !== null ? path.replace(/^~(?=\/|$)/, home) : path);
  const explicit = variable('HF_HOME') ?? joined(variable('XDG_CACHE_HOME'), 'huggingface');
  return explicit !== null ? resolveIn(invocation.cwd, expand(explicit)) : joined(home, '.cache/huggingface');
}

function joined(directory: string | null, name: string): string | null {
  return directory === null ? null : `${directory}/${name}`;
}

/** What places processes or names logs, without effect on what is trained. */
const naming =
  /^(?:config_file|quiet|debug|log_dir|tee|role|rdzv_|main_process_|machine_rank|same_network|monitor_interval|max_restarts|compute_environment|main_training_function|tpu_(?:name|zone|env|vm|use_sudo)|commands?$|command_file|vm$|env$|aws_|help|module|no_python|mpirun_|deepspeed_hostfile)/;

const defaults: Readonly<Record<string, ConfigValue>> = {
  mixed_precision: 'no',
  num_machines: 1,
  dynamo_backend: 'no',
};

/** The file's tables, whose keys accelerate takes with a prefix. */
const tables: Readonly<Record<string, string>> = {
  deepspeed_config: '',
  megatron_lm_config: '',
  mpirun_config: '',
  parallelism_config: '',
  fsdp_config: 'fsdp_',
  fp8_config: 'fp8_',
  dynamo_config: 'dynamo_',
};

export function accelerateSettings(invocation: Invocation, read: readonly ConfigFile[]): Setting[] {
  if (invocation.accelerate === null) return [];
  const layers = new Map<string, { value: ConfigValue; source: SettingSource }[]>();
  const add = (key: string, given: ConfigValue, source: SettingSource) => {
    const value = inOneForm(key, given);
    const above = layers.get(key);
    if (above === undefined) layers.set(key, [{ value, source }]);
    else above.push({ value, source });
  };
  for (const [key, text] of Object.entries(invocation.accelerate.options)) {
    if (key !== 'module' && key !== 'help') add(key, text, { kind: 'argument' });
  }
  const file = read.find((each) => each.role === 'accelerate' && each.value !== null);
  for (const { key, value, path } of fileEntries(file)) {
    const line = file!.lines.get(path);
    add(key, value, { kind: 'accelerate-config', file: file!.path, ...(line === undefined ? {} : { line }) });
  }
  for (const [key, value] of Object.entries(defaults)) add(key, value, { kind: 'default' });
  return [...layers].map(([key, [first, ...hidden]]) => ({
    key: `accelerate.${key}`,
    ...first!,
    effective: !naming.test(key),
    known: true,
    ...(hidden.length > 0 ? { shadowed: hidden } : {}),
  }));
}

function* fileEntries(file: ConfigFile | undefined): Generator<{ key: string; value: ConfigValue; path: string }> {
  for (const [name, value] of Object.entries(file?.value ?? {})) {
    const prefix = Object.hasOwn(tables, name) ? tables[name]! : null;
    if (prefix !== null && value !== null && typeof value === 'object' && !Array.isArray(value)) {
      for (const [key, inner] of Object.entries(value as Record<string, ConfigValue>)) {
        const full = key.startsWith(prefix) ? key : `${prefix}${key}`;
        if (inner !== null) yield { key: full, value: inner, path: `${name}.${key}` };
      }
    } else if (value !== null) yield { key: name, value, path: name };
  }
}

/** A value looks the same from the command line, where all is text, and from the file. */
function inOneForm(key: string, value: ConfigValue): ConfigValue {
  if (key === 'gpu_ids') return typeof value === 'number' ? String(value) : value;
  if (key === 'mixed_precision' || key === 'dynamo_backend') {
    // YAML takes a bare `no` for false.
    return value === false ? 'no' : typeof value === 'string' ? value.toLowerCase() : value;
  }
  if (typeof value !== 'string') return value;
  return /^-?\d{1,15}$/.test(value) || /^-?\d*\.\d+(?:e-?\d+)?$/i.test(value) ? Number(value) : value;
}
