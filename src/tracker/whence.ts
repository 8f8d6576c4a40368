/** The runs and steps that files come from: `spoor whence`. */
import { opendir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { MadeFile } from '../catalog/made.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import type { Tell } from './events.ts';
import { notFound } from './inspect-file.ts';
import { withRuns } from './runs.ts';
import { type Clues, readClues } from './whence-clues.ts';
import { answerOf, type KnownRuns, type Origin, originOf } from './whence-match.ts';
import { hashUnhashed, unhashedSizes } from './whence-unhashed.ts';

export interface WhenceAnswer extends Origin {
  path: string;
  kind: Clues['kind'];
  /** What the file's header tells; null for what has none. */
  told: Clues['told'];
  claims: Clues['claims'];
  /** The LoRAs of a render, each led back. */
  loras: ({ name: string; weight: number | null; hash: string | null } & Origin)[];
  /** Why the file could not be read. */
  error: string | null;
}

export interface Whence {
  files: WhenceAnswer[];
  /** Over all renders: how many use a checkpoint, the most used first. */
  used: { name: string; run: { id: RunId; name: string } | null; step: number | null; renders: number }[];
}

export interface WhenceRequest {
  /** Absolute files and directories. */
  paths: readonly string[];
  /** Read no more than the headers: tensors are then not hashed. */
  headersOnly: boolean;
}

const mostFiles = 100_000;
const ofInterest = /\.(?:safetensors|sft|pt|pth|ckpt|png|jpe?g|webp)$/i;

/** @throws SpoorError `file-not-found` for a path that is not there; a file that was named and is malformed, as its reader */
export async function whence(home: Home, request: WhenceRequest, tell: Tell): Promise<Whence> {
  const files = await filesOf(request.paths);
  const clues: Clues[] = [];
  const single = files.length === 1;
  for (const path of files) {
    clues.push(await readClues(path, { headersOnly: request.headersOnly, strict: single }));
    if (clues.length % 20 === 0)
      tell({ type: 'progress', what: 'reading files', done: clues.length, total: files.length });
  }
  const answers = await answersTo(home, clues, tell);
  return { files: answers, used: usedBy(answers) };
}

/** Where files come from, by what is known of them. */
export async function answersTo(home: Home, clues: readonly Clues[], tell: Tell): Promise<WhenceAnswer[]> {
  const known = await lookUp(home, clues, tell);
  return clues.map((each) => {
    const loras = each.loras.map((lora) => ({ ...lora, ...originOf(lora, known) }));
    const { path, kind, told, claims, error } = each;
    return { path, kind, told, claims, loras, error, ...answerOf(each, known) };
  });
}

async function lookUp(home: Home, clues: readonly Clues[], tell: Tell): Promise<KnownRuns> {
  const hashes = new Set<string>();
  const sessions = new Set<string>();
  const names = new Set<string>();
  for (const { tensorSha256, sha256, claimed, session, name, loras } of clues) {
    for (const hash of [tensorSha256, sha256, claimed]) if (hash) hashes.add(hash);
    if (session?.id) sessions.add(session.id);
    names.add(name);
    for (const lora of loras) {
      if (lora.hash) hashes.add(lora.hash);
      names.add(`${lora.name}.safetensors`);
    }
  }
  return withRuns(home, tell, async (catalog) => {
    const by = { hashes: [...hashes], sessions: [...sessions], names: [...names], unhashedSizes: unhashedSizes(clues) };
    const made = await hashUnhashed(await catalog.made(by), clues);
    return { made: indexed(made), runs: await catalog.names([...new Set(made.map(({ run }) => run))]) };
  });
}

/** The latest run first. */
function indexed(made: readonly MadeFile[]): KnownRuns['made'] {
  const latest = made.toSorted((a, b) => (a.run < b.run ? 1 : a.run > b.run ? -1 : 0));
  const by = (key: (file: MadeFile) => string | null) => {
    const found = new Map<string, MadeFile[]>();
    for (const file of latest) {
      const value = key(file);
      if (value === null) continue;
      const files = found.get(value);
      if (files) files.push(file);
      else found.set(value, [file]);
    }
    return found;
  };
  return {
    all: latest,
    byTensors: by((file) => file.tensorSha256),
    bySha256: by((file) => file.sha256),
    byClaim: by((file) => file.claimedSha256),
    bySession: by((file) => file.sessionId),
    byName: by((file) => file.name),
  };
}

async function filesOf(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) {
    const found = await stat(path).catch(() => null);
    if (!found) throw notFound(path);
    if (!found.isDirectory()) {
      files.push(path);
      continue;
    }
    const inside: string[] = [];
    for await (const entry of await opendir(path, { recursive: true })) {
      if (inside.length >= mostFiles) break;
      if (entry.isFile() && ofInterest.test(entry.name)) inside.push(join(entry.parentPath, entry.name));
    }
    files.push(...inside.sort());
  }
  return files;
}

function usedBy(answers: readonly WhenceAnswer[]): Whence['used'] {
  const counts = new Map<string, Whence['used'][number]>();
  for (const { loras } of answers) {
    for (const { name, run, step } of loras) {
      const key = run ? `${run.id} ${step}` : name;
      const entry = counts.get(key) ?? { name, run, step, renders: 0 };
      entry.renders++;
      counts.set(key, entry);
    }
  }
  return [...counts.values()].sort((a, b) => b.renders - a.renders || (a.name < b.name ? -1 : 1));
}
