import type { ConfigFile } from '../../model/config-file.ts';
import type { ConfigValue } from '../../model/facts.ts';
import { accelerateFiles, accelerateSettings } from '../accelerate.ts';
import { configFaults } from '../config-faults.ts';
import { resolveIn } from '../paths.ts';
import type { EffectiveConfiguration, Invocation, Surroundings, WantedFile } from '../trainer.ts';
import { readArguments } from './arguments.ts';
import { conflicts } from './conflicts.ts';
import { readDatasetConfig } from './dataset-config.ts';
import { type Layers, mergeLayers, toSettings } from './layers.ts';
import { configPath, type Get, namedDatasets, namedFiles, outputPlan } from './named.ts';
import { optionsFor, scriptOf } from './recognise.ts';
import type { Script } from './scripts.ts';
import { markIgnored } from './without-effect.ts';

export function wantedFiles(
  invocation: Invocation,
  read: readonly ConfigFile[],
  surroundings: Surroundings,
): WantedFile[] {
  const script = scriptOf(invocation) ?? 'train_network';
  const config = wantedConfig(invocation, script);
  const wanted = accelerateFiles(invocation, read, surroundings);
  if (config !== null) wanted.push(config);
  if (config === null || read.some((file) => file.path === config.path)) {
    const { layers } = mergeLayers(
      script,
      optionsFor(invocation, script),
      invocation.arguments,
      fileAt(read, config?.path),
    );
    const dataset = getter(layers)('dataset_config');
    if (typeof dataset === 'string' && dataset !== '') {
      const path = resolveIn(invocation.cwd, dataset);
      wanted.push({ role: 'dataset-config', key: 'dataset_config', path, optional: false });
    }
  }
  return wanted.filter(({ path }) => !read.some((file) => file.path === path));
}

export function effectiveConfiguration(invocation: Invocation, read: readonly ConfigFile[]): EffectiveConfiguration {
  const script = scriptOf(invocation) ?? 'train_network';
  const options = optionsFor(invocation, script);
  const configFile = fileAt(read, wantedConfig(invocation, script)?.path);
  const { layers, warnings } = mergeLayers(script, options, invocation.arguments, configFile);
  const get = getter(layers);
  const path = get('dataset_config');
  const datasetFile = fileAt(read, typeof path === 'string' ? resolveIn(invocation.cwd, path) : undefined);
  const dataset = datasetFile === null ? null : readDatasetConfig(datasetFile, layers);
  const settings = [
    ...toSettings(layers, options),
    ...(dataset?.settings ?? []),
    ...accelerateSettings(invocation, read),
  ];
  markIgnored(script, settings, dataset?.hidden ?? new Map());
  const subsets = dataset?.subsets ?? [];
  return {
    settings,
    warnings: [...configFaults(read), ...warnings, ...conflicts(get), ...(dataset?.warnings ?? [])],
    files: namedFiles(invocation, get, read, subsets),
    datasets: namedDatasets(invocation, script, get, subsets),
    outputs: outputPlan(invocation, get),
  };
}

/** The configuration file that the command line names. With `--output_config` it is written, not read. */
function wantedConfig(invocation: Invocation, script: Script): WantedFile | null {
  const { given } = readArguments(invocation.arguments, optionsFor(invocation, script));
  const path = configPath((key) => given.get(key)?.value ?? null);
  if (path === null || given.has('output_config')) return null;
  return { role: 'config', key: 'config_file', path: resolveIn(invocation.cwd, path), optional: false };
}

function fileAt(read: readonly ConfigFile[], path: string | undefined): ConfigFile | null {
  return path === undefined ? null : (read.find((file) => file.path === path) ?? null);
}

function getter(layers: Layers): Get {
  return (key): ConfigValue => layers.get(key)?.[0]?.value ?? null;
}
