import { join } from 'node:path';
import type { Interpreter } from './interpreter.ts';
import { readPathFiles } from './path-files.ts';
import { isDirectory, isFile, namesIn } from './read.ts';

export interface ModuleLocation {
  /** The package's directory, or the file of a single module; an archive where it is inside one. */
  path: string;
  /** The entry of `sys.path` it was found in; null where an editable finder maps it. */
  root: string | null;
}

/**
 * Where an interpreter would import a module from, in the order of `sys.path`: the script's directory,
 * PYTHONPATH, the standard library, site packages with the paths their `.pth` files add, editable finders.
 * @param name dotted: `lycoris.kohya`
 * @param scriptDirectory absolute; the working directory with `python -m`; null with -P, -I or PYTHONSAFEPATH
 */
export function locateModule(
  name: string,
  interpreter: Interpreter,
  scriptDirectory: string | null,
): ModuleLocation | null {
  const [top = '', ...rest] = name.split('.');
  if (![top, ...rest].every((part) => /^[\p{L}_][\p{L}\p{N}_]{0,200}$/u.test(part))) return null;
  const found = locateTop(top, interpreter, scriptDirectory);
  if (found === null || rest.length === 0) return found;
  let path: string | null = found.path;
  for (const part of rest) path = path === null ? null : (moduleIn(path, part)?.path ?? null);
  return path === null ? null : { path, root: found.root };
}

function locateTop(name: string, interpreter: Interpreter, scriptDirectory: string | null): ModuleLocation | null {
  const { pythonPath, standardLibrary, sitePackages } = interpreter;
  const first = [scriptDirectory, ...pythonPath, standardLibrary].filter((each) => each !== null);
  let namespace: ModuleLocation | null = null;
  const look = (root: string): ModuleLocation | null => {
    const hit = moduleIn(root, name);
    if (hit === null) return null;
    if (!hit.namespace) return { path: hit.path, root };
    namespace ??= { path: hit.path, root };
    return null;
  };
  for (const root of first) {
    const found = look(root);
    if (found !== null) return found;
  }
  const finders = new Map<string, string>();
  for (const site of sitePackages) {
    const { directories, modules } = readPathFiles(site);
    for (const [module, path] of modules) if (!finders.has(module)) finders.set(module, path);
    for (const root of [site, ...directories]) {
      const found = look(root);
      if (found !== null) return found;
    }
  }
  const mapped = finders.get(name);
  const path = mapped === undefined ? null : [mapped, `${mapped}.py`].find((each) => isDirectory(each) || isFile(each));
  return path ? { path, root: null } : namespace;
}

/** A package, an extension, a file; a directory without `__init__` only if no other root has any of these. */
function moduleIn(root: string, name: string): { path: string; namespace: boolean } | null {
  if (isFile(root)) return archiveHolds(root, name) ? { path: root, namespace: false } : null;
  const directory = join(root, name);
  const isPackage = isDirectory(directory);
  if (isPackage && namesIn(directory).some((each) => /^__init__\.(py|pyc|.*\bso|pyd)$/.test(each))) {
    return { path: directory, namespace: false };
  }
  if (isFile(`${directory}.py`)) return { path: `${directory}.py`, namespace: false };
  const extension = namesIn(root).find(
    (each) => each.startsWith(`${name}.`) && /^[^.]+(\.(cpython|abi)[^/]*)?\.(so|pyd|pyc)$/.test(each),
  );
  if (extension !== undefined) return { path: join(root, extension), namespace: false };
  return isPackage ? { path: directory, namespace: true } : null;
}

/** An egg is named after its package: nothing is unpacked to look. */
function archiveHolds(path: string, name: string): boolean {
  const file = path.slice(path.lastIndexOf('/') + 1).toLowerCase();
  return file.endsWith('.egg') && file.split('-', 1)[0] === name.toLowerCase();
}
