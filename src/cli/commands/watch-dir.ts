import { realpath, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorText, SpoorError } from '../../model/errors.ts';
import { lookForTrainings } from '../../tracker/watch/watch-directory.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { startRecorder } from '../start-recorder.ts';
import { shortPath } from '../text.ts';
import { tellLaunch } from './tell-launch.ts';

export interface WatchOptions {
  idle: string;
  reason?: string;
  tag?: string[];
}

/** Milliseconds between looks. */
const every = 1_000;

/** Records the trainings that leave traces below a directory, until it is interrupted. Prints the id of each run. */
export async function watchDir(context: Context, path: string, options: WatchOptions): Promise<number> {
  const idle = Number(options.idle);
  if (!(idle > 0 && idle <= 1e6)) {
    const hint = 'Give seconds, more than 0 and at most 1000000.';
    throw new SpoorError('usage', 'bad-idle', `--idle ${options.idle} is no number of seconds`, hint);
  }
  const request = {
    directory: await directoryAt(resolve(context.cwd, path)),
    idleMs: idle * 1000,
    reason: options.reason ?? null,
    tags: options.tag ?? [],
    userHome: context.userHome,
  };
  const stopped = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.abort());
  const { home, recording } = await openSettled(context, 'any');
  const where = shortPath(request.directory, context.userHome);
  context.stderr.write(`${context.errorStyle.dim(`spoor: watching ${where}; Ctrl-C ends it`)}\n`);
  const seen = new Set<string>();
  const told = new Set<string>();
  while (!stopped.signal.aborted) {
    const began = performance.now();
    try {
      for (const prepared of await lookForTrainings(request, recording, seen)) {
        void startRecorder(context, prepared.id, 'journal', home.runs.path(prepared.id), prepared.held);
        await tellLaunch(context, prepared, { warnings: [] }, recording, null);
        context.stdout.write(`${prepared.id}\n`);
      }
    } catch (error) {
      // What stands in the way of one look may be gone at the next; it is said once.
      if (!told.has(errorText(error))) warn(context, errorText(error), error instanceof SpoorError ? error.hint : null);
      told.add(errorText(error));
    }
    await delay(Math.max(every, 10 * (performance.now() - began)), null, { signal: stopped.signal }).catch(() => {});
  }
  return 0;
}

/** Event files are known by the names that the kernel has for them. */
async function directoryAt(path: string): Promise<string> {
  const found = await stat(path).catch(() => null);
  if (found?.isDirectory()) return realpath(path);
  const hint = 'Name the directory that the program writes to, for OneTrainer its workspace.';
  throw new SpoorError('not-found', 'no-such-directory', `${path} is no directory`, hint);
}
