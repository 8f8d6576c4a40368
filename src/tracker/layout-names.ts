import { basename, extname } from 'node:path';
import type { FileState } from '../model/facts.ts';

export const logName = 'sdscripts.log';
export const reposName = 'repos.git';
export const registryName = 'spoor.json';

/**
 * The files of a run that the guide keeps beside its output, with the names it gives them: the
 * configuration as `config.toml`, the prompts as `sample-prompts.txt`, scripts under their own names. A
 * configuration that is no TOML keeps its own name, and prompts keep their extension. Of a file with
 * several versions the one at launch is meant, which comes first.
 */
export function layoutNames(files: readonly FileState[]): { name: string; file: FileState }[] {
  const named: { name: string; file: FileState }[] = [];
  const taken = new Set([logName, reposName, registryName]);
  const paths = new Set<string>();
  for (const role of ['config', 'dataset-config', 'prompts', 'script'] as const) {
    for (const file of files) {
      if (file.role !== role || file.kind !== 'file' || paths.has(file.path)) continue;
      paths.add(file.path);
      const name = unique(wanted(file, taken), taken);
      taken.add(name);
      named.push({ name, file });
    }
  }
  return named;
}

function wanted({ role, path }: FileState, taken: ReadonlySet<string>): string {
  const extension = extname(path).toLowerCase();
  if (role === 'prompts') return `sample-prompts${extension || '.txt'}`;
  const isConfig = role === 'config' || role === 'dataset-config';
  return isConfig && extension === '.toml' && !taken.has('config.toml') ? 'config.toml' : basename(path);
}

function unique(name: string, taken: ReadonlySet<string>): string {
  if (!taken.has(name)) return name;
  const extension = extname(name);
  const stem = name.slice(0, name.length - extension.length);
  for (let number = 2; ; number++) {
    const other = `${stem}~${number}${extension}`;
    if (!taken.has(other)) return other;
  }
}
