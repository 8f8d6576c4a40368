/**
 * The recorder's process: `recorder-main HOME RUN KIND`. Started by `spoor run` in a session of its
 * own at the lowest priority; it has no terminal and says nothing.
 */
import { hostname, constants as os, setPriority } from 'node:os';
import { join } from 'node:path';
import { keepLogSpace } from '../launch/log.ts';
import { openHome } from '../store/home.ts';
import { holding } from '../tracker/reconcile.ts';
import { recordToEnd } from '../tracker/recorder.ts';
import type { Recording } from '../tracker/request.ts';
import { version } from './package.ts';

async function main(): Promise<void> {
  const [directory = '', id = '', kind = 'journal'] = process.argv.slice(2);
  // Its end is the run's end; whoever stops the training stops the trainer.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
  setPriority(os.priority.PRIORITY_LOW);
  const home = await openHome(directory);
  const recording: Recording = { home, host: hostname(), env: process.env, now: () => new Date(), version };
  const space = keepLogSpace(join(home.runs.path(id), 'log'), () => {});
  try {
    await holding(recording, id, () =>
      recordToEnd(recording, id, kind === 'journal' ? 'journal' : 'reconciliation', () => space.stop()),
    );
  } finally {
    await space.stop();
  }
}

await main();
