import { accessSync, constants, existsSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { type FileSystem, fileSystemOf } from '../store/file-system.ts';

/**
 * `variable`: `$SPOOR_HOME`. `default`: `$XDG_DATA_HOME/spoor`, else `~/.local/share/spoor`. `volume`: the
 * volume of a machine whose own disk is wiped when it stops.
 */
export type HomeChoice = 'variable' | 'default' | 'volume';

interface Machine {
  fileSystemOf(path: string): FileSystem | null;
  exists(path: string): boolean;
  writable(path: string): boolean;
}

/** `$XDG_CACHE_HOME/spoor`, else `~/.cache/spoor`. */
export function localCache(env: NodeJS.ProcessEnv, userHome: string): string {
  return join(absolute(env.XDG_CACHE_HOME) ?? join(userHome, '.cache'), 'spoor');
}

/** Where rented machines mount what outlives them: RunPod and Vast.ai, RunPod's serverless, Paperspace, Colab. */
const volumes = ['/workspace', '/runpod-volume', '/storage', '/content/drive/MyDrive'];

/** A home that is there already is never left for another. */
export function chooseHome(
  { env, userHome, cwd }: { env: NodeJS.ProcessEnv; userHome: string; cwd: string },
  machine: Machine = thisMachine,
): { directory: string; choice: HomeChoice } {
  if (env.SPOOR_HOME) {
    const directory = isAbsolute(env.SPOOR_HOME) ? env.SPOOR_HOME : join(cwd, env.SPOOR_HOME);
    return { directory, choice: 'variable' };
  }
  const usual = join(absolute(env.XDG_DATA_HOME) ?? join(userHome, '.local/share'), 'spoor');
  const usually = { directory: usual, choice: 'default' } as const;
  if (machine.exists(join(usual, 'home.json')) || !machine.fileSystemOf(usual)?.wiped) return usually;
  const volume = volumes.find((path) => {
    const mount = machine.fileSystemOf(path);
    return mount?.mountPoint === path && !mount.wiped && machine.writable(path);
  });
  return volume === undefined ? usually : { directory: join(volume, '.spoor'), choice: 'volume' };
}

/** A variable that XDG says to ignore if it is relative. */
export function absolute(path: string | undefined): string | null {
  return path && isAbsolute(path) ? path : null;
}

const thisMachine: Machine = {
  fileSystemOf,
  exists: existsSync,
  writable(path) {
    try {
      accessSync(path, constants.W_OK);
      return true;
    } catch {
      return false;
    }
  },
};
