/** The only place that reads the environment; everything inward is handed what it needs. */
import { homedir, hostname } from 'node:os';
import { isAbsolute, join } from 'node:path';
import { makeStyle, type Style } from './style.ts';

export interface Context {
  env: NodeJS.ProcessEnv;
  cwd: string;
  /** `$SPOOR_HOME`, else `$XDG_DATA_HOME/spoor`, else `~/.local/share/spoor`. */
  home: string;
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
  return {
    env,
    cwd: process.cwd(),
    home: homeDirectory(env, userHome, process.cwd()),
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

function homeDirectory(env: NodeJS.ProcessEnv, userHome: string, cwd: string): string {
  if (env.SPOOR_HOME) return isAbsolute(env.SPOOR_HOME) ? env.SPOOR_HOME : join(cwd, env.SPOOR_HOME);
  const data = env.XDG_DATA_HOME && isAbsolute(env.XDG_DATA_HOME) ? env.XDG_DATA_HOME : join(userHome, '.local/share');
  return join(data, 'spoor');
}

/** https://no-color.org and https://force-color.org. */
function wantsColour(stream: NodeJS.WriteStream, env: NodeJS.ProcessEnv): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return Boolean(stream.isTTY) && env.TERM !== 'dumb';
}
