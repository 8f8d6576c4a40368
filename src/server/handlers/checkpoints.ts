import { basename } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import { bestCheckpoints } from '../../tracker/artefacts/best-checkpoints.ts';
import { contactSheet } from '../../tracker/artefacts/contact-sheet.ts';
import { pruneRun } from '../../tracker/artefacts/prune-run.ts';
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

    async prune({ body: { run, keep, dryRun } }) {
      const pruned = await turn.through(() => pruneRun(recording, { run, keep, now: false, dryRun }));
      index.markChanged([run]);
      return {
        taken: pruned.taken.map(({ path, what, bytes, artifact }) => ({
          name: basename(what === 'copy' ? artifact.path : path),
          what,
          bytes,
        })),
        left: pruned.left.map(({ artifact, why }) => ({ name: basename(artifact.path), why })),
        bytes: pruned.bytes,
      };
    },
  };
}
