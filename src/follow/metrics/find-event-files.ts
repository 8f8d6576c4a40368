/**
 * The event files of a run, among those of all runs that share its logging directory. The writer's pid in a file's name
 * proves whose it is while that process lives; when nothing proves it any more, time and place must do.
 */
import { basename, dirname, join, relative, sep } from 'node:path';
import type { OutputPlan } from '../../model/facts.ts';
import { type EventFileName, readEventFileName } from '../../trainers/log/event-file.ts';
import { eventFilesBelow } from '../event-directories.ts';
import { type BarEnd, differenceFrom } from './match-bar.ts';

export interface EventFile extends EventFileName {
  /** Absolute. */
  path: string;
}

/** What is known of a run's writer. */
export interface Writer {
  plan: Pick<OutputPlan, 'outputDir' | 'loggingDir' | 'logPrefix'>;
  /** Directory of its event files where that is known for sure (a training that only its traces tell of). */
  directory: string | null;
  /** Milliseconds since 1970: when the trainer was started, by this host's clock; and ended, null while it lives. */
  startedAt: number;
  endedAt: number | null;
  host: string;
  /** The process that the trainer descends from; null where nobody knows. */
  ancestor: number | null;
  /** Whether a process of that number is the run's, another's, or gone so that nobody can tell. */
  ownerOf(pid: number): 'own' | 'other' | 'unknown';
}

/** The time in a name is cut to seconds; a file system's clock may lag. */
const slackMs = 2_000;

/**
 * @param known files that are known to be the run's: what the same process writes beside them is too
 * @param bar what the terminal showed last, once all has been written
 */
export async function findEventFiles(
  writer: Writer,
  known: readonly string[],
  bar: BarEnd | null = null,
): Promise<EventFile[]> {
  const candidates = await candidatesOf(writer);
  const standing = known.flatMap((path) => describe(path) ?? []);
  const own = candidates.filter((file) => isKnown(file, standing) || isProven(file, writer));
  if (own.length > 0 || standing.length > 0) return unique([...standing, ...own]);
  const likely = candidates.filter((file) => isLikely(file, writer));
  // While it lives its process will prove what it writes, unless it runs where pids are others.
  const trusted = writer.endedAt === null ? likely.filter(({ host }) => host !== writer.host) : likely;
  return ofOneProcess(trusted, writer, bar);
}

async function candidatesOf({ plan, directory, startedAt, endedAt }: Writer): Promise<EventFile[]> {
  const root = directory ?? plan.loggingDir ?? plan.outputDir;
  const found: EventFile[] = [];
  if (root === null) return found;
  for await (const each of eventFilesBelow(root)) {
    for (const name of each.names) {
      const file = describe(join(each.directory, name));
      if (file === null) continue;
      const begun = directory !== null || file.createdAt >= startedAt - slackMs;
      if (begun && (endedAt === null || file.createdAt <= endedAt + slackMs)) found.push(file);
    }
  }
  return found;
}

function describe(path: string): EventFile | null {
  const name = readEventFileName(basename(path));
  return name && { path, ...name };
}

function isKnown(file: EventFile, standing: readonly EventFile[]): boolean {
  return standing.some(({ host, pid, path }) =>
    pid === null ? path === file.path : pid === file.pid && host === file.host && isBeside(path, file.path),
  );
}

/** In the same directory, or below it: writers of a session's parts have directories of their own there. */
function isBeside(path: string, other: string): boolean {
  const [a, b] = [dirname(path), dirname(other)];
  return a === b || b.startsWith(a + sep) || a.startsWith(b + sep);
}

function isProven({ pid, host }: EventFile, writer: Writer): boolean {
  if (writer.directory !== null) return true;
  return pid !== null && host === writer.host && writer.ownerOf(pid) === 'own';
}

/** Where the configuration places them, and by no process that is another's. */
function isLikely({ pid, host, path }: EventFile, { plan, host: here, ownerOf }: Writer): boolean {
  if (pid !== null && host === here && ownerOf(pid) === 'other') return false;
  if (plan.logPrefix === null || plan.loggingDir === null) return true;
  const [session = ''] = relative(plan.loggingDir, path).split(sep);
  return session.startsWith(plan.logPrefix);
}

/**
 * Of several processes the one that wrote what the bar showed; of those the one whose number comes next after the run's
 * own, as pids are given in order, and come round.
 */
function ofOneProcess(files: readonly EventFile[], { ancestor }: Writer, bar: BarEnd | null): EventFile[] {
  const processes = [...Map.groupBy(files, ({ host, pid, path }) => `${host} ${pid ?? path}`).values()];
  const distance = ([first]: EventFile[]) => {
    if (ancestor === null || first!.pid === null) return first!.createdAt;
    const after = first!.pid - ancestor;
    return after > 0 ? after : after + 2 ** 32;
  };
  if (processes.length <= 1) return processes[0] ?? [];
  const differences = new Map(processes.map((each) => [each, bar === null ? 0 : differenceOf(each, bar)]));
  const difference = (each: EventFile[]) => differences.get(each) ?? 0;
  return processes.sort((a, b) => difference(a) - difference(b) || distance(a) - distance(b))[0]!;
}

const differenceOf = (files: readonly EventFile[], bar: BarEnd) =>
  differenceFrom(
    bar,
    files.map(({ path }) => path),
  );

function unique(files: readonly EventFile[]): EventFile[] {
  const byPath = new Map(files.map((file) => [file.path, file]));
  return [...byPath.values()].sort((a, b) => (basename(a.path) < basename(b.path) ? -1 : 1));
}
