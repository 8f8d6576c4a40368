import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import { type Environment, findProgram } from '../python/program.ts';
import { namesIn } from '../python/read.ts';
import {
  type Conda,
  type CondaEnvironment,
  type CondaQuestion,
  condaPlaces,
  findConda,
  listCondaEnvironments,
} from './find-conda.ts';

export interface Activation {
  conda: Conda;
  environment: CondaEnvironment;
  /** All variables as they are in a shell after `conda activate`. */
  env: Record<string, string>;
}

/**
 * The variables of an activated environment, exactly: conda writes the activation as shell code, with the
 * environment's own `activate.d` scripts, and a shell evaluates it: bash where there is one, since packages'
 * scripts use its words, and with `-p`, since it would else run the user's `$BASH_ENV`.
 * @param wanted name of the environment, or its prefix (with a `/`)
 * @throws SpoorError conda-not-found, conda-environment-not-found, conda-activation-failed
 */
export async function activateConda(wanted: string, question: CondaQuestion): Promise<Activation> {
  const { conda, environment } = resolveCondaEnvironment(wanted, question);
  const target = environment.name ?? environment.prefix;
  const [command, ...args] =
    conda.flavour === 'micromamba'
      ? [conda.executable, 'shell', 'activate', '-s', 'posix', environment.name === null ? '-p' : '-n', target]
      : [conda.executable, 'shell.posix', 'activate', target];
  const code = await run(command!, args, question);
  if (!/\S/.test(code.stdout)) throw failed(environment, code);
  const bash = findProgram('bash', question);
  const [program, options] = bash === null ? ['/bin/sh', []] : [bash, ['-p']];
  const shell = await run(program, [...options, '-c', evaluation, 'sh', code.stdout], question);
  const at = shell.stdout.lastIndexOf(marker);
  const env = at < 0 ? {} : variablesIn(shell.stdout.slice(at + marker.length), question.env);
  if (env.CONDA_PREFIX === undefined) throw failed(environment, shell);
  return { conda, environment, env };
}

/** What a user's activation scripts print comes before the marker. `env` is named by path: activation changes PATH. */
const marker = '\0spoor-environment\0';
const evaluation = `eval "$1" 1>&2; printf '\\0spoor-environment\\0'; exec /usr/bin/env -0`;

/** @throws SpoorError conda-not-found, conda-environment-not-found */
export function resolveCondaEnvironment(
  wanted: string,
  question: CondaQuestion,
): { conda: Conda; environment: CondaEnvironment } {
  const conda = findConda(question);
  if (conda === null) {
    const where = question.condaPath
      ? `at ${question.condaPath}`
      : `by $CONDA_EXE, $MAMBA_EXE, on PATH, nor in ${condaPlaces(question).join(', ')}`;
    throw new SpoorError(
      'unavailable',
      'conda-not-found',
      `The conda environment ${wanted} was asked for, but conda was not found ${where}.`,
      'Put conda on PATH, or set CONDA_EXE to its executable.',
    );
  }
  const known = listCondaEnvironments(conda, question);
  const prefix = wanted.includes('/') ? resolve(question.cwd, wanted) : null;
  const environment =
    prefix === null
      ? known.find((each) => each.name === wanted)
      : namesIn(prefix).includes('conda-meta')
        ? { name: null, prefix }
        : undefined;
  if (environment !== undefined) return { conda, environment };
  const names = known.map((each) => each.name ?? each.prefix);
  throw new SpoorError(
    'not-found',
    'conda-environment-not-found',
    `There is no conda environment ${wanted} (${conda.executable}).`,
    names.length === 0 ? 'No environment was found at all.' : `There are: ${names.join(', ')}.`,
  );
}

interface Result {
  status: number | string | null;
  stdout: string;
  stderr: string;
}

function failed({ prefix }: CondaEnvironment, { status, stderr }: Result): SpoorError {
  const reason = stderr.trim().split('\n').at(-1) ?? '';
  return new SpoorError(
    'unavailable',
    'conda-activation-failed',
    `The conda environment ${prefix} could not be activated (status ${status})${reason === '' ? '' : `: ${reason}`}.`,
    `Try it in a shell: conda activate ${prefix}`,
  );
}

const timeoutMs = 60_000;

function run(program: string, args: string[], { env, cwd }: { env: Environment; cwd: string }): Promise<Result> {
  return new Promise((done) => {
    const options = { env, cwd, timeout: timeoutMs, maxBuffer: 64 << 20, encoding: 'utf8' } as const;
    const child = execFile(program, args, options, (error, stdout, stderr) => {
      done({ status: error === null ? 0 : (error.code ?? error.signal ?? null), stdout, stderr });
    });
    child.stdin?.end();
  });
}

/** The shell's own traces are taken back. */
function variablesIn(text: string, before: Environment): Record<string, string> {
  const pairs = text.split('\0').flatMap((entry) => {
    const at = entry.indexOf('=');
    return at <= 0 ? [] : [[entry.slice(0, at), entry.slice(at + 1)] as const];
  });
  const after: Record<string, string> = Object.fromEntries(pairs);
  for (const name of ['_', 'SHLVL', 'PWD', 'OLDPWD']) {
    delete after[name];
    if (before[name] !== undefined) after[name] = before[name];
  }
  return after;
}
