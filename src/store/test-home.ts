import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Told } from '../model/facts.ts';
import { makeRunId, type RunId } from '../model/run-id.ts';
import { type Home, openHome } from './home.ts';

/** A directory that is removed after the test. */
export function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-store-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  return directory;
}

export async function temporaryHome(): Promise<Home> {
  return openHome(join(temporaryDirectory(), 'home'), 'lair');
}

let count = 0;
export function nextRunId(): RunId {
  const random = new Uint8Array(10);
  random[9] = count++;
  return makeRunId(1_700_000_000_000 + count, random);
}

export function created(id: RunId, full = 'noob-wolf-v1'): Told {
  return {
    type: 'run.created',
    id,
    name: { full, model: 'noob', dataset: 'wolf', version: '1', steps: null },
    command: ['python', 'train.py'],
    commandSha256: null,
    cwd: '/training',
    outputDir: null,
    outputDirExisted: false,
    trainer: 'sd-scripts',
    reason: null,
    tags: [],
    parent: null,
    spoor: '0.1.0',
    mode: 'attached',
  };
}

/** A stored caption as a fact. */
export function fileFact(object: string, bytes: number): Told {
  const hashes = { sha1: null, sha256: object, bytes, object };
  return { type: 'file', file: { role: 'other', path: `/dataset/${object}`, key: null, kind: 'file', ...hashes } };
}
