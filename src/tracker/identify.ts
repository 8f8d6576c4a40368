import { readFile, stat } from 'node:fs/promises';
import { basename, resolve } from 'node:path';
import { configFormat, maximumConfigBytes, parseConfig, tooLarge } from '../formats/config/config-file.ts';
import type { ConfigFile } from '../model/config-file.ts';
import { errorCode, errorText } from '../model/errors.ts';
import type { OutputPlan, Warning } from '../model/facts.ts';
import { trainerById, trainerFor } from '../trainers/registry.ts';
import { seeThrough } from '../trainers/see-through.ts';
import type { EffectiveConfiguration, Invocation, Trainer, WantedFile } from '../trainers/trainer.ts';
import type { Found } from './late/late-capture.ts';
import type { RunRequest } from './request.ts';

/** A command that has been understood: which trainer it starts and what that trainer will use. */
export interface Identified {
  invocation: Invocation;
  trainer: Trainer;
  effective: EffectiveConfiguration;
  /** What the request says, else what the configuration does. */
  outputs: OutputPlan;
  name: string;
  /** Absolute path of the trainer's script, if it has one. */
  script: string | null;
  warnings: Warning[];
}

/** What it takes to understand a command. */
export type Understood = Pick<RunRequest, 'command' | 'cwd' | 'userHome' | 'name' | 'outputDir'> & {
  /** What was found of it besides. */
  found?: Pick<Found, 'started'>;
};

/** A file that names a file that names … is nobody's configuration. */
const mostFiles = 16;

/** Reads only the configuration files that the command leads to. */
export async function identify(
  request: Understood,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Identified> {
  const { started } = request.found ?? {};
  const seen = seeThrough(request.command, request.cwd);
  const invocation = started ? { ...seen, arguments: started.arguments } : seen;
  const trainer = started ? trainerById(started.trainer) : trainerFor(invocation);
  const surroundings = { home: request.userHome, variables: { ...env, ...definite(invocation.variables) } };
  const read: ConfigFile[] = [];
  const warnings: Warning[] = [];
  for (;;) {
    const wanted = trainer
      .wants(invocation, read, surroundings)
      .filter(({ path }) => !read.some((each) => each.path === path));
    if (wanted.length === 0 || read.length >= mostFiles) break;
    for (const file of wanted) read.push(await readConfig(file, warnings));
  }
  const effective = trainer.effective(invocation, read);
  const outputDir = request.outputDir === null ? effective.outputs.outputDir : resolve(request.cwd, request.outputDir);
  const outputs = { ...effective.outputs, outputDir };
  const script = invocation.script === null ? null : resolve(invocation.cwd, invocation.script);
  return { invocation, trainer, effective, outputs, name: nameOf(request, outputs, script), script, warnings };
}

/** Tells what stands in the way of reading; what is wrong inside the file, the trainer's own module tells. */
async function readConfig(wanted: WantedFile, warnings: Warning[]): Promise<ConfigFile> {
  const { role, path, optional, format = configFormat(path) } = wanted;
  const unread = (error: string, fault: ConfigFile['fault']): ConfigFile => {
    return { role, path, format, value: null, lines: new Map(), error, fault };
  };
  const unreadable = (why: string) => {
    warnings.push({ code: 'config-unreadable', message: `${path} cannot be read: ${why}`, hint: null });
    return unread(why, 'unreadable');
  };
  try {
    const found = await stat(path);
    if (!found.isFile()) return unreadable('it is no file');
    const limit = maximumConfigBytes[format];
    if (found.size > limit) return unread(tooLarge(found.size, limit), 'too-large');
    return await parseConfig(await readFile(path), { path, role, format });
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return unreadable(errorText(error));
    if (!optional) {
      const hint = 'The trainer will look for it there too; check the path.';
      warnings.push({ code: 'config-missing', message: `${path} does not exist`, hint });
    }
    return unread(errorText(error), 'missing');
  }
}

function definite(variables: Record<string, string | null>): Record<string, string | undefined> {
  return Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, value ?? undefined]));
}

/** The name asked for, else what the output will be called, else what runs. */
function nameOf(request: Understood, outputs: OutputPlan, script: string | null): string {
  const fromOutput = outputs.outputDir === null ? null : basename(outputs.outputDir);
  const fromCommand = basename(script ?? request.command[0] ?? 'run').replace(/\.(py|mjs|js|sh)$/, '');
  return request.name ?? outputs.suggestedName ?? outputs.outputName ?? (fromOutput || fromCommand);
}
