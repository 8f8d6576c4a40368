import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { CleanLog } from '../../follow/clean-log.ts';
import { descriptorWriter } from '../../launch/descriptor.ts';
import { errorCode, SpoorError } from '../../model/errors.ts';
import { followRunLog } from '../../tracker/follow-log.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';

/** Prints the raw log, byte for byte, or with `--clean` what a person would read of it. */
export async function log(
  context: Context,
  reference: string,
  options: { follow?: true; clean?: true },
): Promise<number> {
  const { home, find } = await openSettled(context);
  const id = await find(reference);
  const path = join(home.runs.path(id), 'log');
  const found = await stat(path).catch((error) => {
    if (errorCode(error) !== 'ENOENT') throw error;
    const hint = 'Its output went straight to the terminal, or it never started: see spoor show.';
    throw new SpoorError('not-found', 'no-log', `run ${id} has no log`, hint);
  });
  const clean = options.clean ? new CleanLog((text) => context.stdout.write(text)) : null;
  const raw = descriptorWriter(1);
  const write = async (bytes: Uint8Array) => (clean ? clean.push(bytes) : raw(bytes));
  if (options.follow) await followRunLog(home, id, write);
  else if (clean) for await (const chunk of createReadStream(path)) clean.push(chunk);
  else if (found.size > 0)
    await pipeline(createReadStream(path), context.stdout, { end: false }).catch(ignoreClosedReader);
  clean?.end();
  return 0;
}

function ignoreClosedReader(error: unknown): void {
  if (errorCode(error) !== 'EPIPE') throw error;
}
