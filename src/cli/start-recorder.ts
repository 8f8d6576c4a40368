import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { runMarker } from '../launch/environment.ts';
import type { RunId } from '../model/run-id.ts';
import type { Context } from './context.ts';

/** The bundle's second entry stands beside the first. */
const program = fileURLToPath(new URL('./recorder.js', import.meta.url));

/**
 * Starts the recorder of a run in a session of its own, so that closing the terminal or ending Spoor
 * does not reach it, idle for the disk where `ionice` is there.
 *
 * @param kind `journal` for the run's first recorder
 * @returns settles when it has ended
 */
export function startRecorder(context: Context, id: RunId, kind: 'journal' | 'reconciliation'): Promise<void> {
  const node = [process.execPath, program, context.home, id, kind];
  const idle = ['/usr/bin/ionice', '/bin/ionice'].find((path) => existsSync(path));
  const [command = process.execPath, ...args] = idle ? [idle, '-c', '3', ...node] : node;
  // A trainer's descendants are found by the marker: the recorder is none.
  const env = { ...context.env, [runMarker]: undefined };
  const child = spawn(command, args, { detached: true, stdio: 'ignore', cwd: '/', env });
  child.unref();
  return new Promise((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', () => resolve());
  });
}
