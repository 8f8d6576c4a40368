/** Small files that the configuration names: read whole before launch, kept without their secrets. */
import { isUtf8 } from 'node:buffer';
import { hash } from 'node:crypto';
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { errorCode } from '../../model/errors.ts';
import type { FileState } from '../../model/facts.ts';
import { likelySecretIn, looksSecret, redactText, type TextFormat } from '../../model/secrets.ts';
import type { NamedFile } from '../../trainers/trainer.ts';

/** Larger ones are hashed later and not kept. */
export const longestSmallFile = 4 << 20;

export interface SmallFile {
  file: FileState;
  /** What is to be kept; null where nothing is. */
  blob: Uint8Array | null;
}

/** Bytes of a regular file of at most `longest`; else why not. A FIFO or device holds nobody up. */
export async function readSmall(
  path: string,
  longest: number,
): Promise<{ content: Buffer } | { kind: 'missing' | 'unreadable' | 'directory' | 'large' }> {
  try {
    const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const stat = await file.stat();
      if (stat.isDirectory()) return { kind: 'directory' };
      if (!stat.isFile()) return { kind: 'unreadable' };
      const { size } = stat;
      if (size > longest) return { kind: 'large' };
      // One byte more than was said: a file that grows meanwhile is noticed, and memory stays bounded.
      const buffer = Buffer.allocUnsafe(size + 1);
      let filled = 0;
      for (;;) {
        const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled);
        filled += bytesRead;
        if (bytesRead === 0) return { content: buffer.subarray(0, filled) };
        if (filled === buffer.length) return { kind: 'unreadable' };
      }
    } finally {
      await file.close();
    }
  } catch (error) {
    const code = errorCode(error);
    return { kind: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable' };
  }
}

/**
 * A version of a small file as fact and bytes. Secrets in it are replaced by their hashes: `object`
 * then differs from `sha256`, which stays that of the original. A file that is a secret as a whole is
 * not kept.
 */
export function captureSmallFile({ role, key, path }: NamedFile, content: Uint8Array): SmallFile {
  const bytes = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  const sha256 = hash('sha256', bytes, 'hex');
  const file: FileState = {
    role,
    path,
    key,
    kind: 'file',
    sha1: hash('sha1', bytes, 'hex'),
    sha256,
    bytes: bytes.length,
    object: sha256,
  };
  if (looksSecret(path)) return { file: { ...file, object: null }, blob: null };
  const { text, encoding } = decoded(bytes);
  const { text: redacted, keys } = withoutSecrets(text, path, role);
  if (keys.length === 0) return { file, blob: bytes };
  const blob = Buffer.from(redacted, encoding);
  return { file: { ...file, object: hash('sha256', blob, 'hex'), redactedKeys: keys }, blob };
}

/** What is no UTF-8 passes through as one character a byte. */
function decoded(bytes: Buffer): { text: string; encoding: 'utf8' | 'latin1' } {
  const encoding = isUtf8(bytes) ? 'utf8' : 'latin1';
  return { text: bytes.toString(encoding), encoding };
}

function withoutSecrets(text: string, path: string, role: FileState['role']): { text: string; keys: string[] } {
  // In a program `token = arguments.token` is no secret; only what is unmistakable makes it one.
  if (/\.py$/i.test(path) && likelySecretIn(text) === null) return { text, keys: [] };
  return redactText(text, formatOf(path, role));
}

function formatOf(path: string, role: FileState['role']): TextFormat {
  if (/\.toml$/i.test(path)) return 'toml';
  if (/\.ya?ml$/i.test(path)) return 'yaml';
  if (/\.jsonl?$/i.test(path)) return 'json';
  if (role === 'script' || /\.(sh|bash|zsh)$/i.test(path)) return 'shell';
  return role === 'config' || role === 'dataset-config' ? 'toml' : 'text';
}
