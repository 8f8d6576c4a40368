import { hash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import type { RemoteFile, RemoteHome } from '../../remote/remote-home.ts';
import type { Home } from '../../store/home.ts';
import { temporaryName } from '../../store/temporary.ts';

/** Objects up to this size are gathered in memory and made durable together, up to `batch` bytes. */
const small = 8 * 2 ** 20;
const batch = 32 * 2 ** 20;

export interface PulledObjects {
  bytes: number;
  /** Those that were not there, or not what their name says. */
  missing: string[];
}

/** Brings the objects that are not here yet; each is checked against its name before it is stored. */
export async function pullObjects(
  remote: RemoteHome,
  { objects, cacheDirectory }: Home,
  wanted: Iterable<string>,
  got: (count: number) => void,
): Promise<PulledObjects> {
  const absent = new Set<string>();
  for (const object of wanted) if (!(await objects.has(object))) absent.add(object);
  let gathered: Buffer[] = [];
  let size = 0;
  let bytes = 0;
  const flush = async () => {
    await objects.putAll(gathered);
    got(gathered.length);
    gathered = [];
    size = 0;
  };
  const names = [...absent].sort().map((object) => `objects/${object.slice(0, 2)}/${object}`);
  await remote.whole(names, async (file) => {
    const object = file.name.slice(-64);
    if (file.bytes > small) {
      if (await storeLarge(file, object, { objects, cacheDirectory })) {
        absent.delete(object);
        bytes += file.bytes;
        got(1);
      }
      return;
    }
    const content = await buffer(file.content);
    if (hash('sha256', content, 'hex') !== object) return;
    absent.delete(object);
    gathered.push(content);
    bytes += content.length;
    size += content.length;
    if (size >= batch) await flush();
  });
  await flush();
  return { bytes, missing: [...absent] };
}

async function storeLarge(
  { content }: RemoteFile,
  object: string,
  { objects, cacheDirectory }: Pick<Home, 'objects' | 'cacheDirectory'>,
): Promise<boolean> {
  await mkdir(cacheDirectory, { recursive: true, mode: 0o700 });
  const draft = join(cacheDirectory, temporaryName());
  try {
    await pipeline(content, createWriteStream(draft, { mode: 0o600, flags: 'wx' }));
    return await objects.putFile(draft, object).then(
      () => true,
      () => false,
    );
  } finally {
    await unlink(draft).catch(() => {});
  }
}
