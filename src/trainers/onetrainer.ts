/**
 * OneTrainer: `scripts/train.py --config-path X.json`. Its workspace holds the configuration of each training as it
 * began (`config/<time>.json`), its event files (`tensorboard/<time>/`), `save/`, `backup/` and `samples/`.
 */
import type { ConfigFile } from '../model/config-file.ts';
import type { ConfigValue, OutputPlan, Setting } from '../model/facts.ts';
import { configFaults } from './config-faults.ts';
import { genericTrainer } from './generic.ts';
import { judge } from './judge/judge.ts';
import { resolveIn } from './paths.ts';
import type { ArtifactName, EffectiveConfiguration, Invocation, NamedDataset, NamedFile, Trainer } from './trainer.ts';
import { baseName } from './wrappers/step.ts';

export function oneTrainer(recognises: (invocation: Invocation) => boolean): Trainer {
  const generic = genericTrainer('onetrainer', recognises);
  return {
    ...generic,
    wants: (invocation, read, surroundings) => {
      const path = configPath(invocation);
      const own = path === null ? [] : [{ role: 'config', key: 'config-path', path, optional: false } as const];
      return [...own, ...generic.wants(invocation, read, surroundings)];
    },
    effective: (invocation, read) => effective(generic.effective(invocation, read), invocation, read),
    artifact,
    // Its log has no anchors and its model may lie anywhere: a status says more, where there is one.
    judge: (evidence) => ((evidence.exitCode ?? evidence.signal) === null ? judge(evidence) : generic.judge(evidence)),
  };
}

function configPath({ arguments: args, cwd }: Invocation): string | null {
  const at = args.findIndex((word) => word === '--config-path' || word.startsWith('--config-path='));
  const path = at < 0 ? undefined : args[at]!.includes('=') ? args[at]!.split('=', 2)[1] : args[at + 1];
  return path ? resolveIn(cwd, path) : null;
}

/** What only names or places output. */
const withoutEffect =
  /^(?:workspace_dir|cache_dir|debug_dir|output_model_destination|save_filename_prefix|tensorboard\w*|(?:backup|save|sample|validate)_(?:after|every|skip_first|skip)\w*|rolling_backup\w*|concept_file_name|sample_definition_file_name|samples\[.*|non_ema_sampling|__version)$/;

function effective(
  base: EffectiveConfiguration,
  invocation: Invocation,
  read: readonly ConfigFile[],
): EffectiveConfiguration {
  const config = read.find(({ role }) => role === 'config');
  if (!config?.value) return { ...base, warnings: configFaults(read) };
  const { value, path: file, lines } = config;
  const settings = leaves(value).map(([key, leaf]): Setting => {
    const line = lines.get(key);
    const source = { kind: 'config-file' as const, file, ...(line !== undefined && { line }) };
    return { key, value: leaf, source, effective: !withoutEffect.test(key), known: true };
  });
  const files: NamedFile[] = [{ role: 'config', key: 'config-path', path: file, remote: false }];
  const model = value.base_model_name;
  if (typeof model === 'string' && model !== '') {
    const remote = /^[\w.-]+\/[\w.-]+$/.test(model) && !/\.(?:safetensors|ckpt)$/.test(model);
    const path = remote ? model : resolveIn(invocation.cwd, model);
    files.push({ role: 'base-model', key: 'base_model_name', path, remote });
  }
  return {
    ...base,
    // What the file says counts, not where it lies.
    settings: [
      ...base.settings.map((each) => ({ ...each, effective: each.effective && each.key !== 'config_path' })),
      ...settings,
    ],
    files: [...base.files, ...files],
    datasets: datasetsOf(value, invocation),
    outputs: outputsOf(value, invocation),
  };
}

/** By the names that a place in the file has: `optimizer.weight_decay`, `concepts[0].path`. */
function leaves(value: ConfigValue, path = ''): [string, ConfigValue][] {
  if (Array.isArray(value) && value.some((each) => typeof each === 'object' && each !== null))
    return value.flatMap((each, index) => leaves(each, `${path}[${index}]`));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[path, value]];
  return Object.entries(value).flatMap(([key, each]) => leaves(each, path === '' ? key : `${path}.${key}`));
}

function datasetsOf({ concepts }: Record<string, ConfigValue>, { cwd }: Invocation): NamedDataset[] {
  if (!Array.isArray(concepts)) return [];
  return concepts.flatMap((each): NamedDataset[] => {
    if (typeof each !== 'object' || each === null || Array.isArray(each)) return [];
    const { path, enabled, balancing } = each as Record<string, ConfigValue>;
    if (typeof path !== 'string' || path === '' || enabled === false) return [];
    return [
      {
        path: resolveIn(cwd, path),
        kind: 'train',
        layout: 'flat',
        repeats: typeof balancing === 'number' ? balancing : null,
        classTokens: null,
        captionExtension: '.txt',
      },
    ];
  });
}

function outputsOf(value: Record<string, ConfigValue>, { cwd }: Invocation): OutputPlan {
  const text = (key: string) => (typeof value[key] === 'string' && value[key] !== '' ? (value[key] as string) : null);
  const workspace = text('workspace_dir');
  const outputDir = workspace === null ? null : resolveIn(cwd, workspace);
  const destination = text('output_model_destination');
  const outputName = destination === null ? null : baseName(destination).replace(/\.(?:safetensors|ckpt|pt)$/, '');
  return {
    outputDir,
    outputName,
    loggingDir: outputDir === null ? null : `${outputDir}/tensorboard`,
    logPrefix: null,
    suggestedName: outputName,
    mustBeEmpty: true,
  };
}

const numbers = '-(\\d{1,15})-(\\d{1,15})-\\d{1,15}';
const saved = new RegExp(`^save/.*-save${numbers}(?:\\.(?:safetensors|ckpt))?$`);
const backup = new RegExp(`^backup/.*-backup${numbers}$`);
const sample = new RegExp(`^samples/(?:(\\d{1,6}) - )?[^/]+/.*-training-sample${numbers}\\.\\w+$`);

function artifact(path: string, { outputName }: OutputPlan): ArtifactName | null {
  const plain = { step: null, epoch: null, prompt: null, seed: null, final: false };
  const model = /^([^/]+)\.(?:safetensors|ckpt)$/.exec(path)?.[1];
  if (model !== undefined) return model === outputName ? { ...plain, kind: 'checkpoint', final: true } : null;
  const at = (step: string | undefined, epoch: string | undefined) => ({ step: Number(step), epoch: Number(epoch) });
  let found = saved.exec(path);
  if (found) return { ...plain, kind: 'checkpoint', ...at(found[1], found[2]) };
  found = backup.exec(path);
  if (found) return { ...plain, kind: 'state', ...at(found[1], found[2]) };
  found = sample.exec(path);
  if (!found) return null;
  const prompt = found[1] === undefined ? null : Number(found[1]);
  return { ...plain, kind: 'sample', prompt, ...at(found[2], found[3]) };
}
