import { existsSync } from 'node:fs';
import { basename, delimiter, join } from 'node:path';
import type { EnvironmentState, PythonPackage, Warning } from '../../model/facts.ts';
import type { Interpreter } from '../python/interpreter.ts';
import { listPackages } from '../python/packages.ts';
import type { Environment } from '../python/program.ts';
import { isDirectory } from '../python/read.ts';
import { gpusFromFiles } from './gpus.ts';
import { container, kernel, memory, operatingSystem, processor } from './machine.ts';
import { toolkitVersion, torchVersion } from './torch.ts';
import { relevantVariables } from './variables.ts';

export interface EnvironmentQuestion {
  /** Null where the command has no Python, or none that was found. */
  interpreter: Interpreter | null;
  /** What `listPackages` said, if it was asked already. */
  packages?: PythonPackage[];
  /** The variables the trainer is started with. */
  env: Environment;
  /** Name of this host. */
  host: string;
  /** `/`, or a directory laid out like it. */
  root?: string;
}

/**
 * The environment as files tell it, in milliseconds; nothing is started. The memory of NVIDIA's GPUs
 * comes later, from `probeGpus`.
 */
export function captureEnvironment(question: EnvironmentQuestion): {
  environment: EnvironmentState;
  warnings: Warning[];
} {
  const { interpreter, env, host, root = '/' } = question;
  const warnings: Warning[] = [];
  const packages = question.packages ?? (interpreter === null ? [] : listPackages(interpreter));
  const built = interpreter === null ? { torch: null, cuda: null } : torchVersion(interpreter);
  if (interpreter !== null && interpreter.sitePackages.length === 0) {
    warnings.push({
      code: 'no-site-packages',
      message: `No directory of installed packages was found for ${interpreter.executable}; its packages are not recorded.`,
      hint: 'Name the interpreter of the environment directly, for example /path/to/venv/bin/python.',
    });
  }
  const environment: EnvironmentState = {
    python: interpreter?.version ?? null,
    executable: interpreter?.executable ?? null,
    prefix: interpreter?.prefix ?? null,
    packages,
    conda: interpreter === null ? null : condaName(interpreter),
    venv: interpreter !== null && interpreter.prefix !== interpreter.basePrefix ? interpreter.prefix : null,
    torch: built.torch ?? packages.find((each) => each.name === 'torch')?.version ?? null,
    cuda: built.cuda ?? toolkitVersion(root, env),
    ...gpusFromFiles(root),
    os: operatingSystem(root),
    kernel: kernel(root),
    host,
    container: container(root, env),
    cpu: processor(root),
    memoryBytes: memory(root),
    variables: relevantVariables(withoutHook(env)),
  };
  return { environment, warnings };
}

/**
 * Beneath `spoor wrap` the path begins with Spoor's own directory, which changes no training; a Jupyter
 * kernel leaves in it the name of a variable that is not set.
 */
function withoutHook(env: Environment): Environment {
  if (env.SPOOR_WRAP === undefined || env.PYTHONPATH === undefined) return env;
  const paths = env.PYTHONPATH.split(delimiter);
  const isOurs = (path: string) => path === unset || (path !== '' && existsSync(join(path, 'spoor_hook.py')));
  const rest = paths.filter((path) => !isOurs(path));
  return { ...env, PYTHONPATH: rest.length === 0 ? undefined : rest.join(delimiter) };
}

const unset = '$' + '{PYTHONPATH}';

/** Also under a virtual environment that was made from conda's Python. */
function condaName({ prefix, basePrefix }: Interpreter): string | null {
  const conda = [prefix, basePrefix].find((each) => isDirectory(`${each}/conda-meta`));
  if (conda === undefined) return null;
  return isDirectory(`${conda}/condabin`) ? 'base' : basename(conda);
}
