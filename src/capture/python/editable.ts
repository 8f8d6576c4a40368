import { dirname, sep } from 'node:path';
import type { Interpreter } from './interpreter.ts';
import { listPackages } from './packages.ts';
import { readPathFiles } from './path-files.ts';
import { isDirectory, realPath } from './read.ts';

export interface EditableDirectory {
  /** Absolute, existing. */
  path: string;
  /** The package, as far as it is known: a `.pth` line does not say. */
  package: string | null;
}

/**
 * Every directory outside the environment that it imports source from: editable installs in all their
 * forms and plain `.pth` lines, each once. What lies within the environment itself or the standard library is none.
 * @param packages what `listPackages` said, if it was asked already
 */
export function editableDirectories(
  interpreter: Interpreter,
  packages = listPackages(interpreter),
): EditableDirectory[] {
  const found = new Map<string, EditableDirectory>();
  const add = (path: string, name: string | null) => {
    const real = realPath(path);
    if (isDirectory(real) && !belongsTo(interpreter, real) && !found.has(real))
      found.set(real, { path, package: name });
  };
  for (const each of packages) if (each.editable !== null) add(each.editable, each.name);
  const roots = [...found.keys()];
  // A `src` layout is imported from inside the directory that was installed.
  const known = (path: string) => roots.some((root) => `${realPath(path)}${sep}`.startsWith(`${root}${sep}`));
  for (const site of interpreter.sitePackages) {
    const { directories, modules } = readPathFiles(site);
    for (const path of directories) if (!known(path)) add(path, null);
    for (const [name, path] of modules) if (!known(path)) add(dirname(path), name);
  }
  return [...found.values()];
}

function belongsTo({ sitePackages, standardLibrary }: Interpreter, real: string): boolean {
  return [...sitePackages, standardLibrary]
    .filter((each) => each !== null)
    .some((each) => `${real}${sep}`.startsWith(`${realPath(each)}${sep}`));
}
