import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { Run } from '../../model/run.ts';
import { isSecretKey } from '../../model/secrets.ts';
import type { Places } from './places.ts';

const marker = /\[redacted sha256:([0-9a-f]{16})\]/;

/** A secret that a command was started with: the variable that shall hold it, and what is known of it. */
export interface NeededSecret {
  variable: string;
  /** The first 16 hex digits of its SHA-256. */
  sha256: string;
}

/** The secrets in a command, each with the variable that is asked for in its place. */
export function secretsIn(command: readonly string[]): NeededSecret[] {
  return command.flatMap((word, index) => {
    const sha256 = marker.exec(word)?.[1];
    return sha256 === undefined ? [] : { variable: variableFor(word, command[index - 1]), sha256 };
  });
}

/** The command with its secrets. @param secrets by variable */
export function withSecrets(command: readonly string[], secrets: ReadonlyMap<string, string>): string[] {
  return command.map((word, index) => {
    const secret = marker.test(word) ? secrets.get(variableFor(word, command[index - 1])) : undefined;
    return secret === undefined ? word : word.replace(marker, () => secret);
  });
}

/** `--wandb_api_key X` and `WANDB_API_KEY=X` ask for `WANDB_API_KEY`. */
function variableFor(word: string, before: string | undefined): string {
  const name =
    /^-{0,2}([A-Za-z][\w.-]*)=\[redacted/.exec(word)?.[1] ?? /^--?([A-Za-z][\w.-]*)$/.exec(before ?? '')?.[1];
  return (name ?? 'SPOOR_SECRET').toUpperCase().replace(/\W/g, '_');
}

/** What stands where a value was too long to keep, or held a secret. */
const notWhole = /… \[\d+ characters, sha256:[0-9a-f]{64}\]$|\[redacted sha256:/;

/**
 * Variables of the run that can change a result, with paths in their new places; those that are not known
 * (secrets, values too long) apart.
 */
export function variablesOf({ environment }: Run, places: Places): { set: Map<string, string>; unknown: string[] } {
  const set = new Map<string, string>();
  const unknown: string[] = [];
  for (const [name, value] of Object.entries(environment?.variables ?? {})) {
    if (!/^[A-Za-z_]\w*$/.test(name)) continue;
    if (typeof value !== 'string' || notWhole.test(value)) unknown.push(name);
    else set.set(name, places.rewrite(value, name));
  }
  return { set, unknown };
}

/** The directory of the interpreter of then, if that is still there. */
export function programsOf({ environment }: Run): string | null {
  const { executable = null } = environment ?? {};
  return executable !== null && existsSync(executable) ? dirname(executable) : null;
}

/** A script for any POSIX shell that starts the command from where it was restored. */
export function commandText(run: Run, command: readonly string[], places: Places, spoor: string): string {
  const { set, unknown } = variablesOf(run, places);
  const programs = programsOf(run);
  const python = run.environment?.python;
  const lines = [
    '#!/bin/sh',
    `# Starts ${plain(run.name.full)} (run ${run.id}) again from what Spoor ${spoor} restored here.`,
    ...(python ? [`# It ran with Python ${plain(python)} and the packages in environment.txt.`] : []),
    `cd ${quoted(places.newCwd)} || exit`,
    ...(programs === null ? [] : [`PATH=${quoted(programs)}:$PATH`, 'export PATH']),
    ...[...set].map(([name, value]) => `export ${name}=${quoted(value)}`),
    ...unknown.map(
      (name) => `# ${name} was set; ${isSecretKey(name) ? 'a secret is not kept' : 'its value is not known whole'}.`,
    ),
    `exec ${command.map((word, index) => shellWord(word, command[index - 1])).join(' \\\n  ')}`,
  ];
  return `${lines.join('\n')}\n`;
}

function shellWord(word: string, before: string | undefined): string {
  const found = marker.exec(word);
  if (found === null) return quoted(word);
  const variable = variableFor(word, before);
  const asked = `"\${${variable}:?it was not kept: set it to the secret of then}"`;
  const [head, tail] = [word.slice(0, found.index), word.slice(found.index + found[0].length)];
  return `${head === '' ? '' : quoted(head)}${asked}${tail === '' ? '' : quoted(tail)}`;
}

/** As a shell reads it back; plain words stay plain. */
function quoted(text: string): string {
  return /^[\w./:=@%+,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function plain(text: string): string {
  return text.replace(/[\u0000-\u001f\u007f-\u009f]/g, ' ');
}
