/** What sets a run that is about to train apart from the earlier runs of its family. */
import { hash } from 'node:crypto';
import { parseDraft } from '../capture/dataset/manifest.ts';
import type { Change, Compared, DatasetFile } from '../diff/change.ts';
import { compareRuns, isIdentical } from '../diff/compare.ts';
import { foldFacts } from '../model/fold.ts';
import type { Run } from '../model/run.ts';
import { stamp } from '../store/fact-log.ts';
import type { Home } from '../store/home.ts';
import { earlierRuns } from './family.ts';
import type { PreparedRun } from './prepare-run.ts';
import type { Recording } from './request.ts';

export interface ComparedRun {
  run: Run;
  changes: Change[];
}

export interface FamilyComparison {
  /** The run that is about to train. */
  run: Run;
  /** The last run of the family, with what changed since. */
  last: ComparedRun | null;
  /** The latest one that nothing known sets apart from this one. */
  identical: ComparedRun | null;
  /** Bytes of a checkpoint of the latest run that has this one's network. */
  checkpointBytes: number | null;
  /** False where it was stopped before every earlier run had been looked at. */
  complete: boolean;
}

/**
 * Reads the run folders, the latest first, and no catalog: it waits for no lock. Gives what it has
 * found when `goesOn` says no.
 */
export async function compareWithFamily(
  prepared: PreparedRun,
  recording: Recording,
  goesOn: () => boolean,
): Promise<FamilyComparison> {
  const { home, host, now } = recording;
  const { run } = foldFacts(prepared.id, stamp(prepared.captured.facts, host, now()));
  const after: Compared = { run, manifest: await plannedFiles(prepared, home) };
  const comparison: FamilyComparison = { run, last: null, identical: null, checkpointBytes: null, complete: false };
  const runs = earlierRuns(home, run, goesOn);
  for (;;) {
    const { value: earlier, done } = await runs.next();
    if (done) return { ...comparison, complete: earlier };
    const changes = compareRuns({ run: earlier, manifest: await manifestOf(earlier, after, home) }, after);
    comparison.last ??= { run: earlier, changes };
    if (isIdentical(changes)) comparison.identical ??= { run: earlier, changes };
    if (hasSameNetwork(changes)) comparison.checkpointBytes ??= largestCheckpoint(earlier);
    if (comparison.identical !== null) return { ...comparison, complete: true };
  }
}

/** Larger lists are compared by their counts and digests alone. */
const longestManifest = 16 << 20;

/** Read only where the digests do not tell that the datasets are equal. */
async function manifestOf(run: Run, { run: { dataset } }: Compared, home: Home): Promise<DatasetFile[] | null> {
  if (dataset !== null && dataset.sha256 !== null && dataset.sha256 === run.dataset?.sha256) return null;
  return datasetFilesOf(run, home);
}

/** The files of a recorded run's dataset; null where they are not known, or far too many. */
export async function datasetFilesOf({ dataset }: Run, home: Home): Promise<DatasetFile[] | null> {
  return dataset === null || dataset.manifest === null ? null : readManifest(dataset.manifest, home);
}

/** From the home where nothing is new, else among what was captured. */
export async function plannedFiles({ captured }: PreparedRun, home: Home): Promise<DatasetFile[] | null> {
  const work = captured.later.find((piece) => piece.kind === 'dataset');
  const state = captured.facts.find((fact) => fact.type === 'dataset')?.dataset;
  const name = work?.draft ?? state?.manifest;
  if (name === undefined || name === null) return null;
  const blob = captured.blobs.findLast((each) => looksLikeManifest(each) && hash('sha256', each, 'hex') === name);
  if (blob === undefined) return readManifest(name, home);
  return work === undefined ? filesIn(blob) : parseDraft(blob);
}

const beginning = Buffer.from('{"root":');

function looksLikeManifest(blob: Uint8Array): boolean {
  return blob.length <= longestManifest && beginning.equals(blob.subarray(0, beginning.length));
}

async function readManifest(name: string, { objects }: Home): Promise<DatasetFile[] | null> {
  const bytes = await objects.get(name).catch(() => null);
  return bytes === null || bytes.length > longestManifest ? null : filesIn(bytes);
}

function filesIn(bytes: Uint8Array): DatasetFile[] | null {
  try {
    const lines = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString().split('\n');
    return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as DatasetFile);
  } catch {
    return null;
  }
}

function hasSameNetwork(changes: readonly Change[]): boolean {
  return !changes.some(({ subject }) => /^network_(?:module|dim|args\..*)$|^script$|^save_precision$/.test(subject));
}

function largestCheckpoint({ artifacts }: Run): number | null {
  const sizes = artifacts.flatMap(({ kind, bytes }) => (kind === 'checkpoint' && bytes !== null ? bytes : []));
  return sizes.length === 0 ? null : Math.max(...sizes);
}
