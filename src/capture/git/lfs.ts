/**
 * Files under LFS that git calls changed only because its filter is not run here: in the index stands a
 * pointer (https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md), on the disk what it points to.
 */
import { createHash } from 'node:crypto';
import { createReadStream, lstatSync } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { join } from 'node:path';
import type { CodePort, GitOptions } from '../../model/code-port.ts';
import { type ByteName, joinNames, pathBelow, splitNames } from './names.ts';
import { orNull, readSmall } from './read-small.ts';
import type { StatusEntry } from './status.ts';

/** A pointer is shorter, as the specification has it. */
const longestPointer = 1024;
/** Bytes that are hashed before the trainer starts; files beyond that are left to be called changed. */
const mostBytes = 256 * 1024 * 1024;
const longestAttributes = 4 * 1024 * 1024;

/** The entries without those whose file is what the pointer in the index says. */
export async function withoutCleanPointers(
  port: CodePort,
  top: string,
  options: GitOptions,
  changed: readonly StatusEntry[],
  tracked: readonly ByteName[],
): Promise<StatusEntry[]> {
  const touched = changed.filter(({ letters, index }) => letters === '.M' && index !== undefined);
  if (touched.length === 0 || !mayBeFiltered(top, options.gitDirectory, touched, tracked)) return [...changed];
  const filtered = await underLfs(port, options, touched);
  const pointers = await readPointers(port, options, filtered);
  const clean = new Set<StatusEntry>();
  let left = mostBytes;
  for (const [entry, { sha256, bytes }] of pointers) {
    const path = pathBelow(top, entry.path);
    const found = await lstat(path).catch(() => null);
    if (!found?.isFile() || found.size !== bytes || bytes > left) continue;
    left -= bytes;
    if ((await sha256Of(path)) === sha256) clean.add(entry);
  }
  return changed.filter((entry) => !clean.has(entry));
}

/** Whether any of the files whose attributes are in force there speaks of a filter: else git need not be asked. */
function mayBeFiltered(
  top: string,
  facade: string,
  entries: readonly StatusEntry[],
  tracked: readonly ByteName[],
): boolean {
  const config = readSmall(join(facade, 'config'), longestAttributes) ?? '';
  const users = /\n\tattributesfile = "([^"\\]*)"\n/.exec(config)?.[1];
  if (users === undefined) return true;
  const speaks = (path: string | Buffer) => readSmall(path, longestAttributes)?.includes('filter');
  if ([users, join(facade, 'info/attributes')].some(speaks)) return true;
  const name = '.gitattributes';
  const inForce = new Set<ByteName>([name]);
  for (const { path } of entries) {
    for (let end = path.indexOf('/') + 1; end > 0; end = path.indexOf('/', end) + 1)
      inForce.add(path.slice(0, end) + name);
  }
  // Of one that is gone from the work tree, git reads what its index has.
  const indexed = new Set(tracked.filter((path) => path.endsWith(name)));
  return [...inForce].some((path) => {
    const there = pathBelow(top, path);
    return speaks(there) ?? (indexed.has(path) || orNull(() => lstatSync(there)) !== null);
  });
}

async function underLfs(port: CodePort, options: GitOptions, entries: readonly StatusEntry[]): Promise<StatusEntry[]> {
  const input = joinNames(entries.map(({ path }) => path));
  const { stdout } = await port.git(['check-attr', '-z', '--stdin', 'filter'], { ...options, input });
  const fields = splitNames(stdout);
  const under = new Set<ByteName>();
  for (let i = 0; i + 2 < fields.length; i += 3) if (fields[i + 2] === 'lfs') under.add(fields[i] ?? '');
  return entries.filter(({ path }) => under.has(path));
}

interface Pointer {
  sha256: string;
  bytes: number;
}

async function readPointers(
  port: CodePort,
  options: GitOptions,
  entries: readonly StatusEntry[],
): Promise<Map<StatusEntry, Pointer>> {
  const pointers = new Map<StatusEntry, Pointer>();
  const ask = async (command: string, objects: readonly string[]) =>
    objects.length === 0
      ? ''
      : (
          await port.git(['cat-file', command], { ...options, input: Buffer.from(`${objects.join('\n')}\n`) })
        ).stdout.toString('latin1');
  const sizes = await ask(
    '--batch-check',
    entries.map(({ index = '' }) => index),
  );
  const small = new Set(
    [...sizes.matchAll(/^([0-9a-f]+) blob (\d+)$/gm)].flatMap(([, object = '', size]) =>
      Number(size) < longestPointer ? [object] : [],
    ),
  );
  const texts = await ask('--batch', [...small]);
  for (const match of texts.matchAll(
    /^([0-9a-f]{40,64}) blob \d+\nversion https:\/\/[\x20-\x7e]+\n(?:ext-[\x20-\x7e]+\n)*oid sha256:([0-9a-f]{64})\nsize (\d+)\n/gm,
  )) {
    const [, object, sha256 = '', size] = match;
    for (const entry of entries) if (entry.index === object) pointers.set(entry, { sha256, bytes: Number(size) });
  }
  return pointers;
}

async function sha256Of(path: Buffer): Promise<string | null> {
  const hash = createHash('sha256');
  try {
    for await (const piece of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(piece);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
