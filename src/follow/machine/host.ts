/** Processor and memory, as the kernel's files tell them; elsewhere as far as Node does. Every path is below `root`. */
import { readFileSync } from 'node:fs';
import { cpus, freemem, totalmem } from 'node:os';
import { join } from 'node:path';

/** Ticks that the processors have worked, and all ticks, since boot. */
export interface CpuTicks {
  busy: number;
  all: number;
}

/** Null where nothing tells. */
export function cpuTicks(root = '/'): CpuTicks | null {
  const line = /^cpu +([\d ]+)$/m.exec(readText(join(root, 'proc/stat')) ?? '')?.[1];
  if (line === undefined) return root === '/' ? ticksOfNode() : null;
  // user nice system idle iowait irq softirq steal; guests are in user already.
  const ticks = line.split(' ').map(Number).slice(0, 8);
  const all = ticks.reduce((sum, each) => sum + each, 0);
  return { all, busy: all - ticks[3]! - (ticks[4] ?? 0) };
}

function ticksOfNode(): CpuTicks | null {
  const times = cpus().map((cpu) => cpu.times);
  const all = times.reduce((sum, { user, nice, sys, idle, irq }) => sum + user + nice + sys + idle + irq, 0);
  return all === 0 ? null : { all, busy: all - times.reduce((sum, { idle }) => sum + idle, 0) };
}

/** Percent of all processors between two looks. */
export function cpuPercent(before: CpuTicks, now: CpuTicks): number | null {
  const all = now.all - before.all;
  return all > 0 ? Math.min(100, Math.max(0, ((now.busy - before.busy) / all) * 100)) : null;
}

export interface Memory {
  /** Bytes that cannot be had for something else. */
  used: number;
  /** Bytes there are: of the machine, or of the control group where that allows less. */
  total: number;
}

export function memoryNow(root = '/'): Memory | null {
  const text = readText(join(root, 'proc/meminfo')) ?? '';
  const kibibytes = (key: string) => Number(new RegExp(`^${key}: +(\\d+) kB`, 'm').exec(text)?.[1] ?? Number.NaN);
  const total = kibibytes('MemTotal') * 1024;
  const available = kibibytes('MemAvailable') * 1024;
  if (!Number.isFinite(total - available))
    return root === '/' ? { used: totalmem() - freemem(), total: totalmem() } : null;
  const group = groupMemory(root);
  return group !== null && group.total < total ? group : { used: total - available, total };
}

/** What the tightest control group of this process uses, without the files that it could drop. */
function groupMemory(root: string): Memory | null {
  const lines = (readText(join(root, 'proc/self/cgroup')) ?? '').split('\n').map((line) => line.split(':'));
  const v2 = lines
    .find(([hierarchy]) => hierarchy === '0')
    ?.slice(2)
    .join(':');
  const v1 = lines
    .find(([, controllers]) => controllers?.split(',').includes('memory'))
    ?.slice(2)
    .join(':');
  const candidates = [
    ...above(v2).map((path) =>
      group(join(root, 'sys/fs/cgroup', path), 'memory.max', 'memory.current', 'inactive_file'),
    ),
    ...above(v1).map((path) =>
      group(
        join(root, 'sys/fs/cgroup/memory', path),
        'memory.limit_in_bytes',
        'memory.usage_in_bytes',
        'total_inactive_file',
      ),
    ),
  ];
  return candidates.reduce(
    (tightest, each) => (each && (!tightest || each.total < tightest.total) ? each : tightest),
    null,
  );
}

/** A path and all above it; within a container the path may name the host's, so that only the last is there. */
function above(path: string | undefined): string[] {
  if (path === undefined) return [];
  const parts = path.split('/').filter((part) => part !== '' && part !== '..');
  return parts.map((_, i) => parts.slice(0, parts.length - i).join('/')).concat('');
}

function group(directory: string, limit: string, usage: string, droppable: string): Memory | null {
  const total = numberIn(join(directory, limit));
  const used = numberIn(join(directory, usage));
  if (total === null || used === null) return null;
  const cache = new RegExp(`^${droppable} (\\d+)$`, 'm').exec(readText(join(directory, 'memory.stat')) ?? '')?.[1];
  return { total, used: Math.max(0, used - Number(cache ?? 0)) };
}

/** Bytes that processes have in memory; pages they share are counted for each. */
export function residentMemory(pids: readonly number[], root = '/'): number | null {
  let sum: number | null = null;
  for (const pid of pids) {
    const kibibytes = /^VmRSS:\s+(\d+) kB/m.exec(readText(join(root, 'proc', String(pid), 'status')) ?? '')?.[1];
    if (kibibytes !== undefined) sum = (sum ?? 0) + Number(kibibytes) * 1024;
  }
  return sum;
}

function numberIn(path: string): number | null {
  const text = readText(path)?.trim() ?? '';
  return /^\d{1,19}$/.test(text) ? Number(text) : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
