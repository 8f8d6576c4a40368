/** Settings that a rerun shall have instead, by the trainer's own precedence: an argument wins. */
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import type { Run } from '../../model/run.ts';
import { trainerById } from '../../trainers/registry.ts';
import { seeThrough } from '../../trainers/see-through.ts';

export interface Override {
  key: string;
  /** Words behind `--key`; a flag is true or false. */
  value: string[] | boolean;
}

/**
 * @param text `learning_rate=1e-4`, `cache_latents=false`, `network_args=["conv_dim=4","conv_alpha=1"]`
 * @param cwd the caller's: relative paths are meant from there
 * Errors: `bad-setting`
 */
export function parseOverride(text: string, cwd: string): Override {
  const [, name, value] = /^([A-Za-z][\w.-]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    const hint = 'Write it as key=value: --set learning_rate=1e-4';
    throw new SpoorError('usage', 'bad-setting', `--set ${text} is no setting`, hint);
  }
  const key = name.replaceAll('-', '_');
  if (value === 'true' || value === 'false') return { key, value: value === 'true' };
  return {
    key,
    value: (listIn(value) ?? [value]).map((each) => (isPlace(key, each, cwd) ? resolve(cwd, each) : each)),
  };
}

function listIn(text: string): string[] | null {
  if (!text.startsWith('[')) return null;
  try {
    const list: unknown = JSON.parse(text);
    return Array.isArray(list) ? list.map(String) : null;
  } catch {
    return null;
  }
}

function isPlace(key: string, value: string, cwd: string): boolean {
  if (/^(?:output|logging)_dir$/.test(key)) return true;
  return /(?:dir|path|config|file|prompts|weights|vae)$/.test(key) && existsSync(resolve(cwd, value));
}

/**
 * The command with the arguments behind its own; a flag that shall be off is taken out.
 * Errors: `unknown-setting`, `arguments-not-reached`
 */
export function withOverrides(run: Run, command: readonly string[], overrides: readonly Override[]): string[] {
  if (overrides.length === 0) return [...command];
  const invocation = seeThrough(command, run.cwd);
  const trainer = trainerById(run.trainer);
  const given = invocation.arguments;
  if (command.slice(command.length - given.length).some((word, index) => word !== given[index])) {
    const hint = 'Restore it, and change command.sh there: spoor restore RUN --into DIR';
    const message = `the trainer's arguments stand inside ${JSON.stringify(command[0])}, where they cannot be changed`;
    throw new SpoorError('usage', 'arguments-not-reached', message, hint);
  }
  let words = [...command];
  for (const { key, value } of overrides) {
    const written = given.find((word) => word.replace(/=.*$/s, '').replaceAll('-', '_') === `__${key}`);
    if (!trainer.knows(key, invocation) && written === undefined) {
      const hint = `spoor show ${run.id} --all lists its settings.`;
      throw new SpoorError('usage', 'unknown-setting', `${run.trainer ?? 'the trainer'} has no option ${key}`, hint);
    }
    const option = written?.replace(/=.*$/s, '') ?? `--${key}`;
    if (typeof value === 'boolean') words = words.filter((word) => word !== option).concat(value ? [option] : []);
    else words = value.length === 1 ? [...words, `${option}=${value[0]}`] : [...words, option, ...value];
  }
  return words;
}
