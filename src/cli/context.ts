/** The only place that reads the environment; everything inward is handed what it needs. */
import { existsSync } from 'node:fs';
import { homedir, hostname } from 'node:os';
import { chooseHome, type HomeChoice, localCache } from './choose-home.ts';
import { makeStyle, type Style } from './style.ts';

export interface Context {
  env: NodeJS.ProcessEnv;
  cwd: string;
  home: string;
  /** Why the home is where it is. */
  homeChoice: HomeChoice;
  /** `$XDG_CACHE_HOME/spoor`, else `~/.cache/spoor`: what may be lost, of this machine only. */
  cache: string;
  userHome: string;
  host: string;
  now(): Date;
  stdout: NodeJS.WriteStream;
  stderr: NodeJS.WriteStream;
  /** Terminal cells in a line of output; 80 where there is no terminal. */
  columns: number;
  /** For stdout and stderr. */
  style: Style;
  errorStyle: Style;
  /** Progress is drawn on stderr. */
  showProgress: boolean;
}

export function makeContext(process: NodeJS.Process): Context {
  const { env, stdout, stderr } = process;
  const userHome = env.HOME || homedir();
  const cwd = workingDirectory(process);
  const home = chooseHome({ env, userHome, cwd });
  return {
    env,
    cwd,
    home: home.directory,
    homeChoice: home.choice,
    cache: localCache(env, userHome),
    userHome,
    host: hostname(),
    now: () => new Date(),
    stdout,
    stderr,
    columns: stdout.isTTY ? stdout.columns || 80 : Number(env.COLUMNS) || 80,
    style: makeStyle(wantsColour(stdout, env)),
    errorStyle: makeStyle(wantsColour(stderr, env)),
    showProgress: Boolean(stderr.isTTY) && env.TERM !== 'dumb',
  };
}

/**
 * Of a directory that was removed, or whose name is no UTF-8, the kernel's own name for it: a trainer that
 * starts there without Spoor does so with it.
 */
function workingDirectory(process: NodeJS.Process): string {
  const itself = process.platform === 'linux' ? '/proc/self/cwd' : '/';
  try {
    const cwd = process.cwd();
    return cwd.includes('\ufffd') && !existsSync(cwd) ? itself : cwd;
  } catch {
    return itself;
  }
}

/** https://no-color.org and https://force-color.org. */
function wantsColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}
