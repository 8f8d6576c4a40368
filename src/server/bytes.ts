/** Bytes to whoever asks: kept objects, which never change, and files of the disk, which do. */
import type { FileHandle } from 'node:fs/promises';
import { openRegular, readFully } from '../follow/open-regular.ts';
import { SpoorError } from '../model/errors.ts';
import type { Home } from '../store/home.ts';
import type { Asking } from './handler.ts';

/** Pictures that a browser shows and never runs; SVG is none of them. */
type PictureType = 'image/png' | 'image/jpeg' | 'image/webp' | 'image/gif' | 'image/avif';

/** By the first bytes, whatever the name says; null for what is no picture of these kinds. */
function pictureType(begin: Uint8Array): PictureType | null {
  const text = Buffer.from(begin.buffer, begin.byteOffset, Math.min(begin.length, 16)).toString('latin1');
  if (text.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png';
  if (text.startsWith('\xff\xd8\xff')) return 'image/jpeg';
  if (text.startsWith('RIFF') && text.slice(8, 12) === 'WEBP') return 'image/webp';
  if (/^GIF8[79]a/.test(text)) return 'image/gif';
  return text.slice(4, 12) === 'ftypavif' ? 'image/avif' : null;
}

const mostPictureBytes = 64 << 20;
const immutable = 'private, max-age=31536000, immutable';

/** A kept picture. Errors: `object-missing`, `no-picture`. */
export async function pictureObject({ objects }: Home, sha256: string, { header }: Asking): Promise<Response> {
  const headers = { etag: `"${sha256}"`, 'cache-control': immutable };
  if (header('if-none-match') === headers.etag) return new Response(null, { status: 304, headers });
  const bytes = (await objects.get(sha256)) as Uint8Array<ArrayBuffer>;
  const type = pictureType(bytes);
  if (type === null) throw noPicture();
  return new Response(bytes, { headers: { ...headers, 'content-type': type } });
}

/** A picture on the disk, as it is now. Errors: `no-picture`. */
export async function pictureFile(path: string, { header }: Asking): Promise<Response> {
  const handle = await openRegular(path, 'refuse');
  if (!handle) throw new SpoorError('not-found', 'picture-gone', 'the picture is not there any more');
  try {
    const { size, mtimeMs, ino } = await handle.stat();
    const headers = {
      etag: `"${ino.toString(36)}-${size.toString(36)}-${mtimeMs.toString(36)}"`,
      'cache-control': 'private, no-cache',
    };
    if (header('if-none-match') === headers.etag) return new Response(null, { status: 304, headers });
    if (size > mostPictureBytes) throw new SpoorError('data', 'too-large', `a picture of ${size} bytes is not sent`);
    const bytes = new Uint8Array(size);
    const read = bytes.subarray(0, await readFully(handle, bytes, 0));
    const type = pictureType(read);
    if (type === null) throw noPicture();
    return new Response(read, { headers: { ...headers, 'content-type': type } });
  } finally {
    await handle.close();
  }
}

/** One who has nothing yet. */
export const noTag: Asking = {
  signal: new AbortController().signal,
  header: () => undefined,
  isProgram: true,
  cookie: null,
  isLocal: true,
};

export async function pictureBytes(response: Response): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await response.arrayBuffer());
}

const noPicture = () =>
  new SpoorError(
    'not-found',
    'no-picture',
    'this is no picture that can be shown',
    'PNG, JPEG, WebP, GIF and AVIF are.',
  );

/** A text that no browser takes for anything else. @param tag of bytes that never change */
export function textAnswer(bytes: Uint8Array<ArrayBuffer>, tag: string | null, known?: string): Response {
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    ...(tag === null ? {} : { etag: `"${tag}"`, 'cache-control': immutable }),
  };
  if (tag !== null && known === `"${tag}"`) return new Response(null, { status: 304, headers });
  return new Response(bytes, { headers });
}

/** A file that grows, or the range of it that is asked for, as a download. */
export async function downloadFile(path: string, name: string, { header, signal }: Asking): Promise<Response> {
  const handle = await openRegular(path, 'follow');
  if (!handle) throw new SpoorError('not-found', 'no-log', 'this run has no log', null);
  const { size } = await handle.stat();
  const range = rangeIn(header('range'), size);
  const headers = {
    'content-type': 'text/plain; charset=utf-8',
    'content-disposition': `attachment; filename="${name}"`,
    'accept-ranges': 'bytes',
  };
  if (range === 'outside') {
    await handle.close();
    return new Response(null, { status: 416, headers: { ...headers, 'content-range': `bytes */${size}` } });
  }
  const [from, to] = range ?? [0, size];
  return new Response(piecesOf(handle, from, to, signal), {
    status: range ? 206 : 200,
    headers: {
      ...headers,
      'content-length': String(to - from),
      ...(range ? { 'content-range': `bytes ${from}-${to - 1}/${size}` } : {}),
    },
  });
}

const pieceBytes = 256 * 1024;

function piecesOf(handle: FileHandle, from: number, to: number, signal: AbortSignal): ReadableStream<Uint8Array> {
  let at = from;
  const close = () => handle.close().catch(() => {});
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const piece = new Uint8Array(Math.min(pieceBytes, to - at));
          const read = at < to && !signal.aborted ? await readFully(handle, piece, at) : 0;
          at += read;
          if (read > 0) controller.enqueue(piece.subarray(0, read));
          if (read < piece.length || at >= to) {
            await close();
            controller.close();
          }
        } catch (error) {
          await close();
          controller.error(error);
        }
      },
      cancel: close,
    },
    { highWaterMark: 0 },
  );
}

/** One range in bytes, its end exclusive; null where the whole is wanted. */
function rangeIn(text: string | undefined, size: number): [number, number] | 'outside' | null {
  const [, from = '', to = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/.exec(text ?? '') ?? [];
  if (from === '' && to === '') return null;
  const begin = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size : Math.min(size, Number(to) + 1);
  return begin >= end ? 'outside' : [begin, end];
}
