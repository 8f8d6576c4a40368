import { basename, join } from 'node:path';
import { type Environment, findProgram } from '../python/program.ts';
import { isFile, namesIn, readHead, realPath } from '../python/read.ts';

export interface Conda {
  /** Absolute. */
  executable: string;
  flavour: 'conda' | 'mamba' | 'micromamba';
}

export interface CondaQuestion {
  /** Given by the user: an executable, or the directory of an installation. */
  condaPath?: string | null;
  env: Environment;
  /** Absolute. */
  cwd: string;
  /** The user's home directory; null if there is none. */
  home: string | null;
}

const installations = [
  'miniconda3',
  'anaconda3',
  'miniforge3',
  'mambaforge',
  'micromamba',
  'miniconda',
  'anaconda',
  'conda',
];
const shared = [
  '/opt/conda',
  '/opt/miniconda3',
  '/opt/anaconda3',
  '/opt/miniforge3',
  '/usr/local/miniconda3',
  '/usr/share/miniconda3',
];
const names = ['conda', 'mamba', 'micromamba'];

/** conda, mamba or micromamba: as given, as the variables say, on PATH, else in the usual places. */
export function findConda(question: CondaQuestion): Conda | null {
  for (const path of candidates(question)) {
    if (!isFile(path)) continue;
    const name = basename(path).replace(/\.exe$/, '');
    return { executable: path, flavour: name === 'mamba' || name === 'micromamba' ? name : 'conda' };
  }
  return null;
}

/** The directories that `findConda` looks in beyond PATH, for a message that says so. */
export function condaPlaces({ home }: Pick<CondaQuestion, 'home'>): string[] {
  return [...(home === null ? [] : installations.map((name) => join(home, name))), ...shared];
}

function candidates(question: CondaQuestion): string[] {
  const { condaPath, env, cwd } = question;
  const inside = (directory: string) => names.map((name) => join(directory, 'bin', name));
  if (condaPath) {
    const path = findProgram(condaPath, { env, cwd }) ?? condaPath;
    return [path, ...inside(path)];
  }
  return [
    ...[env.CONDA_EXE, env.MAMBA_EXE].filter((each): each is string => Boolean(each)),
    ...names.map((name) => findProgram(name, { env, cwd })).filter((each) => each !== null),
    ...condaPlaces(question).flatMap(inside),
  ];
}

export interface CondaEnvironment {
  /** `base`, the directory's name below `envs/`, or null for one that is known by its path alone. */
  name: string | null;
  prefix: string;
}

/** The root of an installation: where `base` lives. micromamba's is a setting, not where its program is. */
function condaRoot(conda: Conda, question: Pick<CondaQuestion, 'env' | 'home'>): string | null {
  if (conda.flavour === 'micromamba') {
    return question.env.MAMBA_ROOT_PREFIX ?? (question.home === null ? null : join(question.home, 'micromamba'));
  }
  for (const path of [conda.executable, realPath(conda.executable)]) {
    const root = join(path, '../..');
    if (namesIn(root).some((name) => name === 'conda-meta' || name === 'envs')) return root;
  }
  return null;
}

/** Every environment the files tell of: `base`, the directories of environments, `~/.conda/environments.txt`. */
export function listCondaEnvironments(conda: Conda, question: CondaQuestion): CondaEnvironment[] {
  const found = new Map<string, CondaEnvironment>();
  const add = (prefix: string, name: string | null) => {
    const real = realPath(prefix);
    if (!found.has(real) && namesIn(prefix).includes('conda-meta')) found.set(real, { name, prefix });
  };
  const root = condaRoot(conda, question);
  if (root !== null) add(root, 'base');
  for (const directory of environmentDirectories(root, question)) {
    for (const name of namesIn(directory)) add(join(directory, name), name);
  }
  const known = question.home === null ? null : readHead(join(question.home, '.conda/environments.txt'), 1 << 20);
  for (const line of known?.split('\n') ?? []) {
    if (line.trim().startsWith('/')) add(line.trim(), null);
  }
  return [...found.values()];
}

/** In conda's order: CONDA_ENVS_PATH, `envs_dirs` of the user's `.condarc`, below the root, `~/.conda/envs`. */
function environmentDirectories(root: string | null, { env, home }: CondaQuestion): string[] {
  const given = (env.CONDA_ENVS_DIRS ?? env.CONDA_ENVS_PATH ?? '').split(':').filter((each) => each !== '');
  const settings = [home && join(home, '.condarc'), root && join(root, '.condarc')].filter((each): each is string =>
    Boolean(each),
  );
  const configured = settings.flatMap((path) => {
    const block = /^envs_dirs:[ \t]*\r?\n((?:[ \t]*-[^\n]*\n?)+)/m.exec(readHead(path, 65_536) ?? '')?.[1] ?? '';
    return [...block.matchAll(/^[ \t]*-[ \t]*["']?([^"'\n#]+?)["']?[ \t]*(?:#.*)?$/gm)].map((match) => match[1]!);
  });
  const expanded = configured.map((each) =>
    home !== null && each.startsWith('~/') ? join(home, each.slice(2)) : each,
  );
  return [
    ...given,
    ...expanded,
    ...(root === null ? [] : [join(root, 'envs')]),
    ...(home === null ? [] : [join(home, '.conda/envs')]),
  ].filter((each) => each.startsWith('/'));
}
