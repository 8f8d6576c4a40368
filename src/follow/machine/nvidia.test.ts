import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { standInGpu, standInNvidiaSmi } from '../testing/nvidia-smi.ts';
import { type GpuSample, type NvidiaOptions, parseGpuLine, watchNvidia } from './nvidia.ts';

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-nvidia-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function watched(program: string, more: Partial<NvidiaOptions> = {}) {
  const samples: GpuSample[] = [];
  const watch = watchNvidia({
    program,
    env: { PATH: process.env.PATH },
    everyMs: 20,
    onSample: (sample) => samples.push(sample),
    ...more,
  });
  onTestFinished(() => watch.stop());
  return { samples, watch };
}

const until = (done: () => boolean) => vi.waitUntil(done, { timeout: 20_000, interval: 10 });

/** Living processes that were started as the program. */
function living(program: string): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return /^\d+$/.test(pid) && readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(program);
    } catch {
      return false;
    }
  });
}

test('a GPU is told in bytes, percent, degrees and watts', () => {
  expect(parseGpuLine('1, 97, 20480, 24564, 71, 312.45')).toEqual({
    index: 1,
    utilisation: 97,
    memory: 20_480 * 2 ** 20,
    memoryTotal: 24_564 * 2 ** 20,
    temperature: 71,
    power: 312.45,
  });
});

test('what a driver does not tell is null, and what is no answer is nothing', () => {
  expect(parseGpuLine('0, [N/A], [Not Supported], 24564, [Unknown Error], [GPU is lost]')).toEqual({
    index: 0,
    utilisation: null,
    memory: null,
    memoryTotal: 24_564 * 2 ** 20,
    temperature: null,
    power: null,
  });
  expect(parseGpuLine('Unable to determine the device handle for GPU 0000:01:00.0: Unknown Error')).toBeNull();
  expect(parseGpuLine('Failed to initialize NVML: Driver/library version mismatch, a, b, c, d, e')).toBeNull();
});

test('no line makes a sample that is not a number', () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(fc.string(), fc.constantFrom('1', '-3', '1e9', '', 'NaN', '[N/A]')), { maxLength: 8 }),
      (parts) => {
        const sample = parseGpuLine(parts.join(','));
        for (const value of Object.values(sample ?? {})) expect(value === null || Number.isFinite(value)).toBe(true);
      },
    ),
  );
});

test('several GPUs are told again and again by one process', async () => {
  const { program, answer } = standInNvidiaSmi(directory, [
    standInGpu(0),
    standInGpu(1, { 'utilization.gpu': '[N/A]' }),
  ]);
  const { samples, watch } = watched(program);
  await until(() => samples.length >= 4);
  expect(samples.slice(0, 2)).toMatchObject([
    { index: 0, utilisation: 97 },
    { index: 1, utilisation: null },
  ]);
  expect(living(program)).toHaveLength(1);
  answer([standInGpu(0, { 'memory.used': 1 })]);
  await until(() => samples.at(-1)?.memory === 2 ** 20);
  watch.stop();
  await until(() => living(program).length === 0);
  expect(watch.trouble).toBeNull();
});

test('one that hangs is killed, tried again, and then left alone', async () => {
  const { program } = standInNvidiaSmi(directory, [], 'hangs');
  const { samples, watch } = watched(program, { hungMs: 200, retryMs: [10] });
  await until(() => living(program).length === 1);
  const [first] = living(program);
  await until(() => living(program).some((pid) => pid !== first));
  await until(() => living(program).length === 0);
  expect(watch.trouble).toMatch(/nvidia-smi told nothing for 0 s$/);
  expect(samples).toEqual([]);
});

test('one that fails tells why', async () => {
  const { program } = standInNvidiaSmi(directory, [], 'fails');
  const { watch } = watched(program, { retryMs: [] });
  await until(() => watch.trouble !== null);
  expect(watch.trouble).toMatch(/ended with status 9: NVIDIA-SMI has failed because it couldn't communicate with the/);
});

test('what was told before it died counts, and it is started again', async () => {
  const { program } = standInNvidiaSmi(directory, [standInGpu(0)], 'dies');
  const { samples, watch } = watched(program, { retryMs: [10, 10] });
  await until(() => samples.length === 3);
  await until(() => watch.trouble?.includes('status 15') === true);
  expect(watch.trouble).toContain('Unable to determine the device handle');
});

test('one that is not there is no trouble to anyone', async () => {
  expect(existsSync(join(directory, 'nvidia-smi'))).toBe(false);
  const { watch } = watched(join(directory, 'nvidia-smi'), { retryMs: [] });
  await until(() => watch.trouble !== null);
  expect(watch.trouble).toContain('cannot be started');
});
