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
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = fstatSync(file);
      if (!found.isFile()) return { problem: 'it is no file' };
      if (found.size > longestIndex) return { problem: 'it is too large' };
      return understand(readFileSync(file), format);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    if (errorCode(error) !== 'ENOENT') return { problem: `${errorCode(error)}` };
    return { problem: null, tracked: emptyTracked() };
  }
}

function emptyTracked(): Tracked {
  return { files: [], submodules: new Map(), unwatched: [] };
}

function understand(bytes: Buffer, format: ObjectFormat): IndexRead {
  const nameLength = format === 'sha1' ? 20 : 32;
  const end = bytes.length - nameLength;
  if (end < headerLength || bytes.toString('latin1', 0, 4) !== 'DIRC') return { problem: 'it is cut short' };
  const trailer = bytes.subarray(end);
  // All zeros where `index.skipHash` is set.
  const isSkipped = trailer.every((byte) => byte === 0);
  const digest = isSkipped ? trailer : createHash(format).update(bytes.subarray(0, end)).digest();
  if (!digest.equals(trailer)) return { problem: 'its checksum does not match' };
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return { problem: null, tracked: null };
  return entriesOf(bytes.subarray(0, end), nameLength);
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
