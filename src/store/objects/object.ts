import { createHash } from 'node:crypto';
import { SpoorError } from '../../model/errors.ts';

export function isSha256(text: string): boolean {
  return /^[0-9a-f]{64}$/.test(text);
}

export async function sha256OfStream(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const sum = createHash('sha256');
  for await (const chunk of chunks) sum.update(chunk);
  return sum.digest('hex');
}

export function objectMissing(sha256: string): SpoorError {
  return new SpoorError(
    'not-found',
    'object-missing',
    `the object ${sha256} is not in the store`,
    'Run `spoor verify` to see which runs need it.',
  );
}

export function notAFile(path: string): SpoorError {
  return new SpoorError('data', 'not-a-file', `${path} is no regular file`);
}
