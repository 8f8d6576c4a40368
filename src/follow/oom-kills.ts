import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * How often the kernel's OOM killer has struck in a process's control group (version 2's
 * `memory.events`, else version 1's `memory.oom_control`); null where nobody counts. Of the group, not
 * the process: compare the counts before and after a run.
 */
export async function readOomKills(
  pid: number | 'self',
  proc = '/proc',
  cgroups = '/sys/fs/cgroup',
): Promise<number | null> {
  const groups = await readSmall(join(proc, String(pid), 'cgroup'));
  if (groups === null) return null;
  for (const file of counterFiles(groups, cgroups)) {
    const count = /^oom_kill (\d+)$/m.exec((await readSmall(file)) ?? '')?.[1];
    if (count !== undefined) return Number(count);
  }
  return null;
}

/** Lines of `/proc/PID/cgroup` are `hierarchy:controllers:path`; within a container the path may name the host's. */
function counterFiles(groups: string, cgroups: string): string[] {
  const files: string[] = [];
  for (const line of groups.split('\n')) {
    const [, hierarchy, controllers, path] = /^(\d+):([^:]*):(\/.*)$/.exec(line) ?? [];
    if (path === undefined || path.split('/').includes('..')) continue;
    if (hierarchy === '0') {
      files.unshift(join(cgroups, path, 'memory.events'), join(cgroups, 'memory.events'));
    } else if (controllers?.split(',').includes('memory')) {
      files.push(join(cgroups, 'memory', path, 'memory.oom_control'), join(cgroups, 'memory', 'memory.oom_control'));
    }
  }
  return files;
}

async function readSmall(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch {
    return null;
  }
}
