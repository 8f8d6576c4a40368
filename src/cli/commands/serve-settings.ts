import type { Context } from '../context.ts';
import { publicPart } from '../settings/receiver.ts';
import { readSettings } from '../settings.ts';

/** The settings file as a page may show it: of what is secret nothing. */
export async function settingsToShow({ env, userHome }: Context) {
  const { settings, file, exists, problems } = await readSettings(env, userHome);
  const { notify, ...others } = settings;
  const shown = { ...others, notify: { ...notify, receivers: notify.receivers.map(publicPart) } };
  return { file, exists, settings: shown, problem: problems[0]?.message ?? null };
}
