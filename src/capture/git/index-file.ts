import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readFileSync } from 'node:fs';
import type { ObjectFormat } from '../../model/code-port.ts';
import { errorCode } from '../../model/errors.ts';
import type { ByteName } from './names.ts';
import type { Tracked } from './status.ts';

/** An index of some ten million files. */
const longestIndex = 1024 * 1024 * 1024;
const headerLength = 12;
/** Times, device, inode, mode, owner and size, before an entry's object name. */
const statLength = 40;

export type IndexRead =
  /** `tracked` is null where the index is whole and in a form that only git reads here. */
  { problem: null; tracked: Tracked | null } | { problem: string };

/**
 * Reads what an index tracks (gitformat-index(5), versions 2 and 3) after checking that it is what git
 * wrote: git itself reads entries on trust, so that a file cut short could tell anything. An index
 * that is not there tracks nothing.
 */
export function readIndex(path: string, format: ObjectFormat): IndexRead {
  const read = readWhole(path, format);
  if (read === null) return { problem: null, tracked: emptyTracked() };
  if ('problem' in read) return read;
  const version = read.bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return { problem: null, tracked: null };
  return entriesOf(read.bytes, nameLengthOf(format));
}

function emptyTracked(): Tracked {
  return { files: [], submodules: new Map(), unwatched: [] };
}

/** @returns an index's bytes without the checksum, which they match; null where there is none */
function readWhole(path: string, format: ObjectFormat): { bytes: Buffer } | { problem: string } | null {
  let bytes: Buffer;
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) return { problem: 'it is no file' };
      if (found.size > longestIndex) return { problem: 'it is too large' };
      bytes = readFileSync(file);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? null : { problem: `${errorCode(error)}` };
  }
  const end = bytes.length - nameLengthOf(format);
  if (end < headerLength || bytes.toString('latin1', 0, 4) !== 'DIRC') return { problem: 'it is cut short' };
  const trailer = bytes.subarray(end);
  const body = bytes.subarray(0, end);
  // All zeros where `index.skipHash` is set.
  const isSkipped = trailer.every((byte) => byte === 0);
  const digest = isSkipped ? trailer : createHash(format).update(body).digest();
  return digest.equals(trailer) ? { bytes: body } : { problem: 'its checksum does not match' };
}

function nameLengthOf(format: ObjectFormat): number {
  return format === 'sha1' ? 20 : 32;
}

/** A file's version, as far as an index of git's tells it. */
export interface FileVersion {
  changedNs: bigint;
  modifiedNs: bigint;
  /** Inode and size modulo 2³². */
  inode: number;
  size: number;
  /** `0o100644`, `0o100755` or, of a symbolic link, `0o120000`. */
  mode: number;
}

/** What Spoor's own index holds: the version of each file that was read last, and the tree they make. */
export interface Held {
  files: Map<ByteName, FileVersion>;
  /** Null where git has yet to work it out. */
  tree: string | null;
}

/** @returns null where there is none, or it is not as Spoor has git write it */
export function readHeld(path: string, format: ObjectFormat): Held | null {
  const read = readWhole(path, format);
  if (read === null || 'problem' in read || read.bytes.readUInt32BE(4) !== 2) return null;
  const { bytes } = read;
  const files: Held['files'] = new Map();
  const flagsAt = statLength + nameLengthOf(format);
  let at = headerLength;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    const pathAt = at + flagsAt + 2;
    const pathEnd = bytes.indexOf(0, pathAt);
    if (pathEnd < 0) return null;
    files.set(bytes.toString('latin1', pathAt, pathEnd), {
      changedNs: timeAt(bytes, at),
      modifiedNs: timeAt(bytes, at + 8),
      inode: bytes.readUInt32BE(at + 20),
      mode: bytes.readUInt32BE(at + 24),
      size: bytes.readUInt32BE(at + 36),
    });
    at += (pathEnd - at + 8) & ~7;
  }
  return { files, tree: treeIn(bytes, at, nameLengthOf(format)) };
}

function timeAt(bytes: Buffer, at: number): bigint {
  return BigInt(bytes.readUInt32BE(at)) * 1_000_000_000n + BigInt(bytes.readUInt32BE(at + 4));
}

/** The root of the cached trees: no path, then `<entries> <subtrees>`, of which -1 entries is one that has changed. */
function treeIn(bytes: Buffer, from: number, nameLength: number): string | null {
  for (let at = from; at + 8 <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4)) {
    if (bytes.toString('latin1', at, at + 4) !== 'TREE') continue;
    const line = bytes.indexOf(0x0a, at + 9) + 1;
    const isValid = line > 0 && /^\d+ \d+\n$/.test(bytes.toString('latin1', at + 9, line));
    return isValid ? bytes.toString('hex', line, line + nameLength) : null;
  }
  return null;
}

function entriesOf(bytes: Buffer, nameLength: number): IndexRead {
  const tracked = emptyTracked();
  const flagsAt = statLength + nameLength;
  let at = headerLength;
  let last: ByteName | null = null;
  for (let left = bytes.readUInt32BE(8); left > 0; left--) {
    if (at + flagsAt + 4 > bytes.length) return { problem: 'it is cut short' };
    const flags = bytes.readUInt16BE(at + flagsAt);
    const isExtended = (flags & 0x4000) !== 0;
    const pathAt = at + flagsAt + (isExtended ? 4 : 2);
    const pathEnd = bytes.indexOf(0, pathAt);
    if (pathEnd < 0) return { problem: 'it is cut short' };
    const path = bytes.toString('latin1', pathAt, pathEnd);
    const mode = bytes.readUInt32BE(at + 24);
    const isUnwatched = (flags & 0x8000) !== 0 || (isExtended && (bytes.readUInt16BE(at + flagsAt + 2) & 0x4000) !== 0);
    // An unmerged path stands there once a side.
    if (path !== last) {
      const object = bytes.toString('hex', at + statLength, at + flagsAt);
      if (mode === 0o160000) tracked.submodules.set(path, object);
      else tracked.files.push(path);
      if (isUnwatched) tracked.unwatched.push(path);
    }
    last = path;
    at += (pathEnd - at + 8) & ~7;
  }
  return { problem: null, tracked: needsGit(bytes, at) ? null : tracked };
}

/** Whether part of the entries lies elsewhere (a split index), or whole directories stand for theirs (a sparse one). */
function needsGit(bytes: Buffer, from: number): boolean {
  for (let at = from; at + 8 <= bytes.length; at += 8 + bytes.readUInt32BE(at + 4)) {
    const signature = bytes.toString('latin1', at, at + 4);
    if (signature === 'link' || signature === 'sdir') return true;
  }
  return false;
}
