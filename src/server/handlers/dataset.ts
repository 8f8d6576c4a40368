import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { DatasetImage } from '../../api/dataset.ts';
import { SpoorError } from '../../model/errors.ts';
import type { Run } from '../../model/run.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { noTag, pictureBytes, pictureFile, pictureObject } from '../bytes.ts';
import { type CaptionedImage, DatasetImages, tagCounts } from '../captions.ts';
import type { ServerContext } from '../context.ts';
import type { Asking, Some } from '../handler.ts';
import { named, opaque } from '../opaque.ts';
import { smallPicture, type Thumbnails } from '../thumbnails.ts';

const mostTags = 5000;

export function datasetHandlers(
  { recording: { home, host } }: ServerContext,
  thumbnails: Thumbnails,
): Some<'readDataset' | 'listImages' | 'imageThumbnail' | 'imageOriginal'> {
  const images = new DatasetImages(home);
  const idOf = (run: string) => (image: CaptionedImage) =>
    opaque('image', run, image.file.root, image.file.path, image.file.sha256);

  async function find(id: string, wanted: string): Promise<{ run: Run; image: CaptionedImage }> {
    const run = await loadRun(home, id);
    const all = (await images.of(run)) ?? [];
    return { run, image: named(wanted, all, idOf(id), 'image') };
  }

  /** Where it lies, if that is on this machine; what a record tells never leads out of the dataset. */
  function placeOf(run: Run, { file }: CaptionedImage): string | null {
    const root = run.dataset?.roots[file.root]?.path;
    const isInside = !file.path.split('/').includes('..') && !file.path.includes('\0');
    return run.host === host && root?.startsWith('/') && isInside ? join(root, file.path) : null;
  }

  async function original(run: Run, image: CaptionedImage, asking: Asking): Promise<Response> {
    if (image.file.object) return pictureObject(home, image.file.object, asking);
    const place = placeOf(run, image);
    const gone = new SpoorError('not-found', 'picture-gone', 'the image is not kept, and not there unchanged');
    if (place === null || image.file.sha256 === null) throw gone;
    const response = await pictureFile(place, asking);
    const bytes = await response.clone().arrayBuffer();
    if (response.status === 200 && hash('sha256', new Uint8Array(bytes), 'hex') !== image.file.sha256) throw gone;
    return response;
  }

  return {
    async readDataset({ run: id }) {
      const run = await loadRun(home, id);
      const all = await images.of(run);
      return {
        dataset: run.dataset,
        told: run.datasetTold,
        listed: all !== null,
        tags: tagCounts(all ?? [], mostTags),
      };
    },

    async listImages({ run: id, text, tag, since, changed, limit, after }) {
      const run = await loadRun(home, id);
      const all = (await images.of(run)) ?? [];
      const before = since === undefined ? null : ((await images.of(await loadRun(home, since))) ?? []);
      const words = text?.toLowerCase();
      const rows = [...compared(all, before)].filter(({ image, change }) => {
        if (changed && change === null) return false;
        if (tag !== undefined && !image.tags.includes(tag)) return false;
        return words === undefined || `${image.file.path}\n${image.caption ?? ''}`.toLowerCase().includes(words);
      });
      const from = after === undefined ? 0 : Number(after);
      if (!Number.isSafeInteger(from) || from < 0)
        throw new SpoorError('usage', 'bad-cursor', 'the cursor is no number');
      const shown = rows.slice(from, from + limit).map(({ image, of, change, captionBefore }): DatasetImage => {
        const { root, path, bytes, sha256, object } = image.file;
        const owner = of === 'before' ? (since as string) : id;
        return {
          id: idOf(owner)(image),
          root,
          path,
          bytes,
          sha256,
          shown: of === 'after' && (Boolean(object) || placeOf(run, image) !== null),
          caption: image.caption,
          tags: image.tags,
          change,
          captionBefore,
        };
      });
      return { images: shown, total: rows.length, next: from + limit < rows.length ? String(from + limit) : null };
    },

    async imageThumbnail({ run: id, image: wanted }, asking) {
      const { run, image } = await find(id, wanted);
      const { sha256 } = image.file;
      const read = async () => pictureBytes(await original(run, image, noTag));
      const small = sha256 === null ? null : await thumbnails.of(sha256, read);
      return small
        ? smallPicture(small, sha256 as string, asking.header('if-none-match'))
        : original(run, image, asking);
    },

    async imageOriginal({ run: id, image: wanted }, asking) {
      const { run, image } = await find(id, wanted);
      return original(run, image, asking);
    },
  };
}

interface Row {
  image: CaptionedImage;
  of: 'before' | 'after';
  change: DatasetImage['change'];
  captionBefore: string | null;
}

/** Each image with what became of it since; those that are gone come last. */
function* compared(after: readonly CaptionedImage[], before: readonly CaptionedImage[] | null): Generator<Row> {
  const key = ({ file }: CaptionedImage) => file.path.replace(/^\d+_/, '');
  const former = new Map((before ?? []).map((each) => [key(each), each]));
  for (const image of after) {
    const was = former.get(key(image));
    former.delete(key(image));
    yield {
      image,
      of: 'after',
      change: before === null ? null : changeOf(was, image),
      captionBefore: captionOf(was, image),
    };
  }
  for (const image of former.values()) yield { image, of: 'before', change: 'removed', captionBefore: null };
}

function changeOf(was: CaptionedImage | undefined, is: CaptionedImage): DatasetImage['change'] {
  if (was === undefined) return 'added';
  if (was.file.sha256 !== is.file.sha256) return 'changed';
  return was.captionSha256 === is.captionSha256 ? null : 'caption';
}

function captionOf(was: CaptionedImage | undefined, is: CaptionedImage): string | null {
  return was && was.caption !== is.caption ? was.caption : null;
}
