import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorText, SpoorError } from '../model/errors.ts';
import { defaultSettings } from '../model/settings.ts';
import { absolute } from './choose-home.ts';
import type { ReadSettings } from './settings/interpret.ts';

export type { ReadSettings };

/** More than this is no settings file. */
export const mostBytes = 1 << 20;

/** `$XDG_CONFIG_HOME/spoor/config.toml`, else `~/.config/spoor/config.toml`. */
export function settingsFile(env: NodeJS.ProcessEnv, userHome: string): string {
  return join(absolute(env.XDG_CONFIG_HOME) ?? join(userHome, '.config'), 'spoor/config.toml');
}

/** Reads the settings. Never fails: what is wrong with the file is among the problems. Without a file nothing is loaded. */
export async function readSettings(env: NodeJS.ProcessEnv, userHome: string): Promise<ReadSettings> {
  const file = settingsFile(env, userHome);
  let bytes: Uint8Array | null;
  try {
    bytes = await readSettingsBytes(file);
  } catch (error) {
    const hint = 'Until it can be read all settings are as if it were not there.';
    const message = `cannot be read: ${errorCode(error) ?? errorText(error)}`;
    const problems = [{ code: 'bad-settings', message: `${file}: ${message}`, hint }];
    return { ...nothingRead(file), exists: true, problems, faults: [{ at: null, message, hint }] };
  }
  return bytes === null ? nothingRead(file) : understood(file, bytes);
}

const nothingRead = (file: string): ReadSettings => ({
  settings: defaultSettings,
  file,
  exists: false,
  bytes: null,
  lines: new Map(),
  problems: [],
  faults: [],
  unusable: [],
});

async function understood(file: string, bytes: Uint8Array): Promise<ReadSettings> {
  const [{ parseConfig }, { interpretSettings }] = await Promise.all([
    import('../formats/config/config-file.ts'),
    import('./settings/interpret.ts'),
  ]);
  return interpretSettings(await parseConfig(bytes, { path: file, role: 'other', format: 'toml' }), bytes);
}

/** Refuses settings that cannot be understood: `bad-settings`. */
export function insist({ problems }: Pick<ReadSettings, 'problems'>): void {
  const [first, ...more] = problems;
  if (first === undefined) return;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more: spoor config shows them)`;
  throw new SpoorError('data', 'bad-settings', first.message + rest, first.hint);
}

/** Null without a file. Throws for what is none, or cannot be read. */
export async function readSettingsBytes(file: string): Promise<Uint8Array | null> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK).catch((error) => {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  });
  if (handle === null) return null;
  try {
    const stat = await handle.stat();
    if (!stat.isFile()) throw new Error('it is no file');
    const { size } = stat;
    if (size > mostBytes) throw new Error(`it has ${size} bytes, more than the ${mostBytes} that are read`);
    return await handle.readFile();
  } finally {
    await handle.close();
  }
}
