/** What `/proc` tells of a process that someone else started. */
import { execFileSync } from 'node:child_process';
import { readFileSync, readlinkSync, statSync } from 'node:fs';
import { errorCode, SpoorError } from '../model/errors.ts';
import type { ProcessIdentity } from '../model/facts.ts';
import { processIdentity } from './identity.ts';
import { processStat } from './processes.ts';

/** A regular file that a process writes its output to. */
export interface OutputFile {
  /** 1 or 2. */
  descriptor: number;
  path: string;
  /** Decimal. */
  dev: string;
  ino: string;
}

export interface OtherProcess {
  identity: ProcessIdentity;
  parent: number;
  argv: string[];
  /** False where an argument is no UTF-8: `argv` then only resembles it. */
  exact: boolean;
  cwd: string;
  /** As it was started with. */
  env: Record<string, string>;
  /** Path of the program; null where that is not told. */
  executable: string | null;
  launchedAt: Date;
  /** Where standard output and standard error go: each regular file once, anything else by its name. */
  output: { files: OutputFile[]; elsewhere: string[] };
}

/** Clock ticks of `/proc/PID/stat` in a second: USER_HZ, 100 wherever Linux runs today. */
const ticksASecond = 100;

/**
 * Errors: `no-such-process`, `process-not-readable` (another user's), `no-command` (it has ended, or is the kernel's),
 * `no-proc`.
 */
export function readProcess(pid: number): OtherProcess {
  if (processStat(process.pid) === null) {
    const hint = 'Start the training with spoor run.';
    throw new SpoorError('unavailable', 'no-proc', 'this system does not tell of other processes (no /proc)', hint);
  }
  const identity = processIdentity(pid);
  if (identity === null) throw missing(pid);
  try {
    const argv = readFileSync(`/proc/${pid}/cmdline`);
    const environment = readFileSync(`/proc/${pid}/environ`).toString();
    const words = argv.toString().split('\0').slice(0, -1);
    if (words.length === 0) {
      const hint = 'Name the process of the trainer; pgrep -af python lists candidates.';
      throw new SpoorError('data', 'no-command', `process ${pid} has no command line`, hint);
    }
    const view: OtherProcess = {
      identity,
      parent: processStat(pid)?.parent ?? 0,
      argv: words,
      exact: Buffer.from(argv.toString()).equals(argv),
      cwd: readlinkSync(`/proc/${pid}/cwd`),
      env: Object.fromEntries(environment.split('\0').flatMap(assignment)),
      executable: linkOf(`/proc/${pid}/exe`),
      launchedAt: launchOf(identity),
      output: outputOf(pid),
    };
    // The number may have passed to another process meanwhile.
    if (processIdentity(pid)?.startTicks !== identity.startTicks) throw missing(pid);
    return view;
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ESRCH') throw missing(pid);
    if (errorCode(error) !== 'EACCES' && errorCode(error) !== 'EPERM') throw error;
    const hint = 'Attach as the user who started it.';
    throw new SpoorError('unavailable', 'process-not-readable', `process ${pid} is another user's`, hint, error);
  }
}

function missing(pid: number): SpoorError {
  const hint = 'pgrep -af train lists processes by their command.';
  return new SpoorError('not-found', 'no-such-process', `there is no process ${pid}`, hint);
}

function assignment(text: string): [string, string][] {
  const equals = text.indexOf('=');
  return equals > 0 ? [[text.slice(0, equals), text.slice(equals + 1)]] : [];
}

/**
 * By the clock of a process that starts now: what containers are told of the machine's start may be made up. On a busy
 * machine that process starts late, so that the start which took least counts.
 */
function launchOf({ startTicks }: ProcessIdentity): Date {
  let best = { took: Number.POSITIVE_INFINITY, launched: 0 };
  for (let attempt = 0; attempt < 5 && best.took > 10; attempt++) {
    const before = Date.now();
    const stat = execFileSync('/bin/cat', ['/proc/self/stat'], { encoding: 'latin1', env: {} });
    const took = Date.now() - before;
    const now = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
    const age = Math.max(0, ((now - (startTicks ?? now)) * 1000) / ticksASecond);
    if (took < best.took) best = { took, launched: before + took / 2 - age };
  }
  return new Date(best.launched);
}

function outputOf(pid: number): OtherProcess['output'] {
  const files: OutputFile[] = [];
  const elsewhere: string[] = [];
  for (const descriptor of [1, 2]) {
    const link = `/proc/${pid}/fd/${descriptor}`;
    const path = linkOf(link);
    const stat = path?.startsWith('/') ? statSync(link, { bigint: true, throwIfNoEntry: false }) : undefined;
    if (path === null) elsewhere.push('nowhere');
    else if (!stat?.isFile()) elsewhere.push(path);
    else if (!files.some(({ dev, ino }) => dev === `${stat.dev}` && ino === `${stat.ino}`))
      files.push({ descriptor, path, dev: `${stat.dev}`, ino: `${stat.ino}` });
  }
  return { files, elsewhere: [...new Set(elsewhere)] };
}

function linkOf(path: string): string | null {
  try {
    return readlinkSync(path);
  } catch {
    return null;
  }
}
