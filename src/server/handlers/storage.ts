import { statfs } from 'node:fs/promises';
import { basename, dirname } from 'node:path';
import type { Answer } from '../../api/routes.ts';
import type { Leftover, TrashEntry } from '../../api/storage.ts';
import { errorText, SpoorError } from '../../model/errors.ts';
import type { RunId } from '../../model/run-id.ts';
import { concurrently } from '../../store/concurrently.ts';
import type { Home } from '../../store/home.ts';
import type { TrashEntry as Entry } from '../../store/trash-entry.ts';
import { type Cleaned, cleanLeftovers } from '../../tracker/clean-leftovers.ts';
import { deleteFromTrash, emptyTrash, restoreRun, trashOf } from '../../tracker/clean-trash.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { removeRun } from '../../tracker/remove-run.ts';
import { sizesOf } from '../../tracker/storage-sizes.ts';
import type { ServerContext } from '../context.ts';
import { oneByOne } from '../guard/gate.ts';
import type { Some } from '../handler.ts';

const mostOutputs = 200;
const parallelReads = 16;

export function storageHandlers({
  recording,
  index,
  cwd,
}: ServerContext): Some<
  'listTrash' | 'removeRuns' | 'restoreTrash' | 'deleteTrash' | 'emptyTrash' | 'readStorage' | 'listLeftovers' | 'clean'
> {
  const { home, host } = recording;
  const turn = oneByOne();
  const changing = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await turn.through(work);
    } finally {
      index.markChanged();
    }
  };
  const leftovers = async (dryRun: boolean) => {
    const found: Leftover[] = [];
    for await (const each of cleanLeftovers(recording, { cwd, dryRun })) found.push(leftoverOf(each));
    return { leftovers: found };
  };

  return {
    async listTrash() {
      return { entries: (await trashOf(home).list()).map(entryOf) };
    },

    removeRuns: ({ body: { runs } }) =>
      changing(async () => {
        const entries: TrashEntry[] = [];
        const kept: { run: string; reason: string }[] = [];
        for (const run of runs) {
          try {
            entries.push(entryOf(await removeRun(recording, run)));
          } catch (error) {
            kept.push({ run, reason: errorText(error) });
          }
        }
        return { entries, kept };
      }),

    restoreTrash: ({ body: { entries } }) =>
      changing(async () => {
        const back: TrashEntry[] = [];
        const nobody = () => Promise.reject(new SpoorError('not-found', 'not-in-trash', 'not in the trash'));
        for (const id of entries) back.push(...(await restoreRun(home, id, nobody)).map(entryOf));
        return { entries: back };
      }),

    deleteTrash: ({ body: { entries } }) =>
      changing(async () => ({ entries: (await deleteFromTrash(home, entries)).map(entryOf) })),

    emptyTrash: ({ body: { before } }) =>
      changing(async () => ({ entries: (await emptyTrash(home, before)).map(entryOf) })),

    async readStorage() {
      const [parts, space, made] = await Promise.all([
        sizesOf(home),
        statfs(home.directory).catch(() => null),
        index.ask((catalog) => catalog.largest(mostOutputs)),
      ]);
      const rows = new Map((await index.all('')).map((row) => [row.id, row]));
      const outputs: Output[] = [];
      // The index knows of all that was made; what of it is there is told by the record.
      await concurrently(made, parallelReads, async ({ run }) => {
        const row = rows.get(run);
        const there = row?.host === host ? await standing(home, run) : null;
        if (row && there) outputs.push({ run, name: row.name, outputDir: row.outputDir, ...there });
      });
      outputs.sort((a, b) => b.bytes - a.bytes);
      return { home: home.directory, parts, free: space && space.bavail * space.bsize, outputs };
    },

    listLeftovers: () => leftovers(true),
    clean: () => changing(() => leftovers(false)),
  };
}

type Output = Answer<'readStorage'>['outputs'][number];

/** What a run made that is neither deleted nor in the trash; null where nothing is left. */
async function standing(home: Home, id: RunId): Promise<{ files: number; bytes: number } | null> {
  const run = await loadRun(home, id).catch(() => null);
  const there = run?.artifacts.filter(({ goneAt, removed }) => goneAt === null && removed === undefined) ?? [];
  return there.length === 0
    ? null
    : { files: there.length, bytes: there.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0) };
}

function entryOf({ id, kind, run, name, from, at, reason, files, bytes }: Entry): TrashEntry {
  return { id, kind, run, name, from, at, reason, files, bytes };
}

function leftoverOf(each: Cleaned): Leftover {
  const { run, name, action, directory, reason } = each;
  const { files, bytes } = each.action === 'kept' ? { files: null, bytes: null } : each;
  const entry = each.action === 'removed' ? basename(dirname(each.to)) : null;
  return { run, name, action, directory, reason, files, bytes, entry };
}
