import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { errorCode } from '../model/errors.ts';
import type { StampText } from '../model/later.ts';
import type { ArtifactName, OutputPlan, Trainer } from '../trainers/trainer.ts';
import { stampOf } from './stamps.ts';

const maxEntries = 100_000;

/** An artefact's name in the output directory and the version that stands there. */
export interface Output {
  name: ArtifactName;
  /** Of a state, which is a directory: the newest times and the sum of sizes of what is directly inside. */
  stamp: StampText;
}

/** What the output directory holds that could be a run's, by path relative to it (`/` between parts). JSON-able. */
export interface OutputListing {
  /** `unreadable`: nothing can be said of what is there. */
  directory: 'listed' | 'missing' | 'unreadable';
  /** There is more than was looked at: what is not listed may be there all the same. */
  truncated: boolean;
  outputs: Record<string, Output>;
}

/**
 * Lists the output directory and its direct subdirectories by name, at most 100,000 entries, and below `samples`,
 * where OneTrainer makes a directory a prompt. Symlinks
 * are not followed, what the trainer would not have written is not even examined. Call it before
 * launch to know what is not the run's.
 */
export async function listOutputs(
  plan: OutputPlan,
  trainer: Pick<Trainer, 'artifact'>,
  limit = maxEntries,
): Promise<OutputListing> {
  const listing: OutputListing = { directory: 'listed', truncated: false, outputs: Object.create(null) };
  if (plan.outputDir === null) return { ...listing, directory: 'missing' };
  const root = plan.outputDir;
  const budget = { left: limit };
  const directories: string[] = [];
  try {
    await eachEntry(root, budget, async (entry) => {
      const named = trainer.artifact(entry.name, plan);
      if (entry.isDirectory() && named?.kind !== 'state') directories.push(entry.name);
      else await add(entry.name, named);
    });
    for (const directory of directories) {
      await eachEntry(join(root, directory), budget, async (entry) => {
        const path = `${directory}/${entry.name}`;
        if (directory === 'samples' && entry.isDirectory()) directories.push(path);
        else await add(path, trainer.artifact(path, plan));
      }).catch(() => {
        // An unreadable or vanished subdirectory: what it held is looked up one by one before it is called gone.
      });
    }
  } catch (error) {
    listing.directory = errorCode(error) === 'ENOENT' ? 'missing' : 'unreadable';
  }
  listing.truncated = budget.left < 0;
  return listing;

  async function add(path: string, name: ArtifactName | null): Promise<void> {
    if (!name) return;
    const stamp = await stampOutput(join(root, path), name);
    if (stamp) listing.outputs[path] = { name, stamp };
  }
}

/** The stamp of one output, or null if it is not there or is not of its kind (a link, a device, a directory). */
export async function stampOutput(path: string, name: ArtifactName): Promise<StampText | null> {
  try {
    const stats = await lstat(path, { bigint: true });
    if (name.kind !== 'state') return stats.isFile() ? stampOf(stats) : null;
    if (!stats.isDirectory()) return null;
    let { mtimeNs, ctimeNs } = stats;
    let size = 0n;
    await eachEntry(path, { left: 1_000 }, async (entry) => {
      const inside = await lstat(join(path, entry.name), { bigint: true });
      if (!inside.isFile()) return;
      size += inside.size;
      if (inside.mtimeNs > mtimeNs) mtimeNs = inside.mtimeNs;
      if (inside.ctimeNs > ctimeNs) ctimeNs = inside.ctimeNs;
    });
    return { ...stampOf(stats), size: String(size), mtimeNs: String(mtimeNs), ctimeNs: String(ctimeNs) };
  } catch {
    return null;
  }
}

/** Directories are read in pieces, so that one of millions of entries costs no more than the budget. */
async function eachEntry(path: string, budget: { left: number }, visit: (entry: Dirent) => Promise<void>) {
  for await (const entry of await opendir(path, { bufferSize: 256 })) {
    if (--budget.left < 0) return;
    await visit(entry);
  }
}
