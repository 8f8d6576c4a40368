import { execFileSync } from 'node:child_process';
import { readlinkSync, statSync } from 'node:fs';
import { hostname } from 'node:os';
import type { ProcessIdentity } from '../model/facts.ts';
import { processStat, readText, writersOf } from './processes.ts';

/** Of this very host, or in `unknown-host` of a place whose processes cannot be seen from here. */
export type Liveness = 'alive' | 'dead' | 'unknown-host';

/** Null if there is no such process. */
export function processIdentity(pid: number): ProcessIdentity | null {
  const startTicks = startOf(pid);
  if (startTicks === null) return null;
  return { pid, startTicks, ...here() };
}

/** Of a child that was not waited for yet: its number is its own, also where it has ended. */
export function childIdentity(pid: number): ProcessIdentity {
  return { pid, startTicks: processStat(pid)?.startTicks ?? startOf(pid), ...here() };
}

/**
 * Whether the process, or anyone who still writes the run's log, lives. A number that belongs to
 * another process by now, or to another boot, is dead. What another host or container runs is never
 * judged, save that a writer of the log that is seen from here proves it alive.
 */
export function isAlive(identity: ProcessIdentity, options: { logPath?: string } = {}): Liveness {
  const { host, bootId, pidNamespace } = here();
  if (identity.host !== host) return 'unknown-host';
  const isHere = identity.bootId === bootId && identity.pidNamespace === pidNamespace;
  // Asked every second while it trains: who writes a log is told only by a look at every process.
  if (isHere && isRunning(identity)) return 'alive';
  if (options.logPath !== undefined && writersOf(options.logPath).length > 0) return 'alive';
  if (identity.bootId !== bootId) return writtenSinceBoot(options.logPath) ? 'unknown-host' : 'dead';
  return isHere ? 'dead' : 'unknown-host';
}

function isRunning({ pid, startTicks }: ProcessIdentity): boolean {
  return startTicks !== null && startOf(pid) === startTicks;
}

/** Another machine of the same name writes a log that is newer than this one's boot. */
function writtenSinceBoot(logPath: string | undefined): boolean {
  const boot = /^btime (\d+)$/m.exec(readText('/proc/stat') ?? '')?.[1];
  const log = logPath === undefined ? undefined : statSync(logPath, { throwIfNoEntry: false });
  return boot !== undefined && log !== undefined && log.mtimeMs > Number(boot) * 1000;
}

/** Clock ticks since boot; null for what does not exist or has ended. */
function startOf(pid: number): number | null {
  const stat = processStat(pid);
  if (stat) return stat.state === 'Z' || stat.state === 'X' ? null : stat.startTicks;
  return readText('/proc/self/stat') === null ? startWithoutProc(pid) : null;
}

/** macOS: seconds since 1970 as `ps` tells them. Untested, there is no such machine to test on. */
function startWithoutProc(pid: number): number | null {
  try {
    const told = execFileSync('ps', ['-o', 'lstart=', '-p', String(pid)], {
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    });
    const seconds = Math.floor(Date.parse(told.trim()) / 1000);
    return Number.isNaN(seconds) ? null : seconds;
  } catch {
    return null;
  }
}

/** No process outlives its boot or leaves its namespace of process numbers: asked for once, as it is wanted every second. */
let place: Pick<ProcessIdentity, 'bootId' | 'pidNamespace'> | null = null;

function here(): Pick<ProcessIdentity, 'bootId' | 'pidNamespace' | 'host'> {
  place ??= {
    bootId: readText('/proc/sys/kernel/random/boot_id')?.trim() ?? null,
    pidNamespace: namespaceInode(),
  };
  return { ...place, host: hostname() };
}

function namespaceInode(): string | null {
  try {
    return /\[(\d+)\]/.exec(readlinkSync('/proc/self/ns/pid'))?.[1] ?? null;
  } catch {
    return null;
  }
}
