import { resolve } from 'node:path';
import { openHome } from '../../../store/home.ts';
import { layOutSetUp } from '../../../tracker/shell/lay-out.ts';
import type { Context } from '../../context.ts';
import { warn } from '../../failure.ts';
import { recordingIn } from '../../home.ts';
import { readSettings } from '../../settings.ts';
import { debug, type ShellOptions } from './debug.ts';

export interface StoreOptions extends ShellOptions {
  name: string;
  directory: string;
  trainingDir: string;
  script: string;
}

/** `store_commits_hashes`: writes down repositories and files in the run's output directory. */
export async function shellStore(context: Context, repos: string[], options: StoreOptions): Promise<number> {
  const { cwd, env, userHome, host } = context;
  const { name, directory, trainingDir } = options;
  const home = await openHome(context.home, host, context.cache);
  const script = options.script === '' ? null : resolve(cwd, options.script);
  const request = { directory, name, trainingDir, script, repos, cwd, env, userHome };
  const recording = recordingIn(home, context, await readSettings(env, userHome));
  const laid = await layOutSetUp(recording, request, !options.dryRun);
  for (const { message, hint } of laid.warnings) warn(context, message, hint);
  const found = laid.repos.map(
    ({ path, branch, head }) => `${path}: ${branch ?? '(detached)'}, ${head ?? 'no commit'}`,
  );
  const files = laid.files.map(({ path, role, sha1 }) => `${path}: ${role}, SHA-1 ${sha1 ?? 'not known'}`);
  const written = laid.written.length === 0 ? 'nothing; the run will' : laid.written.join(', ');
  debug(context, options, ...found, ...files, `wrote into ${directory}: ${written}`);
  return 0;
}
