import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import { runMarker } from '../launch/environment.ts';
import type { RunId } from '../model/run-id.ts';
import type { Context } from './context.ts';
import { packageRoot } from './package.ts';

const program = join(packageRoot, 'dist/recorder.js');
/** Flushes that may wait for the disk at once, which gathers them into few. */
const flushers = '16';

/**
 * Starts the recorder of a run in a session of its own and as nobody's child, so that closing the terminal, ending
 * Spoor or killing it with all its descendants does not reach it; idle for the disk where `ionice` is there.
 *
 * @param kind `journal` for the run's first recorder
 * @param folder the run's, where `recorder.err` takes what should never be said
 * @param held descriptors of files that it is to hash, handed over to it
 * @returns settles when it has ended
 */
export function startRecorder(
  context: Context,
  id: RunId,
  kind: 'journal' | 'reconciliation',
  folder: string,
  held: readonly number[] = [],
): Promise<void> {
  const node = [process.execPath, program, context.home, id, kind, String(held.length)];
  const idle = ['/usr/bin/ionice', '/bin/ionice'].find((path) => existsSync(path));
  const command = idle ? [idle, '-c', '3', ...node] : node;
  // A trainer's descendants are found by the marker: the recorder is none.
  const env = { ...context.env, [runMarker]: undefined, UV_THREADPOOL_SIZE: flushers };
  const errors = openErrors(join(folder, 'recorder.err'));
  // The shell ends at once and leaves the pipe to the recorder, with whom it ends.
  const child = spawn('/bin/sh', ['-c', '"$@" &', 'sh', ...command], {
    detached: true,
    stdio: ['ignore', 'ignore', errors ?? 'ignore', ...held, 'pipe'],
    cwd: '/',
    env,
  });
  for (const each of errors === null ? held : [errors, ...held]) closeSync(each);
  child.unref();
  return new Promise((resolve) => {
    child.once('error', () => resolve());
    // Without a process there is no pipe.
    const pipe = child.stdio?.at(-1) as Socket | undefined;
    pipe?.unref();
    pipe?.resume().once('close', resolve).once('error', resolve);
  });
}

function openErrors(path: string): number | null {
  try {
    return openSync(path, 'a', 0o600);
  } catch {
    return null;
  }
}
