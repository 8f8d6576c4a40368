import { expect, test } from 'vitest';
import { outOfPatience } from './tell-launch.ts';

test('a comparison is waited for as long as the trainer is silent, and briefly once it has written or ended', async () => {
  const never = new AbortController();
  const settled: string[] = [];
  let isLoaded = false;
  const waits = {
    written: outOfPatience({ hasWritten: () => true, ended: new Promise(() => {}) }, never.signal),
    ended: outOfPatience({ hasWritten: () => false, ended: Promise.resolve() }, never.signal),
    silent: outOfPatience({ hasWritten: () => isLoaded, ended: new Promise(() => {}) }, never.signal),
  };
  for (const [name, wait] of Object.entries(waits)) void wait.then(() => settled.push(name));
  await Promise.all([waits.written, waits.ended]);
  expect(settled.sort()).toEqual(['ended', 'written']);
  isLoaded = true;
  await waits.silent;
  expect(settled).toHaveLength(3);
});
