/**
 * The recorder's process: `recorder-main HOME RUN KIND HELD`, with HELD open files from descriptor 3 on. Started by `spoor run` in a session of its
 * own at the lowest priority; it has no terminal and says nothing.
 */
import { statSync, unlinkSync } from 'node:fs';
import { homedir, hostname, constants as os, setPriority } from 'node:os';
import { join } from 'node:path';
import { HeldFiles } from '../capture/files/held-files.ts';
import type { RunId } from '../model/run-id.ts';
import { openHome } from '../store/home.ts';
import { holding } from '../tracker/reconcile.ts';
import { recordToEnd } from '../tracker/recorder.ts';
import type { Recording } from '../tracker/request.ts';
import { localCache } from './choose-home.ts';
import { imageWorker } from './images.ts';
import { version } from './package.ts';
import { readSettings } from './settings.ts';
import { startNotifier } from './start-notifier.ts';

async function main(): Promise<void> {
  const [directory = '', id = '', kind = 'journal', count = '0'] = process.argv.slice(2);
  // Its end is the run's end; whoever stops the training stops the trainer. A machine that goes down
  // sends SIGTERM to all: the end is still recorded, what can wait is left to the next command.
  const hurry = new AbortController();
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => {});
  process.on('SIGTERM', () => hurry.abort());
  const held = new HeldFiles(Array.from({ length: Number(count) }, (_, index) => 3 + index));
  setPriority(os.priority.PRIORITY_LOW);
  const { env } = process;
  const userHome = env.HOME || homedir();
  const home = await openHome(directory, hostname(), localCache(env, userHome));
  // As they are now: what of them cannot be understood was told when the training was started.
  const { settings } = await readSettings(env, userHome);
  const wanted = settings.notify.receivers.length > 0;
  const deliver = (run: RunId) => startNotifier(directory, run, env);
  const recording: Recording = {
    home,
    host: hostname(),
    env,
    now: () => new Date(),
    version,
    settings,
    held,
    images: imageWorker(env),
    ...(wanted && { deliver }),
  };
  await holding(recording, id, () =>
    recordToEnd(recording, id, kind === 'journal' ? 'journal' : 'reconciliation', hurry.signal),
  );
  removeEmpty(join(home.runs.path(id), 'recorder.err'));
}

/** Nothing was said, as it should be. */
function removeEmpty(path: string): void {
  try {
    if (statSync(path).size === 0) unlinkSync(path);
  } catch {
    // Removed with its run.
  }
}

await main();
// What is left to later may be busy still.
process.exit();
