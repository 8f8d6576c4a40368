import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The package that this code is part of, from the bundle in `dist/` as from `src/cli/`. */
const { root, version: found } = locate(dirname(fileURLToPath(import.meta.url)));

export const packageRoot: string = root;
export const version: string = found;

function locate(directory: string): { root: string; version: string } {
  try {
    const { name, version: its } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'));
    if (name === 'spoor') return { root: directory, version: its };
  } catch {
    // Not here.
  }
  const parent = dirname(directory);
  if (parent === directory) throw new Error(`no package.json of spoor above ${fileURLToPath(import.meta.url)}`);
  return locate(parent);
}
