import { basename } from 'node:path';
import type { ArtifactRow, SampleRow } from '../../api/artifacts.ts';
import { SpoorError } from '../../model/errors.ts';
import type { Run } from '../../model/run.ts';
import { isStarred } from '../../tracker/artefacts/places.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { noTag, pictureBytes, pictureFile, pictureObject } from '../bytes.ts';
import type { ServerContext } from '../context.ts';
import type { Asking, Some } from '../handler.ts';
import { named, opaque } from '../opaque.ts';
import { smallPicture, type Thumbnails } from '../thumbnails.ts';
import { hasOriginal, hasPreview, isShown, sampleId } from './samples.ts';

type Made = Run['artifacts'][number];

export function artifactsHandlers(
  { recording: { home, host } }: ServerContext,
  thumbnails: Thumbnails,
): Some<'listArtifacts' | 'listSamples' | 'samplePreview' | 'sampleOriginal'> {
  const samplesOf = (run: Run) => run.artifacts.filter(({ kind }) => kind === 'sample');
  const find = async (id: string, sample: string) => {
    const run = await loadRun(home, id);
    return { run, made: named(sample, samplesOf(run), (each) => sampleId(run, each), 'sample') };
  };
  const original = async (run: Run, made: Made, asking: Asking) => {
    if (made.object !== undefined) return pictureObject(home, made.object, asking);
    if (hasOriginal(run, made, host)) return pictureFile(made.path, asking);
    const hint = run.host === host ? null : `It was made on ${run.host}.`;
    throw new SpoorError('not-found', 'picture-gone', 'the picture is not kept and not there any more', hint);
  };

  return {
    async listArtifacts({ run: id }) {
      const run = await loadRun(home, id);
      return { artifacts: run.artifacts.filter(({ kind }) => kind !== 'sample').map((each) => artifactRow(run, each)) };
    },

    async listSamples({ run: id }) {
      const run = await loadRun(home, id);
      return {
        samples: samplesOf(run)
          .map((each) => sampleRow(run, each, host))
          .sort(byPrompt),
      };
    },

    async samplePreview({ run: id, sample }, asking) {
      const { run, made } = await find(id, sample);
      if (made.preview) return pictureObject(home, made.preview.object, asking);
      // Of runs that nobody followed; of a file that is not hashed its time tells the version.
      const version = `${made.sha256 ?? `${run.id} ${made.path} ${made.bytes} ${made.modifiedAt}`}`;
      const small = await thumbnails.of(version, async () => pictureBytes(await original(run, made, noTag)));
      const tag = made.sha256 ?? sample;
      return small ? smallPicture(small, tag, asking.header('if-none-match')) : original(run, made, asking);
    },

    async sampleOriginal({ run: id, sample }, asking) {
      const { run, made } = await find(id, sample);
      return original(run, made, asking);
    },
  };
}

function common({ path, step, epoch, bytes, modifiedAt, goneAt }: Made) {
  return { name: basename(path), step, epoch, bytes, at: modifiedAt, goneAt };
}

export function artifactRow(run: Run, made: Made): ArtifactRow {
  const { kind, path, sha256, tensorSha256, final, removed } = made;
  return {
    id: artifactId(run, made),
    ...common(made),
    kind: kind === 'state' ? 'state' : 'checkpoint',
    path,
    sha256,
    tensorSha256,
    final,
    starred: isStarred(run, made),
    removedAt: removed?.at ?? null,
    inTrash: removed !== undefined && removed.trash !== null,
  };
}

export const artifactId = ({ id }: Run, { path }: Made) => opaque('artifact', id, path);

function sampleRow(run: Run, made: Made, here: string): SampleRow {
  const { prompt, seed, prompted, image, preview } = made;
  return {
    id: sampleId(run, made),
    ...common(made),
    prompt,
    seed: seed ?? prompted?.seed ?? null,
    text: prompted?.prompt ?? null,
    width: image?.width ?? preview?.width ?? null,
    height: image?.height ?? preview?.height ?? null,
    preview: hasPreview(made) || isShown(run, made, here),
    original: hasOriginal(run, made, here),
  };
}

function byPrompt(a: SampleRow, b: SampleRow): number {
  return (a.prompt ?? -1) - (b.prompt ?? -1) || (a.step ?? -1) - (b.step ?? -1) || (a.epoch ?? -1) - (b.epoch ?? -1);
}
