import type { ConfigFile } from '../model/config-file.ts';
import type { Diagnosis, Setting } from '../model/facts.ts';
import { accelerateFiles, accelerateNamedFiles, accelerateSettings } from './accelerate.ts';
import { configFaults } from './config-faults.ts';
import { genericChecks } from './generic-checks.ts';
import { childStatus, exceptionLines } from './judge/exceptions.ts';
import { diagnoseFailure } from './judge/failure.ts';
import { isEventFile } from './log/event-file.ts';
import type { Bar } from './log/progress-bar.ts';
import { createLogReader, type Grammar } from './log/reader.ts';
import { tagOf } from './log/series.ts';
import { resolveIn } from './paths.ts';
import type { ArtifactName, EffectiveConfiguration, Evidence, Invocation, Judgement, Trainer } from './trainer.ts';
import { baseName } from './wrappers/step.ts';

/** Any bar that carries a loss, or says that it counts steps. */
const grammar: Grammar = {
  isTraining: (bar: Bar) =>
    bar.postfix.some(([key]) => tagOf(key) === 'loss/average') || /\b(?:steps?|train(?:ing)?)\b/i.test(bar.description),
  message: (text, told) => {
    const saved = /^saving (?:model |checkpoint )?(?:checkpoint|to)?:? *(\/\S+\.(?:safetensors|ckpt|pt))$/i.exec(
      text,
    )?.[1];
    if (saved !== undefined && told.saved.length < 20_000) told.saved.push(saved);
  },
};

/** Behaviour for a command of which nothing is known but that it runs and ends. */
export function genericTrainer(id: string, recognises: (invocation: Invocation) => boolean): Trainer {
  return {
    id,
    recognises,
    wants: (invocation, read, surroundings = { home: null, variables: {} }) =>
      accelerateFiles(invocation, read, surroundings).filter(({ path }) => !read.some((file) => file.path === path)),
    effective: genericConfiguration,
    knows: () => false,
    checks: genericChecks,
    artifact: genericArtifact,
    isOwnLog: (path) => isEventFile(baseName(path)),
    logReader: (take) => createLogReader(grammar, take),
    judge: judgeByStatus,
    confirm: () => [],
  };
}

/** `--name value`, `--name=value`, `-x value`, as far as words tell by themselves. */
function genericConfiguration(invocation: Invocation, read: readonly ConfigFile[]): EffectiveConfiguration {
  const outputDir = outputDirectory(invocation);
  const settings: Setting[] = [];
  if (invocation.script !== null || invocation.module !== null) settings.push(...longOptions(invocation.arguments));
  settings.push(...accelerateSettings(invocation, read));
  const files = invocation.script === null ? [] : [scriptFile(invocation, invocation.script)];
  files.push(...accelerateNamedFiles(invocation, read));
  return {
    settings,
    warnings: configFaults(read),
    files,
    datasets: [],
    outputs: {
      outputDir,
      outputName: null,
      loggingDir: null,
      logPrefix: null,
      suggestedName: outputDir === null ? null : baseName(outputDir.replace(/[\\/]+$/, '')) || null,
      mustBeEmpty: true,
    },
  };
}

function scriptFile({ cwd }: Invocation, script: string): EffectiveConfiguration['files'][number] {
  return { role: 'trainer', key: 'script', path: resolveIn(cwd, script), remote: false };
}

const outputOptions = ['--output_dir', '--output-dir', '--output', '-o'];

function outputDirectory({ arguments: args, cwd }: Invocation): string | null {
  for (const [index, word] of args.entries()) {
    const equals = word.indexOf('=');
    const name = equals < 0 ? word : word.slice(0, equals);
    if (!outputOptions.includes(name)) continue;
    const value = equals < 0 ? args[index + 1] : word.slice(equals + 1);
    if (value !== undefined && value !== '' && !value.startsWith('-')) return resolveIn(cwd, value);
  }
  return null;
}

function longOptions(args: readonly string[]): Setting[] {
  const settings = new Map<string, Setting>();
  for (const [index, word] of args.entries()) {
    const match = /^--([A-Za-z][\w.-]*)(?:=(.*))?$/s.exec(word);
    if (match === null) continue;
    const next = args[index + 1];
    const value = match[2] ?? (next !== undefined && !/^-(?!\d)/.test(next) ? next : true);
    const key = match[1]!.replaceAll('-', '_');
    settings.set(key, {
      key,
      value,
      source: { kind: 'argument' },
      effective: !/^output(?:_dir)?$/.test(key),
      known: true,
    });
  }
  return [...settings.values()];
}

function genericArtifact(path: string): ArtifactName | null {
  const file = baseName(path);
  const numbers = { step: null, epoch: null, prompt: null, seed: null, final: false };
  if (!/\.(?:safetensors|ckpt|pt)$/i.test(file) || /^(?:optimizer|scheduler|random_states|rng_state)/.test(file))
    return null;
  if (/(?:^|\/)[^/]*-state\//.test(path)) return null;
  const step = /step[-_]?(\d{1,15})/i.exec(path)?.[1] ?? /checkpoint-(\d{1,15})\//.exec(path)?.[1];
  const epoch = /epoch[-_]?(\d{1,15})/i.exec(path)?.[1];
  return {
    ...numbers,
    kind: 'checkpoint',
    step: step === undefined ? null : Number(step),
    epoch: epoch === undefined ? null : Number(epoch),
  };
}

function judgeByStatus(evidence: Evidence): Judgement {
  const child = childStatus(evidence.log.tail);
  const { exitCode, signal, stopAsked } = evidence;
  if (exitCode === 0) return { status: stopAsked ? 'interrupted' : 'succeeded', childStatus: child, diagnosis: null };
  const keyboard = /^KeyboardInterrupt\b/.test(exceptionLines(evidence.log.tail).at(-1) ?? '');
  const asked =
    stopAsked || keyboard || signal === 'SIGINT' || signal === 'SIGTERM' || signal === 'SIGHUP' || exitCode === 130;
  if (asked && !evidence.oomKilled) {
    const diagnosis: Diagnosis = { code: 'interrupted', message: 'Stopped by request', hint: null };
    return { status: 'interrupted', childStatus: child, diagnosis };
  }
  if (exitCode === null && signal === null) {
    const failed = exceptionLines(evidence.log.tail).length > 0 || child !== null || evidence.oomKilled === true;
    return {
      status: failed ? 'failed' : 'lost',
      childStatus: child,
      diagnosis: failed ? diagnoseFailure(evidence) : null,
    };
  }
  return { status: 'failed', childStatus: child, diagnosis: diagnoseFailure(evidence) };
}
