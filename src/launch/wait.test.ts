import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findTrainer } from './start.ts';
import { start } from './testing/world.ts';
import { waitForExit } from './wait.ts';

const untilFile = ['sh', '-c', 'while [ ! -e go ]; do sleep 0.01; done; exit 8'];

test('one who is not the parent learns the end at once', async () => {
  const { launched, runDirectory } = await start(untilFile);
  const ended = waitForExit(runDirectory, launched.waiter, { poll: 60_000 });
  writeFileSync(join(runDirectory, 'go'), '');
  expect(await ended).toMatchObject({ status: 8 });
});

test('an end that is there already is told', async () => {
  const { launched, runDirectory } = await start(['true']);
  await launched.ended;
  expect(await waitForExit(runDirectory, launched.waiter)).toMatchObject({ status: 0 });
});

test('with the waiter killed it waits for the trainer, whose status nobody learns', async () => {
  const { launched, runDirectory } = await start(untilFile);
  const trainer = (await findTrainer(launched.waiter))!;
  process.kill(launched.waiter.pid, 'SIGKILL');
  const ended = waitForExit(runDirectory, launched.waiter, { poll: 20 });
  const early = await Promise.race([ended, new Promise((resolve) => setTimeout(resolve, 200, 'waiting'))]);
  expect(early).toBe('waiting');
  process.kill(trainer.pid, 'SIGKILL');
  expect(await ended).toBeNull();
  expect(await launched.ended).toBeNull();
});

test('waiting can be given up', async () => {
  const { launched, runDirectory } = await start(untilFile);
  const giveUp = new AbortController();
  const ended = waitForExit(runDirectory, launched.waiter, { signal: giveUp.signal });
  giveUp.abort(new Error('enough'));
  await expect(ended).rejects.toThrow('enough');
});
