/** The command and copies of the configuration files, with every path that was restored in its new place. */
import { hash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { configFormat, parseConfig } from '../../formats/config/config-file.ts';
import { editConfig, type Scalar } from '../../formats/config/edit-config.ts';
import type { FileRole } from '../../model/facts.ts';
import type { Places } from './places.ts';
import type { Restored } from './restored.ts';

/** Each names only those before it. */
const order: readonly FileRole[] = ['deepspeed', 'other', 'dataset-config', 'config', 'accelerate'];

export interface Rewriting {
  /** Settings that shall be others, by their names. */
  switched: ReadonlyMap<string, Scalar>;
  /** Whether the original of a file whose secrets were not kept is read, if it still is what it was. */
  withSecrets: boolean;
}

/**
 * Writes `rewritten/<name>` for each configuration file that names what has moved, and lets `places` lead
 * there. The copies of record stay as they are.
 * @returns the originals whose secrets were read
 */
export async function rewriteConfigs(
  files: Restored['files'],
  into: string,
  places: Places,
  { switched, withSecrets }: Rewriting,
): Promise<Set<string>> {
  const whole = new Set<string>();
  const sorted = files
    .filter(({ role }) => order.includes(role))
    .sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role));
  for (const { role, path, from, sha256 } of sorted) {
    const copied = await readFile(join(into, path));
    const original = withSecrets && hashOf(copied) !== sha256 ? await readFile(from).catch(() => null) : null;
    const bytes = original !== null && hashOf(original) === sha256 ? original : copied;
    if (bytes === original) whole.add(from);
    // accelerate reads as YAML whatever does not end in `.json`.
    const format = role === 'accelerate' && !from.endsWith('.json') ? 'yaml' : configFormat(from);
    const { value } = await parseConfig(bytes, { path: from, role, format });
    if (value === null) continue;
    const text = bytes.toString('utf8');
    const edited = editConfig(text, format, (at, was) => {
      const key = at.replace(/\[\d+\]$/, '').replace(/^.*\./, '');
      const other = switched.get(key);
      if (other !== undefined) return other;
      return typeof was === 'string' ? places.rewrite(was, key) : null;
    });
    if (edited === text && bytes === copied) continue;
    await mkdir(join(into, 'rewritten'), { recursive: true });
    const copy = join(into, 'rewritten', path.startsWith('files/') ? `${role}-${basename(path)}` : path);
    await writeFile(copy, edited, { mode: 0o600 });
    places.move(from, copy);
  }
  return whole;
}

const hashOf = (bytes: Uint8Array) => hash('sha256', bytes, 'hex');

/** @param command as it was recorded */
export function rewriteCommand(command: readonly string[], places: Places): string[] {
  let key: string | null = null;
  return command.map((word) => {
    const option = /^--([A-Za-z][\w.-]*)(?:(=)(.*))?$/s.exec(word);
    if (option !== null) {
      key = option[1]!.replaceAll('-', '_');
      return option[2] === undefined ? word : `--${option[1]}=${places.rewrite(option[3]!, key)}`;
    }
    const assigned = /^([A-Za-z_]\w*)=(.*)$/s.exec(word);
    if (assigned !== null) return `${assigned[1]}=${places.rewrite(assigned[2]!, assigned[1]!)}`;
    return places.rewrite(word, key);
  });
}
