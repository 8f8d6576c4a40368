/** The machine, as the kernel's files and the C library tell it. Every path is below `root`: `/`, or a directory laid out like it. */
import { availableParallelism, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import type { EnvironmentState } from '../../model/facts.ts';
import type { Environment } from '../python/program.ts';
import { isDirectory, isFile, readHead } from '../python/read.ts';

export function operatingSystem(root: string): string {
  const text = readHead(join(root, 'etc/os-release'), 16_384) ?? readHead(join(root, 'usr/lib/os-release'), 16_384);
  const pretty = /^PRETTY_NAME=(["']?)(.{1,200})\1$/m.exec(text ?? '')?.[2];
  if (pretty !== undefined) return pretty;
  return { linux: 'Linux', darwin: 'macOS', win32: 'Windows' }[platform() as string] ?? platform();
}

export function kernel(root: string): string {
  return readHead(join(root, 'proc/sys/kernel/osrelease'), 256)?.trim() || release();
}

/** Cores are those this process may use; a control group's quota counts, rounded up. */
export function processor(root: string): EnvironmentState['cpu'] {
  const info = readHead(join(root, 'proc/cpuinfo'), 65_536) ?? '';
  const model =
    /^(?:model name|Hardware|Model)\s*:\s*(\S.*)$/m.exec(info)?.[1]?.trim() ?? cpus()[0]?.model ?? 'unknown';
  const quota = controlGroupFile(root, 'cpu.max')?.match(/^(\d+) (\d+)/);
  const old = quota ? null : Number(controlGroupFile(root, 'cpu.cfs_quota_us', 'cpu'));
  const period = old ? Number(controlGroupFile(root, 'cpu.cfs_period_us', 'cpu')) : 0;
  const limit = quota
    ? Number(quota[1]) / Number(quota[2])
    : old && old > 0 && period > 0
      ? old / period
      : Number.POSITIVE_INFINITY;
  return { model, cores: Math.max(1, Math.min(availableParallelism(), Math.ceil(limit))) };
}

/** Bytes of memory that this process may use: the machine's, or what its control group allows. */
export function memory(root: string): number {
  const limit = Number(
    controlGroupFile(root, 'memory.max') ?? controlGroupFile(root, 'memory.limit_in_bytes', 'memory'),
  );
  const kibibytes = /^MemTotal:\s+(\d{1,15}) kB/m.exec(readHead(join(root, 'proc/meminfo'), 4096) ?? '')?.[1];
  const total = kibibytes === undefined ? totalmem() : Number(kibibytes) * 1024;
  return Number.isSafeInteger(limit) && limit > 0 ? Math.min(limit, total) : total;
}

/** A file of this process's control group, or of the nearest one above that has it. */
function controlGroupFile(root: string, name: string, controller: string | null = null): string | null {
  const lines = (readHead(join(root, 'proc/self/cgroup'), 16_384) ?? '').split('\n').map((line) => line.split(':'));
  const own = lines.find((parts) =>
    controller === null ? parts[0] === '0' : parts[1]?.split(',').includes(controller),
  );
  const base = join(root, 'sys/fs/cgroup', controller ?? '');
  const path = (own?.slice(2).join(':') ?? '/').split('/').filter((part) => part !== '' && part !== '..');
  let tightest: string | null = null;
  for (let depth = path.length; depth >= 0; depth--) {
    const text = readHead(join(base, ...path.slice(0, depth), name), 256)?.trim() ?? null;
    if (text === null || text.startsWith('max') || text === '-1') continue;
    if (tightest === null || Number.parseInt(text, 10) < Number.parseInt(tightest, 10)) tightest = text;
  }
  return tightest;
}

/** What kind of container this runs in; null on a plain machine. */
export function container(root: string, env: Environment): string | null {
  if (env.APPTAINER_CONTAINER || isDirectory(join(root, '.singularity.d'))) return 'apptainer';
  if (env.SINGULARITY_CONTAINER) return 'singularity';
  const groups = readHead(join(root, 'proc/1/cgroup'), 16_384) ?? '';
  if (env.KUBERNETES_SERVICE_HOST || groups.includes('kubepods')) return 'kubernetes';
  if (isFile(join(root, 'run/.containerenv')) || groups.includes('/libpod')) return 'podman';
  if (isFile(join(root, '.dockerenv')) || /\/docker[-/]/.test(groups)) return 'docker';
  if (groups.includes('/lxc') || env.container === 'lxc') return 'lxc';
  if (env.container) return env.container.slice(0, 64);
  if (/microsoft/i.test(kernel(root))) return 'wsl';
  return null;
}
