import { lstat } from 'node:fs/promises';
import { isAbsolute, join, relative, resolve, sep } from 'node:path';
import { errorCode, SpoorError } from '../model/errors.ts';
import type { Artifact, Told } from '../model/facts.ts';
import type { StampText } from '../model/later.ts';
import type { LogState, OutputPlan, Trainer } from '../trainers/trainer.ts';
import { readArtifact, unread } from './artifact-file.ts';
import { listOutputs, type Output, type OutputListing } from './outputs.ts';
import { modifiedInstant, modifiedMs, sameContent, sameStamp } from './stamps.ts';

/** A file system's clock may lag the one that stamped the start. */
const clockSlackMs = 2_000;

export interface ArtifactWatchOptions {
  outputs: OutputPlan;
  trainer: Pick<Trainer, 'artifact'>;
  /** Where the trainer runs: relative paths in its log start there. */
  cwd: string;
  /** Milliseconds since 1970, read before the trainer was started. */
  startedAt: number;
  /** What `listOutputs` found before launch. Without it, age alone tells what is not the run's. */
  existedBefore: OutputListing | null;
  /** What the journal says already, so that starting again reads no file twice and forgets none. */
  known: readonly Artifact[];
  /** How long a file must not have changed before it is taken for whole; 2,000 ms. */
  settleMs?: number;
  /** Monotonic milliseconds. */
  clock?: () => number;
}

export type ArtifactFact = Extract<Told, { type: 'artifact' | 'warning' }>;

export interface ArtifactWatcher {
  /**
   * One look at the output directory while the trainer lives: artefacts that are new, were written
   * again or have gone. Each is durable to journal by itself, so a look may be broken off anywhere.
   */
  scan(log: LogState): AsyncGenerator<ArtifactFact>;
  /**
   * The last look, once nothing writes any more: what stands there is as whole as it will be. Only
   * what the log says was removed is called gone, as it may be days since.
   */
  finish(log: LogState): AsyncGenerator<ArtifactFact>;
}

/** A file as it was last seen, and since when it has not changed. */
interface Sighting extends Output {
  since: number;
}

/**
 * Finds what a run has produced, by name alone, and reads it once it is whole: unchanged for
 * `settleMs`, or followed in the log by a later save. A file that stood there before the run and was
 * not written since is not the run's.
 */
export function watchArtifacts(options: ArtifactWatchOptions): ArtifactWatcher {
  const { outputs, trainer, existedBefore, settleMs = 2_000, clock = () => performance.now() } = options;
  const root = outputs.outputDir;
  const told = new Map<string, Artifact>();
  const taken = new Map<string, StampText>();
  const sightings = new Map<string, Sighting>();
  for (const artifact of options.known) {
    const path = root === null ? null : inside(root, artifact.path);
    if (path !== null) told.set(path, artifact);
  }

  function isForeign(path: string, stamp: StampText, saves: Saves): boolean {
    const before = existedBefore && Object.hasOwn(existedBefore.outputs, path) ? existedBefore.outputs[path] : null;
    if (before) return sameContent(before.stamp, stamp);
    return modifiedMs(stamp) < options.startedAt - clockSlackMs && !saves.begun.has(path);
  }

  /** Whether the record already tells of this very version. */
  function isTold(path: string, stamp: StampText): boolean {
    const artifact = told.get(path);
    if (!artifact || artifact.goneAt !== null) return false;
    const stampTaken = taken.get(path);
    if (stampTaken) return sameContent(stampTaken, stamp);
    return artifact.modifiedAt !== null && isVersion(artifact, stamp);
  }

  function settled(path: string, output: Output, saves: Saves): boolean {
    const last = sightings.get(path);
    const now = clock();
    const unchanged = last !== undefined && sameStamp(last.stamp, output.stamp);
    if (!unchanged) sightings.set(path, { ...output, since: now });
    return (unchanged && now - last.since >= settleMs) || saves.completed.has(path);
  }

  async function* look(log: LogState, ended: boolean): AsyncGenerator<ArtifactFact> {
    if (root === null) return;
    const saves = readSaves(log, options.cwd, root);
    const listing = await listOutputs(outputs, trainer);
    if (listing.directory === 'unreadable') return;
    for (const [path, output] of Object.entries(listing.outputs).sort(byAge)) {
      if (isForeign(path, output.stamp, saves) || isTold(path, output.stamp)) {
        sightings.delete(path);
        continue;
      }
      if (!settled(path, output, saves) && !ended) continue;
      const found = await readArtifact(join(root, path), output);
      if (found === 'changing' || found instanceof SpoorError) {
        if (ended) yield* unfinished(join(root, path), output, found);
        continue;
      }
      sightings.delete(path);
      taken.set(path, output.stamp);
      told.set(path, found);
      yield { type: 'artifact', artifact: found };
    }
    yield* missing(listing, saves, ended);
  }

  async function* missing(listing: OutputListing, saves: Saves, ended: boolean): AsyncGenerator<ArtifactFact> {
    for (const path of new Set([...told.keys(), ...sightings.keys(), ...saves.completed])) {
      const before = told.get(path);
      if (Object.hasOwn(listing.outputs, path) || before?.goneAt) continue;
      const name = trainer.artifact(path, outputs);
      if (!name || !(await isMissing(join(root ?? '', path)))) continue;
      const sighting = sightings.get(path);
      const goneAt = !ended || saves.removed.has(path) ? new Date().toISOString() : null;
      if (before && goneAt === null) continue;
      const artifact = { ...(before ?? unread(join(root ?? '', path), name, sighting?.stamp ?? null)), goneAt };
      sightings.delete(path);
      taken.delete(path);
      told.set(path, artifact);
      yield { type: 'artifact', artifact };
    }
  }

  return {
    scan: (log) => look(log, false),
    finish: (log) => look(log, true),
  };
}

/** Paths relative to the output directory that the log speaks of. */
interface Saves {
  /** Announced: a file of that name is the run's, and may be half-written. */
  begun: Set<string>;
  /** Announced and followed by what the trainer does only afterwards. */
  completed: Set<string>;
  removed: Set<string>;
}

function readSaves(log: LogState, cwd: string, root: string): Saves {
  const within = (paths: readonly string[]) =>
    new Set(paths.map((path) => inside(root, resolve(cwd, path))).filter((path) => path !== null));
  // The last step comes before the last save, which may fail.
  return {
    begun: within(log.saved),
    completed: log.anchors.modelSaved
      ? within(log.saved)
      : within(log.saved.filter((path) => path !== log.saved.at(-1))),
    removed: within(log.removed),
  };
}

/** The path relative to the root with `/` between parts, or null if it lies outside. */
function inside(root: string, path: string): string | null {
  const found = relative(root, path);
  if (found === '' || isAbsolute(found) || found === '..' || found.startsWith(`..${sep}`)) return null;
  return found.split(sep).join('/');
}

/** Oldest first; by name where the file system's clock did not tell two apart. */
function byAge([pathA, a]: [string, Output], [pathB, b]: [string, Output]): number {
  const difference = BigInt(a.stamp.mtimeNs) - BigInt(b.stamp.mtimeNs);
  if (difference === 0n) return pathA < pathB ? -1 : 1;
  return difference < 0n ? -1 : 1;
}

function isVersion(artifact: Artifact, stamp: StampText): boolean {
  return artifact.bytes === Number(stamp.size) && artifact.modifiedAt === modifiedInstant(stamp);
}

async function isMissing(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return false;
  } catch (error) {
    return errorCode(error) === 'ENOENT';
  }
}

/** What is said of a file that is not whole, or cannot be read, when nothing will change it any more. */
function* unfinished(path: string, output: Output, why: 'changing' | SpoorError): Generator<ArtifactFact> {
  if (why instanceof SpoorError) {
    const hint = 'The trainer ended while it was writing; use an earlier checkpoint.';
    yield { type: 'warning', warning: { code: 'artifact-incomplete', message: why.message, hint } };
    return;
  }
  yield { type: 'artifact', artifact: unread(path, output.name, output.stamp) };
  const message = `${path}: cannot be read, so that it is recorded without its hash`;
  const hint = 'Make it readable by the user who runs Spoor.';
  yield { type: 'warning', warning: { code: 'artifact-unread', message, hint } };
}
