import { spawn } from 'node:child_process';
import { runMarker } from './environment.ts';
import type { RunProcesses } from './tree.ts';

/**
 * A shell that outlives Spoor for a moment: it waits for the end of a pipe that Spoor holds, which comes
 * only with `kill -9`, and then kills the trainer, unless that has ended. `$1` is the waiter, whose child the
 * trainer is, `$2` the run's marker and `$3` its directory. It ignores what is sent to the whole group.
 */
const script = `
trap '' HUP INT QUIT PIPE ALRM TERM USR1 USR2
read _
[ -e "$3/exit" ] && exit
echo SIGKILL >"$3/stop"
for pid in $(cat "/proc/$1/task/$1/children"); do
  grep -qzx "$2" "/proc/$pid/environ" && kill -KILL "$pid"
done`;

/**
 * For a trainer whose launcher has Spoor's pid in its place: what kills Spoor (SIGKILL, which nobody can forward) kills
 * the trainer too, as it was meant to. Only the process that the launcher would have started: its children live on, as
 * they would have. Without `/proc` nothing is killed.
 *
 * @returns call it when the trainer has ended; an end of Node by itself, a crash too, does so
 */
export function dieTogether({ runId, waiter }: RunProcesses, runDirectory: string): () => void {
  const guard = spawn(
    '/bin/sh',
    ['-c', script, 'spoor-guard', String(waiter.pid), `${runMarker}=${runId}`, runDirectory],
    {
      stdio: ['pipe', 'ignore', 'ignore'],
      env: { PATH: '/usr/bin:/bin' },
      cwd: '/',
    },
  );
  guard.on('error', () => {});
  guard.stdin.on('error', () => {});
  guard.unref();
  (guard.stdin as unknown as { unref(): void }).unref();
  const dismiss = () => {
    process.off('exit', dismiss);
    // A process that ends waits for no stream: killing the guard needs none.
    guard.kill('SIGKILL');
  };
  process.once('exit', dismiss);
  return dismiss;
}
