/** Changes the settings file as its owner would: only what is to change, and only if all of it can be understood. */

import { access, constants, realpath, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parseConfig } from '../../formats/config/config-file.ts';
import { removeFromToml, setInToml } from '../../formats/config/toml-edit.ts';
import { errorCode, SpoorError } from '../../model/errors.ts';
import type { ConfigValue } from '../../model/facts.ts';
import type { SettingsChange } from '../../server/context.ts';
import { makeDirectory, writeDurably } from '../../store/durable.ts';
import { mostBytes, readSettingsBytes } from '../settings.ts';
import { declared } from './declared.ts';
import { revisionOf } from './document.ts';
import { type Fault, interpretSettings } from './interpret.ts';
import { type Edit, receiverEdits } from './receiver-change.ts';

const mark = '\uFEFF';

/**
 * @param revision of the file that the change was made for
 * @returns what is wrong with the change, of which nothing is written then.
 * Errors: `written-meanwhile`, `bad-settings`, `set-in-the-file`, `cannot-edit-settings`, `cannot-write`
 */
export async function writeSettings(file: string, change: SettingsChange, revision: string): Promise<Fault[]> {
  const bytes = await readSettingsBytes(file);
  if (revisionOf(bytes) !== revision) {
    const hint = 'Look at it as it is now, and repeat the change.';
    throw new SpoorError('busy', 'written-meanwhile', `${file} was changed meanwhile`, hint);
  }
  const { value, error, faults: old } = await understand(file, bytes ?? new Uint8Array());
  if (value === null) {
    const hint = 'Mend it in an editor first.';
    throw new SpoorError('data', 'bad-settings', `${file} cannot be understood: ${error}`, hint);
  }
  const whole = Buffer.from(bytes ?? []).toString('utf8');
  const [begin, text] = whole.startsWith(mark) ? [mark, whole.slice(1)] : ['', whole];
  const planned = editsOf(change, value);
  if ('faults' in planned) return planned.faults;
  const edited = planned.edits.reduce((all, edit) => (isThere(value, edit) ? all : applied(file, all, edit)), text);
  const known = new Set(old.map((each) => JSON.stringify(each)));
  const faults = (await understand(file, Buffer.from(edited))).faults.filter(
    (each) => !known.has(JSON.stringify(each)),
  );
  if (faults.length > 0) return faults;
  const result = Buffer.from(begin + edited);
  if (result.length > mostBytes) {
    const message = `${file} would have ${result.length} bytes, more than the ${mostBytes} that are read`;
    throw new SpoorError('data', 'cannot-edit-settings', message, 'Set less at once, or change it in an editor.');
  }
  if (edited !== text) await put(file, result);
  return [];
}

async function understand(file: string, bytes: Uint8Array) {
  const parsed = await parseConfig(bytes, { path: file, role: 'other', format: 'toml' });
  const { faults } = interpretSettings(parsed, bytes);
  const value = parsed.value as Record<string, ConfigValue> | null;
  return { value, error: parsed.error, faults };
}

function editsOf(change: SettingsChange, value: Record<string, ConfigValue>): { edits: Edit[] } | { faults: Fault[] } {
  const edits: Edit[] = [];
  const faults: Fault[] = [];
  for (const [at, wanted] of Object.entries(change.settings)) {
    const its = declared.find(({ section, key }) => `${section}.${key}` === at);
    if (its) edits.push({ keys: [its.section, its.key], value: wanted });
    else faults.push({ at, message: `there is no setting ${at}`, hint: 'docs/settings.md lists them.' });
  }
  const receivers = tableIn(value, 'notify');
  for (const [name, wanted] of Object.entries(change.receivers)) {
    for (const each of receiverEdits(name, receivers && tableIn(receivers, name), wanted)) {
      if ('keys' in each) edits.push(each);
      else faults.push(each);
    }
  }
  return faults.length > 0 ? { faults } : { edits };
}

function applied(file: string, text: string, { keys, value }: Edit): string {
  const edited = value === null ? removeFromToml(text, keys) : setInToml(text, keys, value);
  if (edited !== null) return edited;
  const message = `${file}: ${keys.join('.')} cannot be set without changing something else`;
  throw new SpoorError('data', 'cannot-edit-settings', message, 'Change it in an editor.');
}

/** What stands there already keeps how it is written: 1_000_000. */
function isThere(before: Record<string, ConfigValue>, { keys, value }: Edit): boolean {
  let at: ConfigValue | undefined = before;
  for (const key of keys) {
    const table: Record<string, ConfigValue> = isTable(at) ? at : {};
    at = Object.hasOwn(table, key) ? table[key] : undefined;
  }
  return value === null ? at === undefined : isDeepStrictEqual(at, value);
}

async function put(file: string, bytes: Uint8Array): Promise<void> {
  // A link to a collection of settings stays one.
  const target = await realpath(file).catch(() => file);
  const found = await stat(target).catch(() => null);
  if (found) {
    await access(target, constants.W_OK).catch((error) => {
      const hint = 'Something else may keep it: change it there.';
      throw new SpoorError('cannot-write', 'cannot-write', `${target} may not be written: ${errorCode(error)}`, hint);
    });
  } else await makeDirectory(dirname(target));
  // Private unless its owner made it otherwise: it may hold tokens.
  await writeDurably(target, bytes, { mode: found ? found.mode & 0o777 : 0o600 });
}

function tableIn(table: Record<string, ConfigValue>, key: string): Record<string, ConfigValue> | null {
  const found = Object.hasOwn(table, key) ? table[key] : undefined;
  return isTable(found) ? found : null;
}

function isTable(value: ConfigValue | undefined): value is Record<string, ConfigValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
