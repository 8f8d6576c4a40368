import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { processIds, processStat } from './processes.ts';
import { count, eventually, play, signalCounter, temporaryDirectory } from './testing/world.ts';

/** A played run in a process group of its own, whose trainer and witness are ready. */
async function playReady(argv = signalCounter, mode = 'attached') {
  const runDirectory = temporaryDirectory();
  const played = play(runDirectory, mode, argv, { detached: true });
  const pid = played.child.pid!;
  await eventually(
    () => played.out().includes('READY'),
    () => played.err(),
  );
  await eventually(() => witnessOf(pid));
  return { ...played, pid, log: join(runDirectory, 'log') };
}

function witnessOf(pid: number): number | undefined {
  return processIds().find((each) => {
    try {
      return (
        processStat(each)?.parent === pid && readFileSync(`/proc/${each}/cmdline`, 'latin1').includes('spoor-witness')
      );
    } catch {
      return false;
    }
  });
}

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1'] as const)(
  '%s sent to Spoor alone reaches the trainer once',
  async (signal) => {
    const { child, exit, out, err } = await playReady();
    child.kill(signal);
    expect(await exit).toBe(7);
    expect(count(out(), `GOT ${signal}`)).toBe(1);
    expect(err()).toContain(`FORWARDED ${signal}`);
  },
);

test.each(['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const)(
  '%s sent to the whole group, as a terminal does, reaches the trainer once',
  async (signal) => {
    const { pid, exit, out, err } = await playReady();
    process.kill(-pid, signal);
    expect(await exit).toBe(7);
    expect(count(out(), `GOT ${signal}`)).toBe(1);
    expect(err()).toContain(`GROUP ${signal}`);
  },
);

test('a signal sent to Spoor and to its group at once, as timeout(1) does, reaches the trainer once', async () => {
  const { pid, exit, out } = await playReady();
  process.kill(pid, 'SIGTERM');
  process.kill(-pid, 'SIGTERM');
  expect(await exit).toBe(7);
  expect(count(out(), 'GOT SIGTERM')).toBe(1);
});

test('after a signal to the group the next one to Spoor alone is still forwarded', async () => {
  const { pid, child, exit, out, err } = await playReady([
    'sh',
    '-c',
    'trap "echo GOT INT" INT; trap "echo GOT TERM; exit 3" TERM; echo READY; while :; do sleep 0.02; done',
  ]);
  process.kill(-pid, 'SIGINT');
  await eventually(() => err().includes('GROUP SIGINT'), err);
  await eventually(() => witnessOf(pid));
  child.kill('SIGTERM');
  expect(await exit).toBe(3);
  expect(count(out(), 'GOT INT')).toBe(1);
  expect(count(out(), 'GOT TERM')).toBe(1);
});

test('the children of a launcher that dies of the signal get it too', async () => {
  const { child, out, exit, log } = await playReady(['sh', '-c', '"$@" & wait', 'launcher', ...signalCounter]);
  child.kill('SIGTERM');
  expect(await exit).toBe(143);
  // The display ends with the launcher, the log does not.
  await eventually(() => readFileSync(log, 'utf8').includes('ENDED'));
  expect(count(readFileSync(log, 'utf8'), 'GOT SIGTERM')).toBe(1);
  expect(out()).toContain('READY');
});

const deaf = ['sh', '-c', 'trap "" TERM; echo READY; while :; do sleep 0.02; done'];

test('a trainer that does not listen is asked again, and not killed, before the patience is over', async () => {
  const { child, exit, err } = await playReady(deaf);
  child.kill('SIGTERM');
  await eventually(() => count(err(), 'FORWARDED SIGTERM') === 1, err);
  child.kill('SIGTERM');
  await eventually(() => count(err(), 'FORWARDED SIGTERM') === 2, err);
  expect(err()).not.toContain('KILLED');
  process.kill(-child.pid!, 'SIGKILL');
  await exit;
});

test('a trainer that does not listen is killed when asked again after the patience, not before', async () => {
  const { child, exit, err } = await playReady(deaf, 'impatient');
  const asked = performance.now();
  child.kill('SIGTERM');
  await eventually(() => count(err(), 'FORWARDED SIGTERM') === 1, err);
  await eventually(() => err().includes('KILLED SIGTERM') || !child.kill('SIGTERM'), err);
  expect(performance.now() - asked).toBeGreaterThan(300);
  expect(await exit).toBe(137);
});

test('the witness ends with Spoor', async () => {
  const { pid, child, exit } = await playReady();
  const witness = witnessOf(pid)!;
  const trainer = processIds().filter((each) => processStat(each)?.group === pid && each !== pid && each !== witness);
  child.kill('SIGKILL');
  await eventually(() => processStat(witness) === null || processStat(witness)?.state === 'Z');
  expect(trainer.length).toBeGreaterThan(1);
  process.kill(-pid, 'SIGKILL');
  await exit;
});
