/**
 * Frees the disk of checkpoints and states that nobody wants any more: through the trash, which gives them
 * back, or at once. Only what still is what the record says it was is touched (docs/decisions/0032).
 */
import { lstat, rm, statfs } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { stampOutput } from '../../follow/outputs.ts';
import { modifiedInstant } from '../../follow/stamps.ts';
import { errorText, SpoorError } from '../../model/errors.ts';
import type { MadeArtifact, Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { addFact, trashOf } from '../clean-trash.ts';
import { loadRun } from '../load-run.ts';
import type { Recording } from '../request.ts';
import { type Keepable, planPrune } from './prune-plan.ts';

export interface PruneRequest {
  run: RunId;
  keep: readonly Keepable[];
  /** Delete at once, past the trash. */
  now: boolean;
  /** Look only. */
  dryRun: boolean;
}

export interface Pruned {
  run: Run;
  taken: PrunedFile[];
  left: { artifact: MadeArtifact; why: string }[];
  bytes: number;
}

export interface PrunedFile {
  artifact: MadeArtifact;
  /** Where it stood: the file or directory itself, or the copy among the objects. */
  path: string;
  /** `copy`: what Spoor had kept of it. */
  what: 'file' | 'state' | 'copy';
  bytes: number;
  /** Where it lies in the trash; null where it was deleted, or would be. */
  to: string | null;
}

/** Errors: `run-not-found`, `trash-disk-full`, `cannot-write`; what was taken before stays taken, and told. */
export async function pruneRun(recording: Recording, request: PruneRequest): Promise<Pruned> {
  const { home } = recording;
  const run = await loadRun(home, request.run);
  const plan = planPrune(run, request.keep);
  const elsewhere = await recordedElsewhere(recording, request.run);
  const others = await neededByOthers(home, run, plan.take);
  const left = [...plan.leave];
  const wanted: PrunedFile[] = [];
  for (const artifact of plan.take) {
    const needed = others.get(artifact);
    if (needed !== undefined) {
      left.push({ artifact, why: `run ${needed} was started from it` });
      continue;
    }
    const found = await standing(home, artifact, others, elsewhere === null);
    if (elsewhere !== null && found.length === 0) {
      left.push({ artifact, why: `it lies on ${elsewhere}, where the run was recorded` });
    } else if (found === 'changed') left.push({ artifact, why: 'it is not what the run made any more' });
    else wanted.push(...found);
  }
  const bytes = wanted.reduce((sum, each) => sum + each.bytes, 0);
  if (request.dryRun) return { run, taken: wanted, left, bytes };
  if (!request.now) await refuseCrowding(home, wanted);
  const taken: PrunedFile[] = [];
  for (const file of wanted) {
    const done = await (request.now ? deleteNow(recording, run, file) : toTrash(recording, run, file));
    if (done) taken.push(done);
    else left.push({ artifact: file.artifact, why: 'it changed meanwhile' });
  }
  return { run, taken, left, bytes: taken.reduce((sum, each) => sum + each.bytes, 0) };
}

/** The machine whose paths the record names, if that is not this one: what stands there here is not the run's. */
async function recordedElsewhere({ home, host }: Recording, id: RunId): Promise<string | null> {
  const { facts } = await home.runs.facts(id);
  const told = facts.find((fact) => fact.type === 'run.created')?.host ?? host;
  return told === host ? null : told;
}

/** Another run's model or state to start from, by path; or a kept object that another run names too. */
async function neededByOthers(home: Home, run: Run, take: readonly MadeArtifact[]) {
  const needed = new Map<MadeArtifact | string, RunId>();
  if (take.length === 0) return needed;
  const byPath = new Map(take.map((artifact) => [artifact.path, artifact]));
  const objects = new Set(take.flatMap(({ object }) => object ?? []));
  const words = wordsOf([...byPath.keys()], [...objects]);
  for (const id of await home.runs.list()) {
    if (id === run.id) continue;
    if (words !== null && !(await home.runs.mentions(id, words).catch(() => true))) continue;
    const { facts } = await home.runs.facts(id).catch(() => ({ facts: [] }));
    for (const fact of facts) {
      if (fact.type === 'kept' && objects.has(fact.object)) needed.set(fact.object, id);
      const artifact = fact.type === 'file' ? byPath.get(fact.file.path) : undefined;
      if (artifact) needed.set(artifact, id);
    }
  }
  return needed;
}

/**
 * What facts about any of these files must hold: the names of their directories, or the hashes of their copies. Null
 * where they are too many to look for, or may be written in more ways than one.
 */
function wordsOf(paths: readonly string[], objects: readonly string[]): string[] | null {
  const words = new Set([...paths.map((path) => basename(dirname(path))), ...objects]);
  const isPlain = (word: string) => /^[\w. +-]+$/.test(word);
  return words.size <= 64 && [...words].every(isPlain) ? [...words] : null;
}

async function standing(
  home: Home,
  artifact: MadeArtifact,
  others: ReadonlyMap<MadeArtifact | string, RunId>,
  isHere: boolean,
): Promise<PrunedFile[] | 'changed'> {
  const { path, kind, object } = artifact;
  const what = kind === 'state' ? 'state' : 'file';
  const there = isHere && artifact.goneAt === null ? await bytesOf(artifact, path) : 'gone';
  if (there === 'changed') return 'changed';
  const found: PrunedFile[] = there === 'gone' ? [] : [{ artifact, path, what, bytes: there, to: null }];
  if (object === undefined || others.has(object) || !(await home.objects.has(object))) return found;
  const copy = join(home.directory, 'objects', object.slice(0, 2), object);
  return [...found, { artifact, path: copy, what: 'copy', bytes: (await lstat(copy)).size, to: null }];
}

/** Bytes of what stands there if it is the version that the record tells of. */
async function bytesOf(artifact: MadeArtifact, path: string): Promise<number | 'gone' | 'changed'> {
  const { kind, step, epoch, prompt, seed, final } = artifact;
  if (!(await lstat(path).catch(() => null))) return 'gone';
  const stamp = await stampOutput(path, { kind, step, epoch, prompt, seed, final });
  if (!stamp || modifiedInstant(stamp) !== artifact.modifiedAt) return 'changed';
  const bytes = Number(stamp.size);
  // Imports do not look into states.
  return artifact.bytes === null || bytes === artifact.bytes ? bytes : 'changed';
}

const reasonFor = ({ artifact: { step } }: PrunedFile) => (step === null ? 'pruned' : `pruned: step ${step}`);

async function toTrash({ home, host, now }: Recording, run: Run, file: PrunedFile): Promise<PrunedFile | null> {
  const { artifact, path, what, bytes } = file;
  const object = what === 'copy' ? artifact.object : undefined;
  const about = { run: run.id, name: run.name.full, at: now().toISOString(), host, reason: reasonFor(file) };
  const manifest = { version: 1 as const, kind: 'checkpoint' as const, ...about, from: path, files: 1, bytes };
  const unchanged = async (at: string) => object !== undefined || (await bytesOf(artifact, at)) === bytes;
  const entry = await trashOf(home).put(
    run.id,
    { ...manifest, artifact: artifact.path, ...(object !== undefined && { object }) },
    unchanged,
  );
  return entry && { ...file, to: entry.content };
}

/** The fact comes first: a crash between leaves a file that stands, which the next prune takes. */
async function deleteNow({ home }: Recording, run: Run, file: PrunedFile): Promise<PrunedFile | null> {
  const { artifact, path, what, bytes } = file;
  if (what !== 'copy' && (await bytesOf(artifact, path)) !== bytes) return null;
  const gone = { path: artifact.path, to: null, reason: reasonFor(file), bytes };
  if (what !== 'copy') await addFact(home, run.id, { type: 'artifact.removed', ...gone });
  else await addFact(home, run.id, { type: 'kept', path: artifact.path, object: artifact.object ?? '', kept: false });
  try {
    await rm(path, { recursive: true });
  } catch (error) {
    throw new SpoorError(
      'cannot-write',
      'cannot-delete',
      `${path} cannot be deleted: ${errorText(error)}`,
      null,
      error,
    );
  }
  return file;
}

const reserve = 1 << 30;

/** Across file systems the trash holds copies: they must not fill the disk of the records. */
async function refuseCrowding(home: Home, files: readonly PrunedFile[]): Promise<void> {
  const { dev } = await lstat(home.directory);
  let bytes = 0;
  for (const file of files) if ((await lstat(file.path)).dev !== dev) bytes += file.bytes;
  const { bavail, bsize } = await statfs(home.directory);
  if (bytes === 0 || bytes + reserve <= bavail * bsize) return;
  const message = `the trash is on another disk than the checkpoints, and has no room for ${(bytes / 1e9).toFixed(1)} GB`;
  throw new SpoorError('cannot-write', 'trash-disk-full', message, 'spoor prune --now deletes them at once.');
}
