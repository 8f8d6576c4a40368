/** Commands that are killed as they are about to change the disk. */
import { spawnSync } from 'node:child_process';

// strace kills the thread group as the kernel enters the N-th of some calls; children are let go.
const tracing = ['-f', '-b', 'execve', '-qqq', '-o', '/dev/null'];
export const canTrace = spawnSync('strace', [...tracing, 'true']).status === 0;

/**
 * Runs a command and kills it as it is about to make the `at`-th of the calls. A flush needs no kill of its
 * own: what was written outlives the process, whether flushed or not.
 *
 * @param calls as strace names them, between commas
 * @param only calls that concern this file
 * @returns whether it was killed
 */
export function killedAt(
  command: readonly string[],
  calls: string,
  at: number,
  env: Record<string, string>,
  { cwd, only }: { cwd?: string; only?: string } = {},
): boolean {
  const inject = `inject=${calls}:signal=KILL:when=${at}`;
  const traced = spawnSync('strace', [...tracing, ...(only ? ['-P', only] : []), '-e', inject, ...command], {
    env: { ...env, UV_THREADPOOL_SIZE: '1' },
    encoding: 'utf8',
    ...(cwd && { cwd }),
  });
  if (traced.error) throw traced.error;
  return traced.signal !== null || traced.status === 137;
}
