import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';

/** What of `/proc/PID/stat` is of interest here. */
export interface ProcessStat {
  /** `R`, `S`, `Z`, … */
  state: string;
  parent: number;
  group: number;
  /** Clock ticks since boot. */
  startTicks: number;
}

/** Null for a process that does not exist, and where there is no `/proc`. */
export function processStat(pid: number): ProcessStat | null {
  const text = readText(`/proc/${pid}/stat`);
  // The command's name stands in parentheses and may hold any character, parentheses too.
  const fields = text?.slice(text.lastIndexOf(')') + 2).split(' ');
  if (!fields || fields.length < 20) return null;
  return {
    state: fields[0]!,
    parent: Number(fields[1]),
    group: Number(fields[2]),
    startTicks: Number(fields[19]),
  };
}

/** Every process this one may see; empty where there is no `/proc`. */
export function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map(Number);
  } catch {
    return [];
  }
}

/** `NAME=value` as the process was started with; false also where that may not be read. */
export function startedWith(pid: number, assignment: string): boolean {
  const environment = readText(`/proc/${pid}/environ`);
  return (
    environment !== null && (environment.startsWith(`${assignment}\0`) || environment.includes(`\0${assignment}\0`))
  );
}

/** Processes whose standard output or error is the file at `path`. */
export function writersOf(path: string): number[] {
  const file = statSync(path, { throwIfNoEntry: false, bigint: true });
  if (!file) return [];
  return processIds().filter((pid) =>
    [1, 2].some((descriptor) => {
      const link = `/proc/${pid}/fd/${descriptor}`;
      try {
        // Read first: a stat through the link would wait for a file system that hangs.
        if (!readlinkSync(link).startsWith('/')) return false;
        const target = statSync(link, { bigint: true });
        return target.ino === file.ino && target.dev === file.dev;
      } catch {
        return false;
      }
    }),
  );
}

/**
 * Processes that have one of the files open for writing.
 *
 * @param paths as the kernel names them: absolute, links resolved
 * @param among the processes to look at
 */
export function holdersOf(paths: ReadonlySet<string>, among: readonly number[] = processIds()): number[] {
  return among.filter((pid) => {
    let descriptors: string[];
    try {
      descriptors = readdirSync(`/proc/${pid}/fd`);
    } catch {
      return false;
    }
    return descriptors.some((each) => {
      try {
        if (!paths.has(readlinkSync(`/proc/${pid}/fd/${each}`))) return false;
      } catch {
        return false;
      }
      const flags = /^flags:\s+(\d+)$/m.exec(readText(`/proc/${pid}/fdinfo/${each}`) ?? '')?.[1];
      // O_WRONLY or O_RDWR: who shows the files only reads them.
      return flags !== undefined && (Number.parseInt(flags, 8) & 3) !== 0;
    });
  });
}

/** Whether the process ignores SIGHUP, as one started by `nohup` does; false where that is not told. */
export function ignoresHangup(pid: number): boolean {
  const mask = /^SigIgn:\t[0-9a-f]*([0-9a-f])$/m.exec(readText(`/proc/${pid}/status`) ?? '')?.[1];
  return mask !== undefined && Number.parseInt(mask, 16) % 2 === 1;
}

export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
