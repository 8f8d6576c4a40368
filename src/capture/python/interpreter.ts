/** The Python that a command will run in, told from files alone: nothing is started. */
import { dirname, isAbsolute, join, resolve } from 'node:path';
import type { Invocation } from '../../trainers/trainer.ts';
import { type Environment, findProgram, type Place, pythonOf } from './program.ts';
import { type ProjectTool, projectEnvironment } from './project-environment.ts';
import { isDirectory, isFile, linkTarget, namesIn, readHead, realPath } from './read.ts';
import { sitePackagesOf } from './site-packages.ts';
import { libraryName, pythonVersion } from './version.ts';

export interface Interpreter {
  /** Absolute, as the command names it: what `sys.executable` says. */
  executable: string;
  /** With all symbolic links resolved. */
  realExecutable: string;
  /** `sys.prefix`: the virtual or conda environment, or where Python is installed. */
  prefix: string;
  /** `sys.base_prefix`: where the standard library is. */
  basePrefix: string;
  /** `3.10.12`, or `3.10` where the files tell no more; null if not even that. */
  version: string | null;
  kind: 'venv' | 'conda' | 'system' | 'uv' | 'poetry' | 'pyenv';
  /** Directories of PYTHONPATH, absolute, before all else. */
  pythonPath: string[];
  /** The standard library, which stands before the site packages. */
  standardLibrary: string | null;
  /** Existing directories of installed packages, in the order of `sys.path`. */
  sitePackages: string[];
}

/** How Python was started, as far as it changes where it imports from. */
interface Flags {
  /** -E, -I: no PYTHON* variable counts. */
  ignoreEnvironment: boolean;
  /** -s, -I: no packages of the user's own. */
  noUserSite: boolean;
}

export interface InterpreterQuestion {
  invocation: Invocation;
  /** The variables the command is started with; those set on the way are laid over them here. */
  env: Environment;
  /** Absolute. */
  cwd: string;
  /** Prefix of the environment that `conda run` names, if one was found. */
  condaPrefix?: string | null;
}

/** The interpreter of a command; null where it has none, or none that the files can tell. */
export function findInterpreter(question: InterpreterQuestion): Interpreter | null {
  const { invocation } = question;
  const program = invocation.program ?? invocation.interpreter;
  if (program === null) return null;
  const base = invocation.clearedEnvironment ? {} : question.env;
  let place: Place = { env: overlaid(base, invocation.variables), cwd: invocation.cwd || question.cwd };
  const project = invocation.projectEnvironment;
  let tool: ProjectTool | null = null;
  let environment = question.condaPrefix ?? null;
  if (project !== null) {
    environment = projectEnvironment(project.tool, project.directory ?? place.cwd, { ...place, env: question.env });
    tool = environment === null ? null : project.tool;
  }
  if (environment !== null) {
    place = { ...place, env: { ...place.env, PATH: `${join(environment, 'bin')}:${place.env.PATH ?? ''}` } };
  }
  const executable = pythonOf(program, place) ?? (environment === null ? null : findProgram('python', place));
  if (executable === null) return null;
  return describeInterpreter(executable, place, flagsOf(invocation, executable), tool);
}

function overlaid(env: Environment, variables: Record<string, string | null>): Environment {
  const result: Record<string, string | undefined> = { ...env };
  for (const [name, value] of Object.entries(variables)) {
    if (value === null) delete result[name];
    else result[name] = value;
  }
  return result;
}

/** Flags stand between the interpreter's name and its script. */
function flagsOf({ argv, interpreter }: Invocation, executable: string): Flags {
  let letters = '';
  const at = argv.findIndex((word) => word === interpreter || (interpreter === null && word === executable));
  for (let i = at + 1; at >= 0 && i < argv.length && /^-[A-Za-z]+$/.test(argv[i]!); i++) {
    const word = argv[i]!;
    letters += word;
    if (/[mc]/.test(word)) break;
    if (/[WX]$/.test(word)) i++;
  }
  return { ignoreEnvironment: /[EI]/.test(letters), noUserSite: /[sI]/.test(letters) };
}

/**
 * What the files around a Python say of it.
 * @param executable absolute; its own symbolic links matter, since `pyvenv.cfg` is looked for beside them
 */
export function describeInterpreter(
  executable: string,
  place: Place,
  flags: Flags = { ignoreEnvironment: false, noUserSite: false },
  tool: ProjectTool | null = null,
): Interpreter {
  const realExecutable = realPath(executable);
  const env = flags.ignoreEnvironment ? withoutPython(place.env) : place.env;
  const venv = virtualEnvironment(executable);
  const home = env.PYTHONHOME?.split(':', 1)[0];
  const library = libraryName(venv === null ? executable : realExecutable, realExecutable);
  const found =
    venv?.home !== undefined ? prefixAbove(venv.home, library) : prefixAbove(dirname(realExecutable), library);
  const basePrefix = home ? resolve(place.cwd, home) : (found ?? dirname(dirname(realExecutable)));
  const prefix = venv?.prefix ?? basePrefix;
  const version = pythonVersion({ prefix, basePrefix, realExecutable, venvVersion: venv?.version ?? null });
  const standardLibrary = version === null ? null : join(basePrefix, 'lib', libraryOf(basePrefix, version));
  return {
    executable,
    realExecutable,
    prefix,
    basePrefix,
    version,
    kind: tool ?? kindOf(prefix, venv),
    pythonPath: (env.PYTHONPATH ?? '')
      .split(':')
      .filter((each) => each !== '')
      .map((each) => resolve(place.cwd, each)),
    standardLibrary: standardLibrary !== null && isDirectory(standardLibrary) ? standardLibrary : null,
    sitePackages: sitePackagesOf({
      prefix,
      basePrefix,
      library: version === null ? null : libraryOf(basePrefix, version),
      venv: venv !== null,
      systemSite: venv === null || venv.systemSite,
      userBase: flags.noUserSite || env.PYTHONNOUSERSITE ? null : userBase(env),
    }),
  };
}

function withoutPython(env: Environment): Environment {
  return Object.fromEntries(Object.entries(env).filter(([name]) => !name.startsWith('PYTHON')));
}

function userBase(env: Environment): string | null {
  if (env.PYTHONUSERBASE) return env.PYTHONUSERBASE;
  return env.HOME && isAbsolute(env.HOME) ? join(env.HOME, '.local') : null;
}

interface VirtualEnvironment {
  prefix: string;
  /** Directory of the Python it was made from. */
  home?: string;
  version: string | null;
  systemSite: boolean;
  uv: boolean;
}

/** Read as Python's own start does: `pyvenv.cfg` beside the executable or one directory above. */
function virtualEnvironment(executable: string): VirtualEnvironment | null {
  const directory = dirname(executable);
  for (const prefix of [directory, dirname(directory)]) {
    const text = readHead(join(prefix, 'pyvenv.cfg'), 16_384);
    if (text === null) continue;
    const settings = new Map(
      text.split(/\r?\n/).flatMap((line) => {
        const at = line.indexOf('=');
        return at < 0 ? [] : [[line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim()] as const];
      }),
    );
    const home = settings.get('home');
    const version =
      /^\d+\.\d+(\.\d+)?/.exec(settings.get('version') ?? settings.get('version_info') ?? '')?.[0] ?? null;
    return {
      prefix: dirname(directory),
      ...(home !== undefined && isAbsolute(home) ? { home: homeOf(home, executable) } : {}),
      version,
      systemSite: settings.get('include-system-site-packages')?.toLowerCase() === 'true',
      uv: settings.has('uv'),
    };
  }
  return null;
}

/** `home` may itself be a directory of links (`/usr/local/bin` to a Python elsewhere): the library is where the link leads. */
function homeOf(home: string, executable: string): string {
  const python = ['python3', 'python'].map((name) => join(home, name)).find((path) => isFile(path));
  return dirname(realPath(python ?? linkTarget(executable) ?? executable));
}

/** The directory above that holds the standard library, by Python's own landmark `os.py`. */
function prefixAbove(from: string, library: string | null): string | null {
  for (let directory = from; ; directory = dirname(directory)) {
    const names =
      library !== null ? [library] : namesIn(join(directory, 'lib')).filter((each) => /^python\d\.\d+t?$/.test(each));
    if (names.some((name) => isFile(join(directory, 'lib', name, 'os.py')))) return directory;
    if (directory === dirname(directory)) return library === null ? null : prefixAbove(from, null);
  }
}

function libraryOf(basePrefix: string, version: string): string {
  const name = `python${/^\d+\.\d+/.exec(version)![0]}`;
  const free = `${name}t`;
  return !isDirectory(join(basePrefix, 'lib', name)) && isDirectory(join(basePrefix, 'lib', free)) ? free : name;
}

function kindOf(prefix: string, venv: VirtualEnvironment | null): Interpreter['kind'] {
  if (venv !== null) return venv.uv ? 'uv' : 'venv';
  if (isDirectory(join(prefix, 'conda-meta'))) return 'conda';
  const [versions, pyenv] = [dirname(prefix), dirname(dirname(prefix))];
  return versions.endsWith('/versions') && isDirectory(join(pyenv, 'shims')) ? 'pyenv' : 'system';
}
