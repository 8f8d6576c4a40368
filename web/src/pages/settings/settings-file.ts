/** The settings file of this machine, read and changed through the server. */
import { queryOptions } from '@tanstack/react-query';
import { ApiError, type Asked, type SettingFault, type SettingsFile } from '../../../../src/api/index.ts';
import { queries } from '../../app/queries.ts';
import { api } from '../../lib/api.ts';

export type Change = Omit<Asked<'writeSettings'>['body'], 'revision'>;

/** It may be edited beside the page: it is asked again whenever one comes back to it. */
export const settingsFile = queryOptions({
  queryKey: ['settings'],
  queryFn: () => api('readSettings', {}),
  staleTime: 0,
  refetchOnWindowFocus: 'always',
});

/**
 * Where the file was changed meanwhile, but not in what is changed here, the change is made to the file as it is now.
 * @param seen what the change was made for
 * @returns what is wrong with the change, of which nothing is written then; and the file as it is now. Throws ApiError.
 */
export async function saveSettings(
  seen: SettingsFile,
  change: Change,
): Promise<{ faults: SettingFault[]; file: SettingsFile }> {
  let { revision } = seen;
  for (let attempt = 0; ; attempt++) {
    try {
      const { faults, file } = await api('writeSettings', { body: { ...change, revision } });
      queries.setQueryData(settingsFile.queryKey, file);
      return { faults, file };
    } catch (error) {
      if (!(error instanceof ApiError && error.status === 409 && attempt < 3)) throw error;
      const now = await queries.fetchQuery(settingsFile);
      if (touched(seen, change) !== touched(now, change)) throw error;
      revision = now.revision;
    }
  }
}

/** What a file has of what a change is about. */
function touched({ settings, receivers }: SettingsFile, change: Change): string {
  return JSON.stringify([
    settings.filter(({ key }) => Object.hasOwn(change.settings ?? {}, key)).map(({ value }) => value),
    receivers.filter(({ name }) => Object.hasOwn(change.receivers ?? {}, name)).map((each) => ({ ...each, line: 0 })),
  ]);
}
