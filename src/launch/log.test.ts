import { execFileSync, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import type { Warning } from '../model/facts.ts';
import { readExit } from './exit.ts';
import { keepLogSpace, openLog, reservedBytes, trimLog } from './log.ts';
import { eventually, play, start, temporaryDirectory } from './testing/world.ts';

const small = `/tmp/spoor-small-disk-${process.pid}`;
mkdirSync(small, { recursive: true });
const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=100m', 'tmpfs', small]).status === 0;
afterAll(() => {
  if (mounted) spawnSync('umount', ['-l', small]);
  rmSync(small, { recursive: true, force: true });
});

const blocks = (path: string) => statSync(path).blocks * 512;

test('space is reserved beyond the end of the log, which stays empty, and given back', async () => {
  const path = join(temporaryDirectory(), 'log');
  const log = await openLog(path);
  expect(log).toMatchObject({ warnings: [], descriptor: expect.any(Number) });
  expect(statSync(path).size).toBe(0);
  expect(blocks(path)).toBeGreaterThanOrEqual(reservedBytes);
  expect(trimLog(path)).toBe(true);
  expect(blocks(path)).toBe(0);
});

test('nothing is given back while someone may write', async () => {
  const { launched, log } = await start(['sh', '-c', 'sleep 30 & echo x']);
  await launched.ended;
  expect(trimLog(log)).toBe(false);
});

test('the space is topped up while the log grows', async () => {
  const path = join(temporaryDirectory(), 'log');
  await openLog(path);
  const warnings: Warning[] = [];
  const keeper = keepLogSpace(path, (warning) => warnings.push(warning), 10);
  // As long as if so much had been written, without writing it.
  truncateSync(path, reservedBytes);
  await eventually(() => blocks(path) >= 2 * reservedBytes);
  await keeper.stop();
  expect(warnings).toEqual([]);
});

test('where the log cannot be made, the output goes to the terminal and it is said', async () => {
  const log = await openLog(join(temporaryDirectory(), 'missing', 'log'));
  expect(log).toMatchObject({ descriptor: null, warnings: [{ code: 'log-not-kept' }] });
});

test('with the run directory gone the trainer is shown and its status passed on', async () => {
  const { out, err, exit } = play(join(temporaryDirectory(), 'missing'), 'attached', [
    'sh',
    '-c',
    'echo trained; exit 6',
  ]);
  expect(await exit).toBe(6);
  expect(out()).toBe('trained\n');
  expect(err()).toContain('WARNING log-not-kept');
});

test('a file system that cannot reserve is said to be so, and the log is kept', async () => {
  // The kernel refuses fallocate on a device, as NFS and macOS do on a file.
  const log = await openLog('/dev/null');
  expect(log).toMatchObject({ descriptor: expect.any(Number), warnings: [{ code: 'log-space-not-reserved' }] });
});

describe.skipIf(!mounted)('on a small disk (skipped where tmpfs cannot be mounted)', () => {
  let run: string;
  beforeEach(() => {
    rmSync(join(small, 'fill'), { force: true });
    rmSync(join(small, 'run'), { recursive: true, force: true });
    run = join(small, 'run');
    mkdirSync(run);
  });
  /** A reserved log that nobody holds open. */
  const reserved = async () => {
    const log = await openLog(join(run, 'log'));
    closeSync(log.descriptor!);
    return log.path;
  };
  const fill = () => spawnSync('dd', ['if=/dev/zero', `of=${join(small, 'fill')}`, 'bs=64k']);

  test('one that is full before shows the output on the terminal, and the trainer ends naturally', async () => {
    fill();
    const { out, err, exit } = play(run, 'attached', ['sh', '-c', 'seq 1 100000; exit 5']);
    expect(await exit).toBe(5);
    expect(err()).toContain('WARNING log-not-kept');
    expect(out().endsWith('\n100000\n')).toBe(true);
  });

  test('one that fills up during the run neither stops the trainer nor costs a line or the status', async () => {
    const go = join(temporaryDirectory(), 'go');
    const { out, exit } = play(run, 'attached', [
      'sh',
      '-c',
      'echo READY; while [ ! -e "$0" ]; do sleep 0.01; done; seq 1 1000000 && exit 4',
      go,
    ]);
    await eventually(() => out().includes('READY'));
    fill();
    expect(() => writeFileSync(join(small, 'more'), 'x'.repeat(10_000))).toThrow('ENOSPC');
    writeFileSync(go, '');
    expect(await exit).toBe(4);
    const expected = execFileSync('seq', ['1', '1000000'], { maxBuffer: 2 ** 24, encoding: 'utf8' });
    expect(readFileSync(join(run, 'log'), 'utf8') === `READY\n${expected}`).toBe(true);
    expect(readExit(run)).toMatchObject({ status: 4 });
    rmSync(join(small, 'more'), { force: true });
  });

  test('it is said when the space cannot be topped up', async () => {
    const path = await reserved();
    truncateSync(path, reservedBytes - 4096);
    fill();
    const warnings: Warning[] = [];
    const keeper = keepLogSpace(path, (warning) => warnings.push(warning), 10);
    await eventually(() => warnings.length > 0);
    await keeper.stop();
    expect(warnings).toMatchObject([{ code: 'log-space-low' }]);
  });

  test('what was reserved is given back', async () => {
    const path = await reserved();
    writeFileSync(path, 'log\n', { flag: 'a' });
    expect(blocks(path)).toBeGreaterThanOrEqual(reservedBytes);
    expect(trimLog(path)).toBe(true);
    expect(blocks(path)).toBeLessThan(10_000);
    expect(readFileSync(path, 'utf8')).toBe('log\n');
  });
});
