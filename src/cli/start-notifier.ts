import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { runMarker } from '../launch/environment.ts';
import type { RunId } from '../model/run-id.ts';
import { packageRoot } from './package.ts';

const program = join(packageRoot, 'dist/notifier.js');

/** Starts the process that sends messages of a run, in a session of its own, and leaves it to itself. */
export function startNotifier(home: string, id: RunId, env: NodeJS.ProcessEnv): void {
  const own = { ...env, [runMarker]: undefined };
  const options = { detached: true, stdio: 'ignore', cwd: '/', env: own } as const;
  const child = spawn(process.execPath, [program, home, id], options);
  // Without a process what was to be told waits for the next command.
  child.on('error', () => {});
  child.unref();
}
