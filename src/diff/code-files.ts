/** Which files of a repository can change what a training makes. */
import { posix } from 'node:path';
import type { Run } from '../model/run.ts';

/** Text for people, pictures, and what only editors, hosts and git itself read. */
const forPeople =
  /\.(?:md|rst|png|jpe?g|gif|webp|svg|pdf|ipynb)$|(?:^|\/)(?:LICEN[CS]E|NOTICE|AUTHORS|CHANGELOG|README)[^/]*$|(?:^|\/)\.(?:gitignore|gitattributes|gitmodules|editorconfig|pre-commit-config\.yaml|DS_Store)$|^\.(?:github|vscode|idea|circleci)\//i;

/** What programs read as code or settings. */
const forPrograms = /\.(?:py[a-z]?|so|cu|cpp|[ch]|json|ya?ml|toml|cfg|ini|sh|[cm]?js|ts)$/i;

/** Python's and the trainers' own caches. */
const caches = /(?:^|\/)__pycache__\/|\.py[co]$|\.npz$/;

/** Whether a file that is committed, or is not known to be untracked, may be read by a training. */
export function isRead(path: string): boolean {
  return !forPeople.test(path) && !caches.test(path);
}

/** Whether a file that git does not track may be read as code or settings: outputs and notes are not. */
export function isReadUntracked(path: string): boolean {
  return forPrograms.test(path) && isRead(path);
}

/**
 * Whether an absolute path is compared by what it is for (configuration, prompts, dataset), or is the
 * output: then it is no code.
 */
export function elsewhere({ cwd, files, dataset, outputDir }: Pick<Run, 'cwd' | 'files' | 'dataset' | 'outputDir'>) {
  const paths = new Set(files.filter(({ role }) => role !== 'trainer').map(({ path }) => posix.resolve(cwd, path)));
  const roots = [...(dataset?.roots.map(({ path }) => path) ?? []), ...(outputDir === null ? [] : [outputDir])].map(
    (path) => `${posix.resolve(cwd, path)}/`,
  );
  return (path: string): boolean => paths.has(path) || roots.some((root) => path.startsWith(root));
}
