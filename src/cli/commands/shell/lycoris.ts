import { findLycoris } from '../../../tracker/shell/find-lycoris.ts';
import type { Context } from '../../context.ts';

/** `get_lycoris_repo`: prints the repository's path. That there is none is no failure of the script's. */
export async function shellLycoris({ env, cwd, userHome, stdout, stderr }: Context): Promise<number> {
  const found = findLycoris(env, cwd, userHome);
  if (found?.repository) stdout.write(`${found.repository.path}\n`);
  else if (found) stderr.write(`spoor: LyCORIS is installed in ${found.path}, not from a repository\n`);
  else stderr.write('spoor: the active Python has no LyCORIS\n');
  return 0;
}
