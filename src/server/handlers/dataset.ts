import { hash } from 'node:crypto';
import { join } from 'node:path';
import type { DatasetImage } from '../../api/dataset.ts';
import { compareTerms } from '../../diff/caption.ts';
import { SpoorError } from '../../model/errors.ts';
import type { Run } from '../../model/run.ts';
import { loadRun } from '../../tracker/load-run.ts';
import { noTag, pictureBytes, pictureFile, pictureObject } from '../bytes.ts';
import { type CaptionedImage, DatasetImages, tagCounts } from '../captions.ts';
import type { ServerContext } from '../context.ts';
import type { Asking, Some } from '../handler.ts';
import { opaque, unnamed } from '../opaque.ts';
import { smallPicture, type Thumbnails } from '../thumbnails.ts';

const mostTags = 5000;

export function datasetHandlers(
  { recording: { home, host } }: ServerContext,
  thumbnails: Thumbnails,
): Some<'readDataset' | 'listImages' | 'imageThumbnail' | 'imageOriginal'> {
  const images = new DatasetImages(home);
  const idOf = (run: string) => (image: CaptionedImage) =>
    opaque('image', run, image.file.root, image.file.path, image.file.sha256);

  /** By id: a page asks for a hundred thumbnails of ten thousand images. */
  const byId = new WeakMap<readonly CaptionedImage[], Map<string, CaptionedImage>>();

  async function find(id: string, wanted: string): Promise<{ run: Run; image: CaptionedImage }> {
    const run = await loadRun(home, id);
    const all = (await images.of(run)) ?? [];
    const known = byId.get(all) ?? new Map(all.map((image) => [idOf(id)(image), image]));
    byId.set(all, known);
    const image = known.get(wanted);
    if (!image) throw unnamed(wanted, 'image');
    return { run, image };
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

    async listImages({ run: id, text, tag = [], without = [], since, changed, change: wanted, limit, after }) {
      const run = await loadRun(home, id);
      const former = since === undefined ? null : await loadRun(home, since);
      const all = (await images.of(run)) ?? [];
      // Nothing is compared with what was not recorded.
      const before = former && (await images.of(former));
      const words = text?.toLowerCase();
      const found = [...compared(all, before)].filter(({ image }) => {
        if (!tag.every((each) => image.tags.includes(each))) return false;
        if (without.some((each) => image.tags.includes(each))) return false;
        return words === undefined || `${image.file.path}\n${image.caption ?? ''}`.toLowerCase().includes(words);
      });
      const rows = found.filter(
        ({ change }) => !(changed && change === null) && (wanted === undefined || change === wanted),
      );
      const from = after === undefined ? 0 : Number(after);
      if (!Number.isSafeInteger(from) || from < 0)
        throw new SpoorError('usage', 'bad-cursor', 'the cursor is no number');
      const isShown = (of: Run, image: CaptionedImage) => Boolean(image.file.object) || placeOf(of, image) !== null;
      const shown = rows.slice(from, from + limit).map(({ image, was, change }): DatasetImage => {
        const { root, path, bytes, sha256 } = image.file;
        const isGone = change === 'removed';
        const isOther = !isGone && was !== null && was.caption !== image.caption;
        const terms = isOther ? compareTerms(was.tags, image.tags) : null;
        return {
          id: idOf(isGone && former ? former.id : id)(image),
          root,
          path,
          bytes,
          sha256,
          shown: !isGone && isShown(run, image),
          caption: image.caption,
          tags: image.tags,
          change,
          captionBefore: isOther ? was.caption : null,
          terms: terms && { came: terms.added, went: terms.removed },
          before:
            former && was && (isGone || change === 'changed')
              ? { id: idOf(former.id)(was), shown: isShown(former, was) }
              : null,
        };
      });
      const isMore = from + limit < rows.length;
      return {
        images: shown,
        total: rows.length,
        changes: before && countedBy(found),
        next: isMore ? String(from + limit) : null,
      };
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
  /** The same image in the other run. */
  was: CaptionedImage | null;
  change: DatasetImage['change'];
}

/** Each image with what became of it since; those that are gone come last. */
function* compared(after: readonly CaptionedImage[], before: readonly CaptionedImage[] | null): Generator<Row> {
  const key = ({ file }: CaptionedImage) => file.path.replace(/^\d+_/, '');
  const former = new Map((before ?? []).map((each) => [key(each), each]));
  for (const image of after) {
    const was = former.get(key(image)) ?? null;
    former.delete(key(image));
    yield { image, was, change: before === null ? null : changeOf(was, image) };
  }
  for (const image of former.values()) yield { image, was: image, change: 'removed' };
}

function changeOf(was: CaptionedImage | null, is: CaptionedImage): DatasetImage['change'] {
  if (was === null) return 'added';
  if (was.file.sha256 !== is.file.sha256) return 'changed';
  return was.captionSha256 === is.captionSha256 ? null : 'caption';
}

function countedBy(rows: readonly Row[]): Record<NonNullable<Row['change']>, number> {
  const counts = { added: 0, removed: 0, changed: 0, caption: 0 };
  for (const { change } of rows) if (change !== null) counts[change]++;
  return counts;
}
