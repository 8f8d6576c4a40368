import type { FileState, RepoState } from '../model/facts.ts';

/**
 * Why `--strict` refuses: every reason, each naming the thing and the remedy. Empty where nothing is wrong.
 *
 * @param models names of the models that the output directory holds already
 */
export function strictReasons(
  repos: readonly RepoState[],
  files: readonly FileState[],
  outputDir: string | null,
  models: readonly string[],
): string[] {
  const dirty = repos
    .filter((repo) => repo.dirty !== false && repo.kind === 'git')
    .map((repo) =>
      repo.dirty === null
        ? `${repo.path}: git could not say whether it is clean`
        : `${repo.path} has uncommitted changes: ${someOf(repo.changedPaths.map(({ path }) => path))}; commit or stash them`,
    );
  const missing = files
    .filter(({ kind }) => kind === 'missing' || kind === 'unreadable')
    .map(({ key, role, path, kind }) => `${key ?? role} names ${path}, which is ${kind}`);
  const holds =
    models.length > 0
      ? [`${outputDir} already holds ${someOf(models)}; choose another --output_dir, or move them away`]
      : [];
  return [...dirty, ...missing, ...holds];
}

function someOf(names: readonly string[]): string {
  const shown = names.slice(0, 3).join(', ');
  return names.length > 3 ? `${shown} and ${names.length - 3} more` : shown;
}
