import { basename, isAbsolute, join } from 'node:path';
import type { PythonPackage } from '../../model/facts.ts';
import { nameAndVersion } from './metadata.ts';
import { namesIn, readHead } from './read.ts';

/** What `setup.py develop` left: a file whose first line is the directory with the package and its `.egg-info`. */
export function readEggLink(path: string): PythonPackage | null {
  const directory = (readHead(path, 4096) ?? '').split(/\r?\n/, 1)[0]!.trim();
  if (!isAbsolute(directory) || directory.includes('\0')) return null;
  const title = basename(path).slice(0, -'.egg-link'.length);
  const canonical = (name: string) => name.toLowerCase().replaceAll('-', '_');
  const info = namesIn(directory).find((name) => canonical(name) === canonical(`${title}.egg-info`));
  const stated = nameAndVersion(info === undefined ? null : readHead(join(directory, info, 'PKG-INFO'), 4096));
  return { name: stated.name ?? title, version: stated.version, editable: directory, origin: null };
}
