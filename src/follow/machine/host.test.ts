import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, onTestFinished, test, vi } from 'vitest';
import { amdCards, readAmd } from './amd.ts';
import { cpuPercent, cpuTicks, memoryNow, residentMemory } from './host.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'spoor-host-'));
});
afterEach(() => rmSync(root, { recursive: true }));

function file(path: string, content: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
}

describe('the processors', () => {
  test('are as busy as the kernel says between two looks, waiting for a disk not counted', () => {
    file('proc/stat', 'cpu  100 0 50 800 50 0 0 0 0 0\ncpu0 1 1 1 1\n');
    const before = cpuTicks(root)!;
    file('proc/stat', 'cpu  160 0 70 810 60 0 0 0 0 0\ncpu0 1 1 1 1\n');
    expect(cpuPercent(before, cpuTicks(root)!)).toBe(80);
    expect(cpuPercent(before, before)).toBeNull();
  });

  test('of this machine tell something', () => {
    expect(cpuTicks()!.all).toBeGreaterThan(cpuTicks()!.busy);
  });
});

describe('memory', () => {
  const meminfo = 'MemTotal:       16000000 kB\nMemFree:          500000 kB\nMemAvailable:    4000000 kB\n';

  test('is what cannot be had for something else', () => {
    file('proc/meminfo', meminfo);
    expect(memoryNow(root)).toEqual({ used: 12_000_000 * 1024, total: 16_000_000 * 1024 });
  });

  test('is that of the control group where it allows less, without files that can be dropped', () => {
    file('proc/meminfo', meminfo);
    file('proc/self/cgroup', '0::/user.slice/training\n');
    file('sys/fs/cgroup/user.slice/training/memory.max', 'max\n');
    file('sys/fs/cgroup/user.slice/memory.max', '8000000000\n');
    file('sys/fs/cgroup/user.slice/memory.current', '7000000000\n');
    file('sys/fs/cgroup/user.slice/memory.stat', 'anon 1\ninactive_file 3000000000\n');
    expect(memoryNow(root)).toEqual({ used: 4_000_000_000, total: 8_000_000_000 });
  });

  test('is that of a container, whose path names the host, of the first version too', () => {
    file('proc/meminfo', meminfo);
    file('proc/self/cgroup', '4:memory:/docker/0123\n0::/\n');
    file('sys/fs/cgroup/memory/memory.limit_in_bytes', '2000000000\n');
    file('sys/fs/cgroup/memory/memory.usage_in_bytes', '1500000000\n');
    file('sys/fs/cgroup/memory/memory.stat', 'cache 5\ntotal_inactive_file 500000000\n');
    expect(memoryNow(root)).toEqual({ used: 1_000_000_000, total: 2_000_000_000 });
  });

  test('without a limit is that of the machine', () => {
    file('proc/meminfo', meminfo);
    file('proc/self/cgroup', '4:memory:/\n');
    file('sys/fs/cgroup/memory/memory.limit_in_bytes', '9223372036854771712\n');
    file('sys/fs/cgroup/memory/memory.usage_in_bytes', '1\n');
    expect(memoryNow(root)!.total).toBe(16_000_000 * 1024);
  });

  test('of processes is what they hold, and nothing for those that are gone', async () => {
    const gone = Number(execFileSync('/bin/sh', ['-c', 'echo $$'], { encoding: 'utf8' }));
    const child = spawn('python3', ['-c', 'x = bytearray(b"x" * 50_000_000); print(1, flush=True); input()']);
    onTestFinished(() => void child.kill('SIGKILL'));
    await new Promise((resolve) => child.stdout.once('data', resolve));
    const alone = residentMemory([child.pid!])!;
    expect(alone).toBeGreaterThan(50_000_000);
    expect(residentMemory([child.pid!, gone])).toBeLessThan(alone + 5_000_000);
    expect(residentMemory([gone])).toBeNull();
    child.kill('SIGKILL');
    await vi.waitUntil(() => residentMemory([child.pid!]) === null);
  });
});

test("AMD's cards tell their load by files of the kernel", () => {
  const card = 'sys/class/drm/card1/device';
  file('sys/class/drm/card0/device/vendor', '0x8086\n');
  file('sys/class/drm/card1-DP-1/status', 'connected\n');
  file(`${card}/vendor`, '0x1002\n');
  file(`${card}/gpu_busy_percent`, '88\n');
  file(`${card}/mem_info_vram_used`, '12000000000\n');
  file(`${card}/mem_info_vram_total`, '25753026560\n');
  file(`${card}/hwmon/hwmon3/temp1_input`, '64000\n');
  file(`${card}/hwmon/hwmon3/power1_average`, '250000000\n');
  const cards = amdCards(root);
  expect(cards).toEqual([join(root, card)]);
  expect(readAmd(cards[0]!, 0)).toEqual({
    index: 0,
    utilisation: 88,
    memory: 12_000_000_000,
    memoryTotal: 25_753_026_560,
    temperature: 64,
    power: 250,
  });
  rmSync(join(root, card, 'hwmon'), { recursive: true });
  expect(readAmd(cards[0]!, 0)).toMatchObject({ temperature: null, power: null });
});
