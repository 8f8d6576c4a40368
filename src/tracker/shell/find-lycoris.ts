import { type FoundRepository, findRepositories } from '../../capture/git/find-repositories.ts';
import { findInterpreter } from '../../capture/python/interpreter.ts';
import { locateModule } from '../../capture/python/locate.ts';
import { seeThrough } from '../../trainers/see-through.ts';

export interface FoundLycoris {
  /** The package's directory, absolute. */
  path: string;
  /** The repository that it lies in; null for an installed package. */
  repository: FoundRepository | null;
}

/** Where the Python of an environment imports LyCORIS from; null where it has none. Nothing is started. */
export function findLycoris(
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
  userHome: string,
): FoundLycoris | null {
  for (const program of ['python', 'python3']) {
    const interpreter = findInterpreter({ invocation: seeThrough([program, 'train_network.py'], cwd), env, cwd });
    const found = interpreter && locateModule('lycoris', interpreter, null);
    if (!found) continue;
    const { path } = found;
    const isInstalled = /\/(site|dist)-packages(\/|$)/.test(path);
    const [repository] = isInstalled ? [] : findRepositories([{ path, roles: ['lycoris'] }], userHome);
    return { path, repository: repository?.kind === 'git' ? repository : null };
  }
  return null;
}
