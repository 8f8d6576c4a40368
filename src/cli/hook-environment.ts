import { delimiter, join } from 'node:path';
import { SpoorError } from '../model/errors.ts';
import type { Context } from './context.ts';
import { packageRoot } from './package.ts';

/** Holds the `sitecustomize` that hands trainers to Spoor. */
export const hookDirectory = join(packageRoot, 'hook/python');

/**
 * The variables beneath which every trainer is recorded: what a Python reads at its start, and which Node is Spoor's.
 *
 * @param inherited the PYTHONPATH that is to be searched after the hook
 * @throws SpoorError `hook-path` where PYTHONPATH cannot name the directory
 */
export function hookEnvironment({ env, home }: Context, inherited = env.PYTHONPATH): Record<string, string> {
  if (hookDirectory.includes(delimiter)) {
    const hint = `Install Spoor into a directory without "${delimiter}" in its path.`;
    throw new SpoorError('unavailable', 'hook-path', `PYTHONPATH cannot name ${hookDirectory}`, hint);
  }
  const rest = (inherited ?? '').split(delimiter).filter((path) => path !== hookDirectory);
  return {
    PYTHONPATH: [hookDirectory, ...(rest.join('') === '' ? [] : rest)].join(delimiter),
    SPOOR_WRAP: process.execPath,
    // A relative one would be another for whoever changes directory.
    ...(env.SPOOR_HOME && { SPOOR_HOME: home }),
  };
}
