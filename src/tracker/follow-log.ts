import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isCopying } from '../launch/copied-log.ts';
import { tailLog } from '../launch/tail.ts';
import { waitForExit } from '../launch/wait.ts';
import type { RunId } from '../model/run-id.ts';
import type { Home } from '../store/home.ts';
import { readActive } from './active.ts';

/** Hands over a run's log from its first byte and goes on while the run lives. */
export async function followRunLog(home: Home, id: RunId, write: (bytes: Uint8Array) => Promise<void>): Promise<void> {
  const folder = home.runs.path(id);
  const tail = tailLog({ path: join(folder, 'log'), write });
  const active = await readActive(home, id);
  // A reader that is gone (`spoor log -f | head`) ends the following.
  if (active?.waiter) await Promise.race([waitForExit(folder, active.waiter), tail.broken]);
  // What a recorder copies from elsewhere may come after the trainer's end.
  for (const patience = performance.now() + 5_000; isCopying(folder) && performance.now() < patience; ) await delay(50);
  await tail.finish();
}
