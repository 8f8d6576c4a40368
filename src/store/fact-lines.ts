import { closeSync, constants, fstatSync, openSync, readdirSync, readSync } from 'node:fs';
import { errorCode } from '../model/errors.ts';
import type { Fact } from '../model/facts.ts';

/** A longer line is no fact of ours; it is passed over without being held in memory. */
const longestLine = 16 * 1024 * 1024;
const chunkSize = 1024 * 1024;
const newline = 0x0a;

type Check = 'string' | 'array' | 'object' | 'any';

/**
 * What readers rely on of each type without looking: enough that no fact makes them throw. The whole
 * schema is checked by `spoor verify`.
 */
const shapes: { [T in Fact['type']]: Record<string, Check> } = {
  'run.created': { id: 'string', name: 'object', command: 'array', cwd: 'string', tags: 'array' },
  arguments: { wrappers: 'array', settings: 'array' },
  repository: { repository: 'object', 'repository.path': 'string' },
  history: { code: 'string', head: 'string' },
  file: { file: 'object', 'file.path': 'string', 'file.role': 'string' },
  dataset: { dataset: 'object', 'dataset.roots': 'array' },
  'dataset.told': { told: 'object', 'told.folders': 'array' },
  environment: { environment: 'object' },
  captured: {},
  outputs: { plan: 'object' },
  started: { waiter: 'object' },
  confirmed: { key: 'string', by: 'string' },
  artifact: { artifact: 'object', 'artifact.path': 'string' },
  resumed: { state: 'string' },
  'event-file': { path: 'string' },
  preview: { path: 'string', sha256: 'string' },
  kept: { path: 'string', object: 'string' },
  'blind-test': { against: 'string', won: 'any', lost: 'any', ties: 'any' },
  star: { starred: 'any' },
  'artifact.removed': { path: 'string', reason: 'string' },
  'artifact.restored': { path: 'string' },
  'artifact.deleted': { path: 'string' },
  layout: { directory: 'string', files: 'array' },
  warning: { warning: 'object' },
  event: { event: 'object', 'event.key': 'string' },
  notified: { notified: 'object', 'notified.key': 'string' },
  series: { series: 'array' },
  machine: { machine: 'object', 'machine.gpus': 'array' },
  ended: { status: 'string', endedAt: 'string' },
  'output.removed': { from: 'string', to: 'string', reason: 'string' },
  'output.kept': { directory: 'string', reason: 'string' },
  'output.restored': { to: 'string' },
  'output.deleted': {},
  note: { text: 'string' },
  'note.changed': { note: 'string', text: 'any' },
  tags: { add: 'array', remove: 'array' },
  verdict: { verdict: 'any' },
};

/** Who is told first where times are equal: the recorder, who found it dead, who sent messages, what people said. */
const kinds = ['journal', 'reconciliation', 'notifications', 'annotations'];
const factFile = /^(?:journal|(?:reconciliation|notifications|annotations)\.[0-9a-f]{8})\.jsonl$/;

/** Names of the files of facts in a run's folder, in the order in which they are told. */
export function factFiles(folder: string): string[] {
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw error;
  }
  const rank = (name: string) => kinds.findIndex((kind) => name.startsWith(kind));
  return names.filter((name) => factFile.test(name)).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}

export interface ReadFacts {
  facts: Fact[];
  /** Lines that are no fact of version 1: torn, foreign, too long, or not of the shape of their type. */
  unreadable: number;
  /** Facts of types that a newer Spoor writes. */
  unknown: number;
}

/** All facts of one file in its order. A missing file has none; a torn last line is ignored. */
export function readFactFile(path: string): ReadFacts {
  const read: ReadFacts = { facts: [], unreadable: 0, unknown: 0 };
  for (const line of linesOf(path)) {
    if (line === null) {
      read.unreadable++;
      continue;
    }
    if (line.length === 0) continue;
    const fact = parseFact(line);
    if (fact === 'unknown') read.unknown++;
    else if (fact === null) read.unreadable++;
    else read.facts.push(fact);
  }
  return read;
}

function parseFact(line: string): Fact | 'unknown' | null {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch {
    return null;
  }
  if (typeof value !== 'object' || value === null) return null;
  const { v, type, at, host } = value as Record<string, unknown>;
  if (typeof type !== 'string' || typeof at !== 'string' || typeof host !== 'string') return null;
  if (v !== 1 || !Object.hasOwn(shapes, type)) return 'unknown';
  for (const [path, check] of Object.entries(shapes[type as Fact['type']])) {
    if (!satisfies(value, path, check)) return null;
  }
  return value as Fact;
}

function satisfies(fact: object, path: string, check: Check): boolean {
  let value: unknown = fact;
  for (const part of path.split('.')) value = (value as Record<string, unknown>)[part];
  if (check === 'any') return value !== undefined;
  if (check === 'array') return Array.isArray(value);
  if (check === 'object') return typeof value === 'object' && value !== null && !Array.isArray(value);
  return typeof value === check;
}

/**
 * The lines of a file, each without its end; null stands for one too long. What follows the last line
 * end is torn and left out, unless it is a whole JSON document: then only its line end is missing.
 * Synchronous: for small files four times as fast as queued reads, and a catalog reads 10,000.
 */
function* linesOf(path: string): Iterable<string | null> {
  let file: number;
  try {
    file = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | (constants.O_NOFOLLOW ?? 0));
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    yield null;
    return;
  }
  try {
    const found = fstatSync(file);
    if (!found.isFile()) {
      yield null;
      return;
    }
    yield* linesOfOpen(file, Math.min(Math.max(found.size, 1) + 1, chunkSize));
  } finally {
    closeSync(file);
  }
}

function* linesOfOpen(file: number, size: number): Iterable<string | null> {
  const buffer = Buffer.allocUnsafe(size);
  let parts: Buffer[] = [];
  let held = 0;
  let skipping = false;
  for (;;) {
    const length = readSync(file, buffer, 0, size, null);
    if (length === 0) break;
    let start = 0;
    for (;;) {
      const end = buffer.subarray(0, length).indexOf(newline, start);
      if (end < 0) break;
      if (skipping || held + end - start > longestLine) yield null;
      else if (held === 0) yield buffer.toString('utf8', start, end);
      else yield Buffer.concat([...parts, buffer.subarray(start, end)]).toString('utf8');
      parts = [];
      held = 0;
      skipping = false;
      start = end + 1;
    }
    if (start < length && !skipping) {
      parts.push(Buffer.from(buffer.subarray(start, length)));
      held += length - start;
      skipping = held > longestLine;
      if (skipping) parts = [];
    }
  }
  if (held > 0 && !skipping) {
    const rest = Buffer.concat(parts).toString('utf8');
    if (isWhole(rest)) yield rest;
  }
}

function isWhole(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
