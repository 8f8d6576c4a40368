/** Reads what two runs' records name, as far as it takes to compare them closely. */
import type { Compared, DatasetFile, ImageSize, SamplePrompt } from '../diff/change.ts';
import { imageSize } from '../formats/image-size.ts';
import type { ObjectStore } from '../model/ports.ts';
import type { Run } from '../model/run.ts';
import { concurrently } from '../store/concurrently.ts';
import { readPrompts } from './read-prompts.ts';

/** A run as it was recorded, or as it would be. */
export interface Side {
  run: Run;
  manifest: readonly DatasetFile[] | null;
  objects: Pick<ObjectStore, 'get' | 'stream'>;
}

/** Bytes of a caption above which it is compared by hash alone. */
const longestText = 1 << 20;
/** Bytes within which an image's header tells its size. */
const headerBytes = 512 << 10;
const parallelReads = 16;

export async function closely(a: Side, b: Side): Promise<[Compared, Compared]> {
  const differ = a.run.dataset?.sha256 == null || a.run.dataset.sha256 !== b.run.dataset?.sha256;
  const replaced = differ ? replacedImages(a.manifest ?? [], b.manifest ?? []) : new Set<string>();
  // Most captions are those of both.
  const captions = new Map<string, string>();
  const read = async ({ run, manifest, objects }: Side): Promise<Compared> => ({
    run,
    manifest,
    captions: differ ? await readCaptions(manifest ?? [], objects, captions) : captions,
    images: await readSizes(manifest ?? [], replaced, objects),
    prompts: await promptsAtLaunch(run, objects),
  });
  return [await read(a), await read(b)];
}

async function readCaptions(
  manifest: readonly DatasetFile[],
  objects: Side['objects'],
  captions: Map<string, string>,
): Promise<Map<string, string>> {
  const kept = manifest.filter(({ kind, bytes }) => kind === 'caption' && bytes <= longestText);
  await concurrently(kept, parallelReads, async ({ sha256, object }) => {
    if (sha256 === null || object == null || captions.has(sha256)) return;
    const bytes = await objects.get(object).catch(() => null);
    if (bytes !== null) captions.set(sha256, Buffer.from(bytes).toString('utf8'));
  });
  return captions;
}

/** Hashes of images of which another one has the name. */
function replacedImages(before: readonly DatasetFile[], after: readonly DatasetFile[]): Set<string> {
  const bare = ({ path }: DatasetFile) => path.replace(/^\d+_/, '');
  const old = new Map(before.filter(({ kind }) => kind === 'image').map((file) => [bare(file), file.sha256]));
  const found = new Set<string>();
  for (const file of after) {
    const was = old.get(bare(file));
    if (file.kind !== 'image' || was == null || file.sha256 === null || was === file.sha256) continue;
    found.add(was).add(file.sha256);
  }
  return found;
}

async function readSizes(
  manifest: readonly DatasetFile[],
  wanted: ReadonlySet<string>,
  objects: Side['objects'],
): Promise<Map<string, ImageSize>> {
  const sizes = new Map<string, ImageSize>();
  const kept = manifest.filter(({ kind, sha256 }) => kind === 'image' && sha256 !== null && wanted.has(sha256));
  await concurrently(kept, parallelReads, async ({ sha256, object }) => {
    if (sizes.has(sha256 ?? '')) return;
    const size = object == null ? null : await sizeOf(object, objects).catch(() => null);
    if (size !== null && sha256 !== null) sizes.set(sha256, size);
  });
  return sizes;
}

async function sizeOf(object: string, objects: Side['objects']): Promise<ImageSize | null> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of objects.stream(object)) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= headerBytes) break;
  }
  return imageSize(Buffer.concat(chunks));
}

/** As they were at launch. */
async function promptsAtLaunch({ files }: Run, objects: Side['objects']): Promise<SamplePrompt[] | null> {
  const file = files.find(({ role, changed }) => role === 'prompts' && changed === undefined);
  return file === undefined ? null : readPrompts(file, objects);
}
