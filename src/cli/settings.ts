import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode, errorText, SpoorError } from '../model/errors.ts';
import { defaultSettings } from '../model/settings.ts';
import { absolute } from './choose-home.ts';
import type { ReadSettings } from './settings/interpret.ts';

export type { ReadSettings };

/** More than this is no settings file. */
const mostBytes = 1 << 20;

/** `$XDG_CONFIG_HOME/spoor/config.toml`, else `~/.config/spoor/config.toml`. */
function settingsFile(env: NodeJS.ProcessEnv, userHome: string): string {
  return join(absolute(env.XDG_CONFIG_HOME) ?? join(userHome, '.config'), 'spoor/config.toml');
}

/** Reads the settings. Never fails: what is wrong with the file is among the problems. Without a file nothing is loaded. */
export async function readSettings(env: NodeJS.ProcessEnv, userHome: string): Promise<ReadSettings> {
  const file = settingsFile(env, userHome);
  const none = { settings: defaultSettings, file, exists: false, lines: new Map<string, number>(), problems: [] };
  let bytes: Uint8Array;
  try {
    bytes = await readBounded(file);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return none;
    const hint = 'Until it can be read all settings are as if it were not there.';
    const message = `${file}: cannot be read: ${errorCode(error) ?? errorText(error)}`;
    return { ...none, exists: true, problems: [{ code: 'bad-settings', message, hint }] };
  }
  const [{ parseConfig }, { interpretSettings }] = await Promise.all([
    import('../formats/config/config-file.ts'),
    import('./settings/interpret.ts'),
  ]);
  return interpretSettings(await parseConfig(bytes, { path: file, role: 'other', format: 'toml' }));
}

/** Refuses settings that cannot be understood: `bad-settings`. */
export function insist({ problems }: Pick<ReadSettings, 'problems'>): void {
  const [first, ...more] = problems;
  if (first === undefined) return;
  const rest = more.length === 0 ? '' : ` (and ${more.length} more: spoor config shows them)`;
  throw new SpoorError('data', 'bad-settings', first.message + rest, first.hint);
}

async function readBounded(file: string): Promise<Uint8Array> {
  const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
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
