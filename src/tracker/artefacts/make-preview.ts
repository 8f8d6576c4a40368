import { createHash } from 'node:crypto';
import { openRegular, readFully } from '../../follow/open-regular.ts';
import { imageFormatOf, readImageTexts } from '../../formats/image-texts.ts';
import type { Images } from '../../images/images.ts';
import { errorText, SpoorError } from '../../model/errors.ts';
import type { Artifact, FactOf, ImageFacts } from '../../model/facts.ts';
import type { ObjectStore } from '../../model/ports.ts';

/** A sample of more bytes is not read. */
const longestSample = 64 << 20;
const longestText = 8_192;

export type PreviewFact = Omit<FactOf<'preview'>, 'v' | 'at' | 'host'>;

/**
 * Looks at a sample and keeps a preview of it, of the very bytes that the record names.
 * @returns null if the file is gone or is another by now. Errors: `no-image-library`, `cannot-write`
 */
export async function makePreview(
  objects: ObjectStore,
  images: Images,
  artifact: Pick<Artifact, 'path' | 'sha256'>,
): Promise<PreviewFact | null> {
  const { path } = artifact;
  const bytes = await readSample(path);
  if (bytes === null) return null;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  if (artifact.sha256 !== null && artifact.sha256 !== sha256) return null;
  try {
    const made = await images.preview(bytes);
    const { sha256: object, bytes: size } = await objects.put(made.webp);
    const preview = { object, bytes: size, width: made.width, height: made.height };
    const image: ImageFacts = { ...made.image, ...(await textsOf(bytes, path)) };
    return { type: 'preview', path, sha256, preview, image, reason: null };
  } catch (error) {
    if (!(error instanceof SpoorError) || error.code !== 'image-unreadable') throw error;
    return { type: 'preview', path, sha256, preview: null, image: null, reason: errorText(error) };
  }
}

/** Null where it is not there or too long. */
export async function readSample(path: string): Promise<Uint8Array | null> {
  const handle = await openRegular(path, 'refuse');
  if (!handle) return null;
  try {
    const { size } = await handle.stat();
    if (size > longestSample) return null;
    const bytes = new Uint8Array(size);
    return (await readFully(handle, bytes, 0)) === size ? bytes : null;
  } catch {
    return null;
  } finally {
    await handle.close();
  }
}

async function textsOf(bytes: Uint8Array, path: string): Promise<Pick<ImageFacts, 'texts'>> {
  const format = imageFormatOf(bytes);
  if (format === null) return {};
  const read = async (position: number, length: number) => bytes.subarray(position, position + length);
  const texts = await readImageTexts(format, { size: bytes.length, read }, path).catch(() => ({}));
  const entries = Object.entries(texts).map(([key, text]) => [key, text.slice(0, longestText)]);
  return entries.length === 0 ? {} : { texts: Object.fromEntries(entries) };
}
