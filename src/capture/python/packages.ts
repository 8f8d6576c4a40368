/** The packages of an interpreter, from the metadata that installers leave on disk. */
import { basename, join } from 'node:path';
import type { PythonPackage } from '../../model/facts.ts';
import { readDirectUrl } from './direct-url.ts';
import { readEggLink } from './egg-link.ts';
import { nameAndVersion, normalised } from './metadata.ts';
import { isDirectory, namesIn, readHead } from './read.ts';

/** More packages than this are not listed. */
const mostPackages = 10_000;

/**
 * All packages that `importlib.metadata` would find, and conda's own that are no Python (`cudatoolkit`),
 * sorted by name. Of two with one name the first in `sys.path` counts.
 */
export function listPackages({
  prefix,
  sitePackages,
}: {
  prefix: string;
  sitePackages: readonly string[];
}): PythonPackage[] {
  const found = new Map<string, PythonPackage>();
  const add = (each: PythonPackage | null) => {
    if (each === null || found.size >= mostPackages) return;
    const key = normalised(each.name);
    if (!found.has(key)) found.set(key, each);
  };
  for (const site of sitePackages) {
    for (const name of namesIn(site)) {
      if (name.endsWith('.dist-info')) add(fromDistInfo(site, name));
      else if (name.endsWith('.egg-info')) add(fromEggInfo(site, name));
      else if (name.endsWith('.egg-link')) add(readEggLink(join(site, name)));
      else if (name.endsWith('.egg')) add(fromEggInfo(join(site, name), 'EGG-INFO', name.slice(0, -4)));
    }
  }
  for (const name of namesIn(join(prefix, 'conda-meta'))) add(fromCondaMeta(name));
  return [...found.values()].sort((a, b) => (normalised(a.name) < normalised(b.name) ? -1 : 1));
}

function fromDistInfo(site: string, name: string): PythonPackage | null {
  const directory = join(site, name);
  // pip leaves `~orch-2.1.0.dist-info` behind where it could not remove one.
  if (name.startsWith('~')) return null;
  const stated = nameAndVersion(readHead(join(directory, 'METADATA'), 4096));
  const [fileName, fileVersion] = split(name.slice(0, -'.dist-info'.length));
  return { name: stated.name ?? fileName, version: stated.version ?? fileVersion, ...readDirectUrl(directory) };
}

/** A file with the metadata itself (Debian, distutils), or a directory with `PKG-INFO`. */
function fromEggInfo(site: string, entry: string, title = entry.slice(0, -'.egg-info'.length)): PythonPackage | null {
  const path = join(site, entry);
  const text = readHead(path, 4096) ?? readHead(join(path, 'PKG-INFO'), 4096);
  if (text === null && !isDirectory(path)) return null;
  const stated = nameAndVersion(text);
  const [fileName, fileVersion] = split(title.replace(/-py\d.*$/, ''));
  return { name: stated.name ?? fileName, version: stated.version ?? fileVersion, editable: null, origin: null };
}

function split(title: string): [name: string, version: string | null] {
  const at = title.indexOf('-');
  return at < 0 ? [title, null] : [title.slice(0, at), title.slice(at + 1)];
}

/** `cudatoolkit-11.8.0-h6a678d5_0.json`: the build tells which CUDA a package is for. */
function fromCondaMeta(fileName: string): PythonPackage | null {
  const parts = /^(.{1,200})-([^-]{1,100})-([^-]{1,200})\.json$/.exec(basename(fileName));
  if (parts === null) return null;
  return { name: parts[1]!, version: parts[2]!, editable: null, origin: `conda:${parts[3]!}` };
}
