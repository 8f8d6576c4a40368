/**
 * What a capture found, written beside the run before the trainer starts. One write without fsync:
 * the trainer does not wait for a disk. After launch it is committed: bytes made durable, then the
 * facts that name them, then the list of what remains to be done; whoever comes after a crash repeats
 * that to the same end.
 *
 *     header line (JSON)  blobs, one after another  SHA-256 of the header line in hex  newline
 */
import { hash } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorCode, errorText } from '../model/errors.ts';
import type { Fact, Told } from '../model/facts.ts';
import type { Captured, LaterWork } from '../model/later.ts';
import type { ObjectStore } from '../model/ports.ts';
import { cannotWrite } from './cannot-write.ts';
import { syncDirectory } from './durable.ts';
import { readFactFile } from './fact-lines.ts';
import { type DiskFactLog, stamp } from './fact-log.ts';
import { writeLater } from './later-file.ts';

const version = 1;
const trailerLength = 65;
/** Captions, scripts and configuration; what is larger is copied later. */
const largestStaged = 1 << 30;
const fileName = 'capture.staged';

interface Header {
  v: number;
  facts: Fact[];
  later: LaterWork[];
  blobs: { sha256: string; bytes: number }[];
}

export type Staged =
  | { state: 'none' }
  /** Cut short or damaged: power was lost, or the writer was killed before the trainer started. */
  | { state: 'torn'; reason: string }
  | { state: 'whole'; facts: Fact[]; later: LaterWork[]; blobs: Uint8Array[] };

/** Writes the capture into a run's folder. The facts bear the time `at` of the capture. Errors: `cannot-write`. */
export function writeStaged(folder: string, captured: Captured<Told>, host: string, at = new Date()): void {
  const header: Header = {
    v: version,
    facts: stamp(captured.facts, host, at),
    later: captured.later,
    blobs: captured.blobs.map((blob) => ({ sha256: hash('sha256', blob, 'hex'), bytes: blob.length })),
  };
  const line = Buffer.from(`${JSON.stringify(header)}\n`);
  const bytes = Buffer.concat([line, ...captured.blobs, Buffer.from(`${hash('sha256', line, 'hex')}\n`)]);
  const path = join(folder, fileName);
  try {
    const { O_WRONLY, O_CREAT, O_TRUNC } = constants;
    const file = openSync(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600);
    try {
      for (let written = 0; written < bytes.length; ) written += writeSync(file, bytes, written);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw cannotWrite(path, error);
  }
}

/** Reads and checks a staged capture: every byte of it is as it was written. */
export async function readStaged(folder: string): Promise<Staged> {
  let bytes: Buffer;
  try {
    const file = await open(join(folder, fileName), constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      const found = await file.stat();
      if (!found.isFile() || found.size > largestStaged) return torn('it is no file of a size that is ever written');
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (error) {
    return errorCode(error) === 'ENOENT' ? { state: 'none' } : torn(errorText(error));
  }
  const lineEnd = bytes.indexOf(0x0a) + 1;
  if (lineEnd === 0) return torn('its header is cut short');
  const line = bytes.subarray(0, lineEnd);
  const trailer = bytes.subarray(Math.max(lineEnd, bytes.length - trailerLength)).toString('latin1');
  if (trailer !== `${hash('sha256', line, 'hex')}\n`) return torn('it is cut short or its header is damaged');
  const header = parseHeader(line.toString('utf8'));
  if (!header) return torn('it was not written by this version of Spoor');
  const contents: Uint8Array[] = [];
  let position = lineEnd;
  for (const { sha256, bytes: length } of header.blobs) {
    const content = bytes.subarray(position, position + length);
    if (hash('sha256', content, 'hex') !== sha256) return torn(`the bytes of ${sha256} are damaged`);
    contents.push(content);
    position += length;
  }
  return { state: 'whole', facts: header.facts, later: header.later, blobs: contents };
}

/** A folder may come from elsewhere: nothing in it is taken on trust. */
function parseHeader(line: string): Header | null {
  try {
    const header = JSON.parse(line) as Header;
    const whole =
      header.v === version &&
      [header.facts, header.later, header.blobs].every(Array.isArray) &&
      header.blobs.every(({ bytes }) => Number.isSafeInteger(bytes) && bytes >= 0);
    return whole ? header : null;
  } catch {
    return null;
  }
}

export type Committed =
  /** Nothing was staged: committed before, or never captured. */
  | { state: 'none' }
  /** Not committed; the file is left for diagnosis. */
  | { state: 'torn'; reason: string }
  | { state: 'committed'; later: LaterWork[] };

/**
 * Makes a staged capture durable and names it in the journal. Killed at any step and repeated, it
 * ends in the same state; facts that already stand in the journal are not written again.
 * @param log the run's journal, `journal.jsonl` of `folder`
 * @param onStep told after each step; tests kill the process there
 * @param makeDurable makes what facts name beside objects durable, and gives the facts that may be told;
 *   work that it does already it takes out of `later`
 */
export async function commitStaged(
  folder: string,
  objects: ObjectStore,
  log: DiskFactLog,
  onStep?: (step: string) => void,
  makeDurable: (facts: Fact[], later: LaterWork[]) => Promise<Fact[]> = async (facts) => facts,
): Promise<Committed> {
  const staged = await readStaged(folder);
  if (staged.state !== 'whole') return staged;
  await objects.putAll(staged.blobs);
  onStep?.('objects');
  const facts = await makeDurable(staged.facts, staged.later);
  const told = new Set(readFactFile(join(folder, 'journal.jsonl')).facts.map((fact) => JSON.stringify(fact)));
  log.appendStamped(facts.filter((fact) => !told.has(JSON.stringify(fact))));
  onStep?.('facts');
  await log.flush();
  await syncDirectory(dirname(folder));
  onStep?.('flushed');
  await writeLater(folder, staged.later);
  onStep?.('later');
  await unlink(join(folder, fileName));
  await syncDirectory(folder);
  onStep?.('unstaged');
  return { state: 'committed', later: staged.later };
}

function torn(reason: string): { state: 'torn'; reason: string } {
  return { state: 'torn', reason };
}
