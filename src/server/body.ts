/** The body of a request, of a bounded length. */
import type { ZodType } from 'zod';
import { mostBodyBytes, mostJsonBytes } from '../api/route.ts';
import { SpoorError } from '../model/errors.ts';
import { badRequest } from './errors.ts';

/** Errors: `wrong-type`, `too-large`, `bad-request`. */
export async function readBody(request: Request, schema: ZodType | 'bytes'): Promise<unknown> {
  const wanted = schema === 'bytes' ? 'application/octet-stream' : 'application/json';
  const type = request.headers.get('content-type')?.split(';')[0]?.trim().toLowerCase();
  // No form of another site can send either of the two.
  if (type !== wanted)
    throw new SpoorError('usage', 'wrong-type', `the body must be ${wanted}, not ${type ?? 'nothing'}`);
  const bytes = await readAtMost(request, schema === 'bytes' ? mostBodyBytes : mostJsonBytes);
  if (schema === 'bytes') return bytes;
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
  } catch {
    throw new SpoorError('usage', 'bad-request', 'the body is no JSON');
  }
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw badRequest('body', parsed.error);
  return parsed.data;
}

async function readAtMost(request: Request, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => new SpoorError('usage', 'too-large', `the body may have at most ${most} bytes`);
  if (Number(request.headers.get('content-length') ?? 0) > most) throw tooLarge();
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.length;
    if (length > most) throw tooLarge();
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}
