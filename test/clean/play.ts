/** What the tests of cleaning share: runs that fail, and what they leave. */
import { lstatSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

/** The trainer of the world fails before it has made anything. */
export const failing = { T_FAIL_AT: '2' };

/** A failed run whose output directory stays for now. */
export async function leftOver(world: World, ...more: string[]): Promise<Run> {
  const { run } = await recorded(world, training(world, ...more), { env: { ...failing, NO_CLEAN: '1' } });
  return run;
}

export interface Cleaned {
  run: string | null;
  name: string;
  action: string;
  directory: string;
  reason: string;
  files: number | null;
  to: string | null;
}

export async function clean(world: World, ...args: string[]): Promise<Cleaned[]> {
  const { stdout, stderr, exitCode } = await spoor(world, ['clean', '--json', ...args]);
  if (exitCode !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout)) as Cleaned[];
}

export interface Trashed {
  id: string;
  kind: string;
  run: string | null;
  name: string;
  from: string;
  to: string;
  reason: string;
}

export async function trash(world: World): Promise<Trashed[]> {
  const { stdout, stderr, exitCode } = await spoor(world, ['trash', 'ls', '--json']);
  if (exitCode !== 0) throw new Error(String(stderr));
  return JSON.parse(String(stdout)) as Trashed[];
}

/** Every path below a directory with what it holds: files by their bytes, links by their target; null if it is not there. */
export function contents(directory: string): Record<string, string> | null {
  if (!lstatSync(directory, { throwIfNoEntry: false })) return null;
  const found: Record<string, string> = {};
  const visit = (path: string) => {
    for (const name of readdirSync(join(directory, path))) {
      const below = path === '' ? name : `${path}/${name}`;
      const stats = lstatSync(join(directory, below), { throwIfNoEntry: false });
      if (!stats) {
        // Its name is no UTF-8.
        found[below] = 'unreadable';
        continue;
      }
      if (stats.isDirectory()) {
        found[below] = 'directory';
        visit(below);
      } else if (stats.isSymbolicLink()) found[below] = `link ${readlinkSync(join(directory, below))}`;
      else found[below] = stats.isFile() ? readFileSync(join(directory, below), 'latin1') : 'special';
    }
  };
  visit('');
  return found;
}

/** A directory on another file system than the temporary one; null where there is none. */
export function elsewhere(): string | null {
  if (!otherFileSystem) return null;
  const directory = mkdtempSync('/dev/shm/spoor-test-');
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

const deviceOf = (path: string) => statSync(path, { throwIfNoEntry: false })?.dev;
/** Whether the machine has two file systems to write to. */
export const otherFileSystem = deviceOf('/dev/shm') !== undefined && deviceOf('/dev/shm') !== deviceOf('/tmp');
