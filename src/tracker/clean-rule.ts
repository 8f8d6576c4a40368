/**
 * What may be removed: the whole rule, without I/O. A directory is removed only if nothing speaks
 * against it; whatever cannot be told speaks against it.
 */
import type { OutputPlan, PlacedEntry, RunStatus } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import type { Trainer } from '../trainers/trainer.ts';

/** What stands in a directory, seen without following links. */
export interface Entry {
  /** Relative to the directory, `/` between parts. */
  path: string;
  /** `other`: a FIFO, socket or device. `unreadable`: cannot be looked at, or its name is no UTF-8. */
  kind: 'file' | 'directory' | 'link' | 'other' | 'unreadable';
  bytes: number;
  /** Milliseconds since 1970. */
  modifiedMs: number;
  /** Of a file that Spoor may have written. */
  sha256: string | null;
  /** Of a link: where it points. */
  target: string | null;
  /** Of a directory: it lies on another file system than the output directory. */
  foreignDevice: boolean;
}

export interface Tree {
  entries: Entry[];
  /** There is more than was looked at. */
  truncated: boolean;
}

/** Another run that wrote there, or may. */
export interface User {
  run: RunId;
  /** Null where its record does not say yet. */
  status: RunStatus | null;
}

/** All that is known of an output directory and of the run that it belongs to. */
export interface Leftover {
  /** Absolute, with the links above it resolved: an output folder on another disk is often one. */
  directory: string;
  /** The same with every link resolved. */
  real: string;
  /** Whether this run, or its preparation, made it. */
  created: boolean;
  /** Of the run; `failed` for one that never began. */
  status: RunStatus;
  /** Processes of the run live, or nobody here can tell. */
  alive: boolean;
  /** It was removed before and brought back by a person. */
  restored: boolean;
  /** Recorded on another machine, whose paths mean nothing here: its name. */
  otherHost: string | null;
  users: readonly User[];
  mountPoints: readonly string[];
  /** What must stay: the directory may not be it nor hold it, and where `within` is set not lie in it. */
  guarded: readonly { path: string; what: string; within?: true }[];
  /** What Spoor wrote there, for this run and for others, by name. */
  placed: ReadonlyMap<string, readonly PlacedEntry[]>;
  trainer: Pick<Trainer, 'artifact' | 'isOwnLog'>;
  plan: OutputPlan;
  /** Milliseconds since 1970; what is older is not the trainer's. */
  startedMs: number;
  tree: Tree;
}

export type Decision =
  | { remove: true; files: number; bytes: number }
  | {
      remove: false;
      /** Follows "kept: ". */
      reason: string;
    };

/** A file system's clock may lag the one that stamped the start. */
const clockSlackMs = 2_000;

export function decide(leftover: Leftover): Decision {
  const reason = whyOfRun(leftover) ?? whyOfPlace(leftover) ?? whyOfContent(leftover);
  if (reason !== null) return { remove: false, reason };
  const files = leftover.tree.entries.filter(({ kind }) => kind !== 'directory');
  return { remove: true, files: files.length, bytes: files.reduce((sum, { bytes }) => sum + bytes, 0) };
}

function whyOfRun({ created, status, alive, restored, otherHost, users }: Leftover): string | null {
  if (otherHost !== null) return `the run was recorded on ${otherHost}`;
  if (!created) return 'it was there before the run';
  if (status !== 'failed' && status !== 'interrupted') return `the run is ${status}, neither failed nor interrupted`;
  if (alive) return 'a process of the run may still write there';
  if (restored) return 'it was brought back from the trash';
  const user = users.find((each) => each.status !== 'failed' && each.status !== 'interrupted');
  if (user) return `run ${user.run} uses it too${user.status === null ? '' : ` (${user.status})`}`;
  return null;
}

function whyOfPlace({ directory, real, mountPoints, guarded }: Leftover): string | null {
  const plain = directory.replace(/\/+$/, '') || '/';
  if (plain !== real) return `a link has its place, to ${real}`;
  if (real === '/') return 'it is the root directory';
  const mount = mountPoints.find((point) => isWithin(point, real));
  if (mount !== undefined) return mount === real ? 'it is a mount point' : `${mount} is mounted in it`;
  for (const { path, what, within } of guarded) {
    if (path === real) return `it is ${what}`;
    if (isWithin(path, real)) return `it holds ${what}, ${path}`;
    if (within && isWithin(real, path)) return `it lies in ${what}, ${path}`;
  }
  return null;
}

/** What is worth most is named. */
const worth = ['a model', 'a training state', 'a sample', 'a repository'];

function whyOfContent(leftover: Leftover): string | null {
  const { entries, truncated } = leftover.tree;
  const all = entries.flatMap((entry) => {
    const what = unknown(entry, leftover);
    return what === null ? [] : [{ path: entry.path, what }];
  });
  // What a state or repository holds is told with it.
  const paths = new Set(all.map(({ path }) => path));
  const kept = all.filter(({ path }) => !above(path).some((each) => paths.has(each)));
  const rank = ({ what }: { what: string }) => (worth.includes(what) ? worth.indexOf(what) : worth.length);
  const [first, ...more] = kept.sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1));
  if (first) {
    const others = more.length > 0 ? ` and ${more.length} more` : '';
    return `it holds ${first.path}${first.what === '' ? '' : `, ${first.what}`}${others}`;
  }
  return truncated ? 'it holds too much to look at' : null;
}

/** `a/b` and `a` of `a/b/c`. */
const above = (path: string) => [...path.matchAll(/\//g)].map(({ index }) => path.slice(0, index));

/** Why an entry is not known to be Spoor's or the trainer's: what it is, empty where that is not known either; null if it is known. */
function unknown(entry: Entry, leftover: Leftover): string | null {
  const { path, kind } = entry;
  const { trainer, plan, startedMs } = leftover;
  const artifact = trainer.artifact(path, plan)?.kind;
  if (artifact === 'state') return 'a training state';
  if (path.split('/').at(-1)?.toLowerCase() === '.git') return 'a repository';
  if (kind === 'directory') return entry.foreignDevice ? 'on another file system' : null;
  if (kind === 'unreadable') return 'which cannot be read';
  const placed = leftover.placed.get(path);
  if (placed?.some((each) => isPlaced(each, entry))) return null;
  if (kind === 'link') return 'a symbolic link';
  if (kind === 'other') return 'which is no regular file';
  if (artifact !== undefined || isModel(path)) return artifact === 'sample' ? 'a sample' : 'a model';
  if (placed) return 'changed since Spoor wrote it';
  return trainer.isOwnLog(path, plan) && entry.modifiedMs >= startedMs - clockSlackMs ? null : '';
}

function isPlaced(placed: PlacedEntry, { kind, sha256, target }: Entry): boolean {
  if ('link' in placed) return kind === 'link' && target === placed.link;
  return kind === 'file' && sha256 !== null && sha256 === placed.sha256;
}

const isModel = (path: string) => /\.(?:safetensors|ckpt|pt|pth|bin|gguf|onnx)$/i.test(path);

/** Whether a path is the directory or lies in it. Both absolute and without a slash at the end. */
export function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}
