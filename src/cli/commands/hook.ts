import { readFile, stat } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { errorText, SpoorError } from '../../model/errors.ts';
import { writeDurably } from '../../store/durable.ts';
import type { Context } from '../context.ts';
import { hookDirectory, hookEnvironment } from '../hook-environment.ts';

const shells = ['sh', 'bash', 'zsh', 'fish'];

/** Prints the variables as the user's shell sets them, for `eval "$(spoor hook env)"`. */
export async function hookEnv(context: Context, options: { shell?: string }): Promise<number> {
  const shell = options.shell ?? basename(context.env.SHELL ?? 'sh');
  if (options.shell !== undefined && !shells.includes(shell)) {
    const hint = `Known are ${shells.join(', ')}; sh does for any POSIX shell.`;
    throw new SpoorError('usage', 'bad-shell', `--shell ${shell} is not known`, hint);
  }
  for (const [name, value] of Object.entries(hookEnvironment(context))) {
    const line = shell === 'fish' ? `set -gx ${name} ${fishQuoted(value)}` : `export ${name}=${quoted(value)}`;
    context.stdout.write(`${line}\n`);
  }
  return 0;
}

const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
const fishQuoted = (value: string) => `'${value.replace(/[\\']/g, '\\$&')}'`;

/** Puts the variables into a Jupyter kernel's `kernel.json`, or prints them as it holds them. */
export async function hookJupyter(
  context: Context,
  kernel: string | undefined,
  options: { remove?: true },
): Promise<number> {
  if (kernel === undefined) {
    const env = hookEnvironment(context, inheritedPath);
    context.stdout.write(`${JSON.stringify({ env }, null, 2)}\n`);
    return 0;
  }
  const path = await kernelFile(resolve(context.cwd, kernel));
  const { env, ...rest } = await readKernel(path);
  const variables = options.remove
    ? without(env)
    : { ...env, ...hookEnvironment(context, env.PYTHONPATH ?? inheritedPath) };
  const edited = Object.keys(variables).length > 0 ? { ...rest, env: variables } : rest;
  const { mode } = await stat(path);
  await writeDurably(path, Buffer.from(`${JSON.stringify(edited, null, 1)}\n`), { mode });
  const told = options.remove ? 'no longer records trainings' : 'records trainings it starts, once it is restarted';
  context.stderr.write(`spoor: ${path} ${told}\n`);
  return 0;
}

/** Jupyter puts the server's own variable in its place. */
const inheritedPath = '$' + '{PYTHONPATH}';

type Variables = Record<string, string>;

function without({ SPOOR_WRAP: _wrap, SPOOR_HOME: _home, PYTHONPATH: path = '', ...env }: Variables): Variables {
  const rest = path.split(':').filter((each) => each !== hookDirectory && each !== inheritedPath && each !== '');
  return rest.length > 0 ? { ...env, PYTHONPATH: rest.join(':') } : env;
}

/** Of a kernel's directory, the file in it. */
async function kernelFile(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  return found?.isDirectory() ? join(path, 'kernel.json') : path;
}

async function readKernel(path: string): Promise<{ env: Variables; [key: string]: unknown }> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const hint = 'jupyter kernelspec list shows the directories of kernels; name one of them.';
    throw new SpoorError('not-found', 'no-such-kernel', `${path}: ${errorText(error)}`, hint, error);
  }
  let kernel: unknown;
  try {
    kernel = JSON.parse(text);
  } catch {
    kernel = null;
  }
  const env: unknown = kernel && typeof kernel === 'object' ? ((kernel as { env?: unknown }).env ?? {}) : null;
  if (!Array.isArray((kernel as { argv?: unknown } | null)?.argv) || typeof env !== 'object' || env === null) {
    const hint = 'It should be the kernel.json of a Jupyter kernel, with the command of the kernel in argv.';
    throw new SpoorError('data', 'bad-kernel', `${path} is no kernel of Jupyter`, hint);
  }
  return { ...(kernel as object), env: env as Variables };
}
