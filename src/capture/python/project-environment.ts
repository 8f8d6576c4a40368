/** Where `uv run` and `poetry run` keep the environment of a project. */
import { createHash } from 'node:crypto';
import { dirname, join, resolve } from 'node:path';
import type { Place } from './program.ts';
import { isDirectory, isFile, namesIn, readHead, realPath } from './read.ts';

export type ProjectTool = 'uv' | 'poetry';

/** The environment's prefix, or null if there is none yet (the tool will make it) or it cannot be told. */
export function projectEnvironment(tool: ProjectTool, directory: string, place: Place): string | null {
  const project = projectRoot(directory);
  const candidates = tool === 'uv' ? uvCandidates(project, place) : poetryCandidates(project, place);
  return candidates.find((each) => isFile(join(each, 'pyvenv.cfg'))) ?? null;
}

/** The nearest directory with a `pyproject.toml`, upwards; the directory itself where none has. */
function projectRoot(directory: string): string {
  for (let each = directory; ; each = dirname(each)) {
    if (isFile(join(each, 'pyproject.toml'))) return each;
    if (each === dirname(each)) return directory;
  }
}

/** uv keeps one environment at the root of a workspace. */
function uvCandidates(project: string, { env }: Place): string[] {
  const given = env.UV_PROJECT_ENVIRONMENT;
  const roots: string[] = [];
  for (let each = project; ; each = dirname(each)) {
    roots.push(each);
    if (each === dirname(each)) break;
  }
  return roots.map((root) => (given ? resolve(root, given) : join(root, '.venv')));
}

/** Inside the project, else `<name>-<hash of the path>-py3.11` among poetry's virtual environments. */
function poetryCandidates(project: string, { env }: Place): string[] {
  const inside = join(project, '.venv');
  const active = env.VIRTUAL_ENV ? [env.VIRTUAL_ENV] : [];
  const cache = env.POETRY_CACHE_DIR ?? (env.XDG_CACHE_HOME ? join(env.XDG_CACHE_HOME, 'pypoetry') : null);
  const home = env.HOME;
  const roots = [
    env.POETRY_VIRTUALENVS_PATH,
    cache && join(cache, 'virtualenvs'),
    home && join(home, '.cache/pypoetry/virtualenvs'),
    home && join(home, 'Library/Caches/pypoetry/virtualenvs'),
  ].filter((each): each is string => Boolean(each) && isDirectory(each!));
  const prefix = poetryName(project);
  const shared = roots.flatMap((root) =>
    prefix === null
      ? []
      : namesIn(root)
          .filter((name) => name.startsWith(`${prefix}-py`))
          .reverse()
          .map((name) => join(root, name)),
  );
  return [...active, inside, ...shared];
}

function poetryName(project: string): string | null {
  const text = readHead(join(project, 'pyproject.toml'), 262_144) ?? '';
  const name = /^name\s*=\s*["']([^"'\n]{1,200})["']/m.exec(text)?.[1];
  if (name === undefined) return null;
  const clean = name
    .toLowerCase()
    .replace(/[ $`!*@"\\\r\n\t]/g, '_')
    .slice(0, 42);
  const digest = createHash('sha256').update(realPath(project)).digest('base64url');
  return `${clean}-${digest.slice(0, 8)}`;
}
