/** The images of a dataset with their captions, by the manifest that a run recorded. */

import { type CaptionRule, captionText, countsOf, termsOf } from '../diff/caption.ts';
import type { DatasetFile } from '../diff/change.ts';
import type { Run } from '../model/run.ts';
import { concurrently } from '../store/concurrently.ts';
import type { Home } from '../store/home.ts';
import { datasetFilesOf } from '../tracker/compare-family.ts';

export interface CaptionedImage {
  file: DatasetFile;
  /** Null where there is none, or it is not kept. */
  caption: string | null;
  /** What it is known by, where it is not kept. */
  captionSha256: string | null;
  tags: string[];
}

const longestCaption = 64 * 1024;
const parallelReads = 16;
const mostHeld = 4;

/** By run, the oldest first. */
export class DatasetImages {
  readonly #home: Home;
  readonly #held = new Map<string, Promise<CaptionedImage[] | null>>();

  constructor(home: Home) {
    this.#home = home;
  }

  /** In order of roots and paths; null where the files are not known one by one. */
  of(run: Run): Promise<CaptionedImage[] | null> {
    const key = `${run.id} ${run.dataset?.manifest}`;
    const known = this.#held.get(key);
    const images = known ?? this.#read(run);
    this.#held.delete(key);
    this.#held.set(key, images);
    images.catch(() => this.#held.delete(key));
    const [oldest] = this.#held.keys();
    if (this.#held.size > mostHeld && oldest !== undefined) this.#held.delete(oldest);
    return images;
  }

  async #read(run: Run): Promise<CaptionedImage[] | null> {
    const files = await datasetFilesOf(run, this.#home);
    if (files === null) return null;
    const rule = ruleOf(run);
    const captions = new Map(files.flatMap((file) => (file.kind === 'caption' ? [[stemOf(file), file] as const] : [])));
    const images = files
      .filter(({ kind }) => kind === 'image')
      .map((file): CaptionedImage => ({ file, caption: null, captionSha256: null, tags: [] }));
    await concurrently(images, parallelReads, async (image) => {
      const file = captions.get(stemOf(image.file));
      image.captionSha256 = file?.sha256 ?? null;
      if (!file?.object || file.bytes > longestCaption) return;
      const bytes = await this.#home.objects.get(file.object).catch(() => null);
      if (bytes === null) return;
      image.caption = captionText(new TextDecoder().decode(bytes), rule);
      image.tags = termsOf(image.caption, rule.separator);
    });
    return images;
  }
}

/** Tags by the number of captions in which they stand, the most frequent first. */
export function tagCounts(images: readonly CaptionedImage[], most: number): { tag: string; count: number }[] {
  const counts = countsOf(images.flatMap(({ tags }) => [...new Set(tags)]));
  return [...counts]
    .map(([tag, count]) => ({ tag, count }))
    .sort((a, b) => b.count - a.count || (a.tag < b.tag ? -1 : 1))
    .slice(0, most);
}

/** Of an image and of its caption the same. */
function stemOf({ root, path }: DatasetFile): string {
  return `${root}/${path.replace(/\.[^./]*$/, '')}`;
}

function ruleOf({ settings }: Run): CaptionRule {
  const value = (key: string) => settings.find((each) => each.key.split('.').at(-1) === key)?.value;
  const separator = value('caption_separator');
  return {
    separator: typeof separator === 'string' ? separator : ',',
    firstLineOnly: value('enable_wildcard') !== true,
  };
}
