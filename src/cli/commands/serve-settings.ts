import { errorText, SpoorError } from '../../model/errors.ts';
import type { Settings } from '../../model/settings.ts';
import type { SettingsPort } from '../../server/context.ts';
import type { Context } from '../context.ts';
import { settingsDocument } from '../settings/document.ts';
import { writeSettings } from '../settings/write-settings.ts';
import { readSettings, settingsFile } from '../settings.ts';
import { testOne } from './notify.ts';

/** The settings file for a page. @param inForce told of what holds now, whenever the file was looked at */
export function settingsPort(context: Context, inForce: (settings: Settings) => void): SettingsPort {
  const { env, userHome } = context;
  const file = settingsFile(env, userHome);
  const read = async () => {
    const found = await readSettings(env, userHome);
    inForce(found.settings);
    return settingsDocument(found);
  };
  return {
    read,
    async write(change, revision) {
      const faults = await writeSettings(file, change, revision).catch((error) => {
        if (error instanceof SpoorError) throw error;
        throw new SpoorError('data', 'bad-settings', `${file} cannot be read: ${errorText(error)}`);
      });
      return { saved: faults.length === 0, faults, file: await read() };
    },
    test: (name) => testOne(context, name),
  };
}
