import type { FileHandle } from 'node:fs/promises';
import { join } from 'node:path';
import { claimedTensorHash } from '../formats/safetensors/claimed-hash.ts';
import { ModelHasher } from '../formats/safetensors/model-hashes.ts';
import { SpoorError } from '../model/errors.ts';
import type { Artifact } from '../model/facts.ts';
import type { StampText } from '../model/later.ts';
import type { ArtifactName } from '../trainers/trainer.ts';
import { openRegular, readFully } from './open-regular.ts';
import { type Output, stampOutput } from './outputs.ts';
import { readHeader } from './safetensors-file.ts';
import { modifiedInstant, sameContent, stampOf } from './stamps.ts';

const chunkBytes = 1024 * 1024;

/**
 * Reads and hashes one output whole.
 * @returns `changing` if it was written, replaced or removed meanwhile, or cannot be opened; an error for
 *   a safetensors file that is half-written, saying what is amiss
 */
export async function readArtifact(path: string, output: Output): Promise<Artifact | 'changing' | SpoorError> {
  if (output.name.kind === 'state') return readState(path, output);
  const handle = await openRegular(path, 'refuse');
  if (!handle) return 'changing';
  try {
    if (!sameContent(stampOf(await handle.stat({ bigint: true })), output.stamp)) return 'changing';
    const isModel = output.name.kind === 'checkpoint' && path.endsWith('.safetensors');
    const header = isModel ? await readHeader(handle, path) : null;
    const { sha256, tensorSha256 } = await hashFile(handle, header && 8 + header.headerBytes);
    // The open file may outlive its name: what was deleted while it was read has still been read.
    if (!sameContent(stampOf(await handle.stat({ bigint: true })), output.stamp)) return 'changing';
    const said = whatMetadataSays(output.name, header?.metadata ?? {});
    const claimed = claimOf(header?.metadata ?? {}, tensorSha256);
    return { ...unread(path, output.name, output.stamp), sha256, tensorSha256, ...claimed, ...said };
  } catch (error) {
    return error instanceof SpoorError ? error : 'changing';
  } finally {
    await handle.close();
  }
}

/** The record of an output whose bytes were never read. */
export function unread(path: string, name: ArtifactName, stamp: StampText | null): Artifact {
  return {
    ...name,
    path,
    bytes: stamp && Number(stamp.size),
    sha256: null,
    tensorSha256: null,
    sessionId: null,
    modifiedAt: stamp && modifiedInstant(stamp),
    goneAt: null,
  };
}

async function readState(path: string, output: Output): Promise<Artifact | 'changing'> {
  const told = await readTrainState(join(path, 'train_state.json'));
  const after = await stampOutput(path, output.name);
  if (!after || !sameContent(after, output.stamp)) return 'changing';
  const { step, epoch } = output.name;
  return { ...unread(path, output.name, output.stamp), step: step ?? told.step, epoch: epoch ?? told.epoch };
}

/** sd-scripts' `train_state.json`: `{"current_epoch": 1, "current_step": 4}`. */
export async function readTrainState(path: string): Promise<{ step: number | null; epoch: number | null }> {
  const handle = await openRegular(path, 'refuse');
  if (!handle) return { step: null, epoch: null };
  try {
    const buffer = new Uint8Array(4096);
    const read = await readFully(handle, buffer, 0);
    const value = JSON.parse(new TextDecoder().decode(buffer.subarray(0, read)));
    return { step: countOf(value?.current_step), epoch: countOf(value?.current_epoch) };
  } catch {
    return { step: null, epoch: null };
  } finally {
    await handle.close();
  }
}

/**
 * Names without a step have it in `ss_steps`. The epoch of a step checkpoint is not taken from
 * `ss_epoch`, which counts from 0 there and from 1 in all others.
 */
function whatMetadataSays(name: ArtifactName, metadata: Readonly<Record<string, string>>) {
  return {
    step: name.step ?? countOf(metadata.ss_steps),
    epoch: name.epoch ?? (name.step === null ? countOf(metadata.ss_epoch) : null),
    sessionId: metadata.ss_session_id?.slice(0, 200) ?? null,
  };
}

/** LyCORIS hashes tensors in an order that the file does not keep; what others name a file by is that hash. */
function claimOf(metadata: Readonly<Record<string, string>>, taken: string | null): { claimedSha256?: string } {
  const claimed = claimedTensorHash(metadata);
  return claimed === null || claimed === taken ? {} : { claimedSha256: claimed };
}

function countOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

async function hashFile(handle: FileHandle, tensorsBegin: number | null) {
  const hasher = new ModelHasher({ tensorsBegin });
  const buffer = new Uint8Array(chunkBytes);
  for (let position = 0; ; ) {
    const read = await readFully(handle, buffer, position);
    if (read === 0) return hasher.digest();
    hasher.update(buffer.subarray(0, read));
    position += read;
  }
}
