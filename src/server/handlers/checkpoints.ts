import { basename, dirname } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import { bestCheckpoints } from '../../tracker/artefacts/best-checkpoints.ts';
import { contactSheet } from '../../tracker/artefacts/contact-sheet.ts';
import { type Pruned, type PrunedFile, pruneRun } from '../../tracker/artefacts/prune-run.ts';
import { starRun } from '../../tracker/artefacts/star-run.ts';
import { loadRun } from '../../tracker/load-run.ts';
import type { ServerContext } from '../context.ts';
import { oneByOne } from '../guard/gate.ts';
import type { Some } from '../handler.ts';
import { named } from '../opaque.ts';
import { artifactId, artifactRow } from './artifacts.ts';
import { sampleId } from './samples.ts';

export function checkpointsHandlers({
  recording,
  index,
}: ServerContext): Some<'contactSheet' | 'best' | 'star' | 'prune'> {
  const { home } = recording;
  const turn = oneByOne();
  const load = (ids: readonly string[]) => Promise.all([...new Set(ids)].map((id) => loadRun(home, id)));

  return {
    async contactSheet({ run: ids }) {
      const runs = await load(ids);
      if (recording.images === undefined) {
        throw new SpoorError('unavailable', 'no-image-library', 'there is no image library', null);
      }
      const { png } = await contactSheet(home, recording.images, runs);
      return new Response(new Uint8Array(png), { headers: { 'content-type': 'image/png' } });
    },

    async best({ run: ids }) {
      const runs = await load(ids);
      const { basis, ranked, checkpoints } = await bestCheckpoints(home, runs);
      return {
        basis,
        ranked: ranked.map(({ rank, run, artifact, validation }) => {
          const owner = runs.find(({ id }) => id === run.id)!;
          return { rank, run: { id: run.id, name: run.name }, artifact: artifactRow(owner, artifact), validation };
        }),
        checkpoints,
      };
    },

    async star({ body: { run: id, id: wanted, starred } }) {
      const run = await loadRun(home, id);
      const idOf = (each: (typeof run.artifacts)[number]) =>
        each.kind === 'sample' ? sampleId(run, each) : artifactId(run, each);
      const { path } = named(wanted, run.artifacts, idOf, 'artifact');
      await turn.through(() => starRun(recording, id, path, starred));
      index.markChanged([id]);
      return { done: true };
    },

    async prune({ body: { run, ...request } }) {
      const { taken, left, bytes } = await turn.through(() => pruneRun(recording, { run, ...request }));
      if (!request.dryRun) index.markChanged([run]);
      return { taken: taken.map(takenRow), left: left.map(leftRow), bytes };
    },
  };
}

function takenRow({ artifact: { path: made, step, epoch }, path, what, bytes, to }: PrunedFile) {
  const name = basename(what === 'copy' ? made : path);
  return { name, step, epoch, what, bytes, entry: to === null ? null : basename(dirname(to)) };
}

function leftRow({ artifact: { path, step, epoch, bytes }, why }: Pruned['left'][number]) {
  return { name: basename(path), step, epoch, why, bytes };
}
