import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { resolveCondaEnvironment } from '../../../capture/conda/activate.ts';
import { SpoorError } from '../../../model/errors.ts';
import type { Context } from '../../context.ts';
import { debug, type ShellOptions } from './debug.ts';
import type { ShellName } from './library.ts';
import { commandLine } from './quote.ts';

export interface CondaOptions extends ShellOptions {
  conda: string;
}

/** `setup_conda_env`: prints the code that initialises conda for the shell and activates the environment. */
export async function shellConda(
  context: Context,
  shell: ShellName,
  wanted: string,
  options: CondaOptions,
): Promise<number> {
  const { env, cwd, userHome } = context;
  if (wanted === '') {
    const hint = 'For example: setup_conda_env "sdscripts"';
    throw new SpoorError('usage', 'no-environment-named', 'setup_conda_env: no environment was named', hint);
  }
  const condaPath = options.conda === '' ? null : options.conda;
  const { conda, environment } = resolveCondaEnvironment(wanted, { condaPath, env, cwd, home: userHome });
  debug(context, options, `${conda.flavour} is ${conda.executable}; ${wanted} is ${environment.prefix}`);
  const target = environment.name ?? environment.prefix;
  const { executable, hook } = await initialisation(conda.executable, conda.flavour, shell);
  context.stdout.write(`eval "$(${commandLine(executable, ...hook)})" &&\n`);
  context.stdout.write(`${commandLine(basename(executable), 'activate', target)} >&2\n`);
  return 0;
}

/** mamba 1 comes with a conda beside it, which serves both; mamba 2 is a micromamba. */
async function initialisation(executable: string, flavour: string, shell: ShellName) {
  const sibling = join(dirname(executable), 'conda');
  if (flavour === 'conda') return { executable, hook: [`shell.${shell}`, 'hook'] };
  if (flavour === 'mamba' && (await stat(sibling).catch(() => null))?.isFile()) {
    return { executable: sibling, hook: [`shell.${shell}`, 'hook'] };
  }
  return { executable, hook: ['shell', 'hook', '--shell', shell] };
}
