/**
 * A dataset's manifest: an object of JSON lines, one a file, sorted by root and path (in UTF-16 code
 * units, as JavaScript compares).
 *
 *     {"root":0,"path":"10_cat/1.png","kind":"image","bytes":52344,"sha256":"…","object":"…"}
 *
 * `root` counts the roots as the dataset's fact lists them; of equal directories the first has the
 * files. `name` is there only where the path is not UTF-8: the path with one character a byte.
 * `object` is null where the bytes are not kept, `sha256` where they are not known. Drafts have a
 * `stamp` besides: mtime, ctime, inode, device, and when the hash was taken (or null), all decimal.
 */
import { createHash } from 'node:crypto';
import type { FileStamp } from '../../model/ports.ts';
import type { DatasetFileKind } from './kinds.ts';
import { type RelativePath, shownPath } from './listing.ts';

export interface ManifestFile {
  root: number;
  /** As it is recorded. */
  path: string;
  at: RelativePath;
  kind: DatasetFileKind;
  bytes: number;
  sha256: string | null;
  object: string | null;
}

export interface DraftFile extends ManifestFile {
  stamp: FileStamp;
  hashedAtNs: bigint | null;
}

export function sortFiles<T extends ManifestFile>(files: T[]): T[] {
  return files.sort((a, b) => a.root - b.root || (a.path < b.path ? -1 : a.path > b.path ? 1 : 0));
}

/** @param files sorted */
export function manifestBytes(files: readonly ManifestFile[]): Uint8Array {
  return Buffer.from(files.map((file) => `${line(file)}}\n`).join(''));
}

/** @param files sorted */
export function draftBytes(files: readonly DraftFile[]): Uint8Array {
  const lines = files.map((file) => {
    const { mtimeNs, ctimeNs, ino, dev } = file.stamp;
    const hashed = file.hashedAtNs === null ? 'null' : `"${file.hashedAtNs}"`;
    return `${line(file)},"stamp":["${mtimeNs}","${ctimeNs}","${ino}","${dev}",${hashed}]}\n`;
  });
  return Buffer.from(lines.join(''));
}

function line({ root, path, at, kind, bytes, sha256, object }: ManifestFile): string {
  const name = at.isBytes && path !== at.text ? `,"name":${JSON.stringify(at.text)}` : '';
  return `{"root":${root},"path":${JSON.stringify(path)}${name},"kind":"${kind}","bytes":${bytes},"sha256":${quoted(sha256)},"object":${quoted(object)}`;
}

function quoted(hash: string | null): string {
  return hash === null ? 'null' : `"${hash}"`;
}

/** Spoor's own writing, out of its object store. */
export function parseDraft(bytes: Uint8Array): DraftFile[] {
  const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString().split('\n');
  lines.pop();
  return lines.map((text) => {
    const { root, path, name, kind, bytes: size, sha256, object, stamp } = JSON.parse(text);
    const [mtimeNs, ctimeNs, ino, dev, hashedAt] = stamp;
    const at = name === undefined ? { text: path, isBytes: false } : { text: name, isBytes: true };
    return {
      root,
      path,
      at,
      kind,
      bytes: size,
      sha256,
      object,
      stamp: {
        size: BigInt(size),
        mtimeNs: BigInt(mtimeNs),
        ctimeNs: BigInt(ctimeNs),
        ino: BigInt(ino),
        dev: BigInt(dev),
      },
      hashedAtNs: hashedAt === null ? null : BigInt(hashedAt),
    };
  });
}

/** The objects that a manifest names, without parsing its lines: all else in them is before. */
export function objectsNamed(manifest: Uint8Array): Set<string> {
  const named = new Set<string>();
  const text = Buffer.from(manifest.buffer, manifest.byteOffset, manifest.byteLength).toString('latin1');
  for (let end = text.indexOf('"}\n'); end >= 0; end = text.indexOf('"}\n', end + 1)) {
    named.add(text.slice(end - 64, end));
  }
  return named;
}

/**
 * Digest of a dataset: SHA-256 over one line a file, sorted as the manifest is:
 * `<root> <sha256> <bytes> <path as JSON>` and a line feed, in UTF-8. It does not depend on where the
 * roots lie nor on what is kept, nor on captions that the trainer does not read. Null while a hash is missing.
 * @param files sorted
 */
export function datasetDigest(files: readonly ManifestFile[]): string | null {
  const hash = createHash('sha256');
  let lines = '';
  for (const { root, path, kind, bytes, sha256 } of files) {
    if (kind === 'unread-caption') continue;
    if (sha256 === null) return null;
    lines += `${root} ${sha256} ${bytes} ${JSON.stringify(path)}\n`;
    if (lines.length < 1 << 16) continue;
    hash.update(lines);
    lines = '';
  }
  return hash.update(lines).digest('hex');
}

export function toManifestFile(file: {
  root: number;
  at: RelativePath;
  kind: DatasetFileKind;
  stamp: FileStamp;
}): DraftFile {
  const { root, at, kind, stamp } = file;
  return {
    root,
    path: shownPath(at),
    at,
    kind,
    bytes: Number(stamp.size),
    sha256: null,
    object: null,
    stamp,
    hashedAtNs: null,
  };
}
