/** Walks directories for what trainings leave behind, by name alone. Nothing is opened, and no link is followed. */
import type { Dirent } from 'node:fs';
import { lstat, opendir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import { isEventFile } from '../../trainers/log/event-file.ts';
import { logName, registryName, reposName } from '../layout-names.ts';

export type FoundKind =
  | 'model'
  | 'state'
  | 'registry'
  | 'repos'
  | 'toml'
  | 'json'
  | 'prompts'
  | 'log'
  | 'events'
  | 'sample'
  | 'script'
  | 'pack';

export interface FoundFile {
  kind: FoundKind;
  path: string;
  /** Directory it lies in. */
  directory: string;
  name: string;
  bytes: number;
  /** Milliseconds since 1970. */
  modified: number;
  /** Whether the user named this very file. */
  named: boolean;
}

export interface FoundFiles {
  files: FoundFile[];
  /** Directories that cannot be read. */
  unreadable: string[];
  /** There is more than was looked at. */
  truncated: boolean;
}

export interface WalkBounds {
  entries: number;
  depth: number;
}

const bounds: WalkBounds = { entries: 2_000_000, depth: 32 };
/** Directories of programs, not of trainings. */
const passedOver = /^(?:\.|node_modules$|__pycache__$|site-packages$)/;

/**
 * @param avoid a directory that is not entered: Spoor's own home
 * @param onLook told how many entries have been looked at
 */
export async function findFiles(
  paths: readonly string[],
  avoid: string,
  onLook: (entries: number) => void,
  limits: WalkBounds = bounds,
): Promise<FoundFiles> {
  const found: FoundFiles = { files: [], unreadable: [], truncated: false };
  const seen = new Set<string>();
  let left = limits.entries;
  const add = async (path: string, kind: FoundKind, named: boolean) => {
    if (seen.has(path)) return;
    seen.add(path);
    const stats = await lstat(path).catch(() => null);
    if (stats === null || !(kind === 'state' ? stats.isDirectory() : stats.isFile() || named)) return;
    const place = { path, directory: dirname(path), name: basename(path) };
    found.files.push({ kind, ...place, bytes: stats.size, modified: stats.mtimeMs, named });
  };
  const walk = async (directory: string, depth: number): Promise<void> => {
    if (directory === avoid || seen.has(directory)) return;
    seen.add(directory);
    const entries: Dirent[] = [];
    try {
      for await (const entry of await opendir(directory, { bufferSize: 256 })) {
        if (--left < 0) {
          found.truncated = true;
          break;
        }
        entries.push(entry);
      }
    } catch {
      found.unreadable.push(directory);
    }
    onLook(limits.entries - left);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const path = join(directory, entry.name);
      if (entry.isDirectory()) {
        if (/-state$/.test(entry.name)) await add(path, 'state', false);
        else if (!passedOver.test(entry.name) && depth < limits.depth && left > 0) await walk(path, depth + 1);
      } else if (entry.isFile()) {
        const kind = kindOf(entry.name, basename(directory));
        if (kind !== null) await add(path, kind, false);
      }
    }
  };
  for (const path of paths) {
    const stats = await stat(path).catch(() => null);
    if (stats === null) {
      throw new SpoorError(
        'not-found',
        'path-not-found',
        `${path} is not there`,
        'Check the path; it is read as given.',
      );
    }
    if (stats.isDirectory()) await walk(path, 0);
    else await add(path, kindOf(basename(path), basename(dirname(path))) ?? refuse(path), true);
  }
  return found;
}

function refuse(path: string): never {
  const hint =
    'It takes directories, .safetensors, event files, logs, saved configurations (.json, .toml) and packs (.tar).';
  throw new SpoorError('data', 'nothing-to-import', `${path} is no file of a training`, hint);
}

function kindOf(name: string, directory: string): FoundKind | null {
  if (name.endsWith('.safetensors')) return 'model';
  if (name === registryName) return 'registry';
  if (name === reposName) return 'repos';
  if (isEventFile(name)) return 'events';
  if (name.endsWith('.png')) return directory === 'sample' && samplePattern.test(name) ? 'sample' : null;
  if (/^(?:sample[-_]?)?prompts?\.(?:txt|toml|json)$/i.test(name)) return 'prompts';
  if (name.endsWith('.toml')) return 'toml';
  if (name.endsWith('.json')) return 'json';
  if (name === logName || /\.(?:log|out)$/i.test(name) || /^log(?:\.txt)?$/i.test(name)) return 'log';
  if (/\.(?:sh|zsh|bash|ps1|bat)$/i.test(name)) return 'script';
  return name.endsWith('.tar') ? 'pack' : null;
}

const samplePattern = /_\d{2,9}_\d{14}(?:_-?\d{1,20})?\.png$/;
