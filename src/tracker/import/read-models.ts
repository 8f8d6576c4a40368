/** What the headers of models tell of the trainings that made them. */
import { hash } from 'node:crypto';
import { openRegular } from '../../follow/open-regular.ts';
import { readHeader } from '../../follow/safetensors-file.ts';
import { SpoorError } from '../../model/errors.ts';
import type { FoundFile } from './find-files.ts';

export interface ModelFile extends FoundFile {
  metadata: Readonly<Record<string, string>>;
  session: string | null;
  /** Milliseconds since 1970, as the header says. */
  startedAt: number | null;
  finishedAt: number | null;
  /** What the training called its output. */
  outputName: string;
  /** Digest of the header, by which the same file is known again wherever it lies. */
  identity: string;
}

/** Why a model is none of a training's, or cannot be read. */
export interface Unread {
  path: string;
  why: string;
  /** Whether there is something to mend. */
  damaged: boolean;
}

/** Reads the header only. A base model, a VAE or a text encoder is not what a training of an adapter leaves. */
export async function readModel(file: FoundFile): Promise<ModelFile | Unread> {
  const handle = await openRegular(file.path, file.named ? 'follow' : 'refuse');
  if (handle === null) return { path: file.path, why: 'it cannot be opened', damaged: true };
  try {
    const { metadata, tensors } = await readHeader(handle, file.path);
    const isTrained = Object.keys(metadata).some((key) => /^(?:ss_|ot_|training_info$)/.test(key));
    const isAdapter = tensors.some(({ name }) => adapterTensor.test(name));
    if (!isTrained && !isAdapter) return { path: file.path, why: 'it is no adapter', damaged: false };
    const told = (key: string) => (Object.hasOwn(metadata, key) ? metadata[key]!.slice(0, 500) : null);
    const identity = hash('sha256', JSON.stringify([metadata, tensors]), 'hex');
    return {
      ...file,
      metadata,
      session: told('ss_session_id'),
      startedAt: instant(told('ss_training_started_at')),
      finishedAt: instant(told('ss_training_finished_at')),
      outputName: nameTold(told('ss_output_name')) ?? stemOf(file.name),
      identity,
    };
  } catch (error) {
    if (error instanceof SpoorError) return { path: file.path, why: error.message, damaged: true };
    return { path: file.path, why: 'it cannot be read', damaged: true };
  } finally {
    await handle.close();
  }
}

const adapterTensor = /lora_(?:up|down|A|B|mid)|\.hada_|\.lokr_|\.oft_|\.dora_scale|\.ia3_/;

const nameTold = (name: string | null) => (name === null || name === 'None' || name === '' ? null : name);

/** A model's name without what sd-scripts and others put behind it for a step or an epoch. */
function stemOf(name: string): string {
  return name.replace(/\.safetensors$/, '').replace(/-(?:\d{6}|step\d{8}|\d{9})$/, '');
}

/** Seconds since 1970 as Python writes them, within what calendars have. */
function instant(text: string | null): number | null {
  const seconds = text === null || !/^\d{1,11}(?:\.\d+)?$/.test(text) ? Number.NaN : Number(text);
  return seconds > 0 && seconds < 32_503_680_000 ? Math.floor(seconds * 1000) : null;
}
