import { type ByteName, splitNames } from './names.ts';

export interface StatusEntry {
  path: ByteName;
  /** Git's two letters, index and work tree; `.` for unchanged, `??` for untracked. */
  letters: string;
  /** Name of the object that the index has; absent for what was renamed, is unmerged or untracked. */
  index?: string;
}

/** What `git status --porcelain=v2 -z` says. */
export interface Status {
  /** Changed tracked paths; a rename stands under its new name. */
  changed: StatusEntry[];
  unmerged: number;
  /** Files; a name that ends with `/` is a nested repository. */
  untracked: ByteName[];
  /** Files and, with `/` at the end, directories. */
  ignored: ByteName[];
}

export const statusCommand: readonly string[] = [
  'status',
  '--porcelain=v2',
  '-z',
  '--untracked-files=all',
  // A directory that is ignored as a whole is one line, and is not walked.
  '--ignored=matching',
  // Looks at a submodule's HEAD, but starts no git in it.
  '--ignore-submodules=dirty',
  // Only moves without change: to look for likeness would read every large file.
  '--find-renames=100%',
];

export function parseStatus(output: Buffer): Status {
  const status: Status = { changed: [], unmerged: 0, untracked: [], ignored: [] };
  const records = splitNames(output);
  for (let i = 0; i < records.length; i++) {
    const record = records[i]!;
    const path = (fields: number) => record.split(' ').slice(fields).join(' ');
    switch (record[0]) {
      case '1':
        status.changed.push({ path: path(8), letters: record.slice(2, 4), index: record.split(' ', 8)[7] ?? '' });
        break;
      case '2':
        status.changed.push({ path: path(9), letters: record.slice(2, 4) });
        // The name it had follows as a record of its own.
        i++;
        break;
      case 'u':
        status.changed.push({ path: path(10), letters: record.slice(2, 4) });
        status.unmerged++;
        break;
      case '?':
        status.untracked.push(record.slice(2));
        break;
      case '!':
        status.ignored.push(record.slice(2));
        break;
    }
  }
  return status;
}

/** What the index holds. */
export interface Tracked {
  files: ByteName[];
  /** Commit by path of each submodule. */
  submodules: Map<ByteName, string>;
  /** Files marked assume-unchanged or skip-worktree, of which git does not say whether they changed. */
  unwatched: ByteName[];
}

export const trackedCommand: readonly string[] = ['ls-files', '-z', '--stage', '-v'];

/** @param output lines of `TAG MODE OBJECT STAGE<TAB>PATH` */
export function parseTracked(output: Buffer): Tracked {
  const tracked: Tracked = { files: [], submodules: new Map(), unwatched: [] };
  let last = '';
  for (const line of splitNames(output)) {
    const tab = line.indexOf('\t');
    const [tag = '', mode, object = ''] = line.slice(0, tab).split(' ');
    const path = line.slice(tab + 1);
    // An unmerged path stands there once a side.
    if (path === last) continue;
    last = path;
    if (mode === '160000') tracked.submodules.set(path, object);
    else tracked.files.push(path);
    if (tag === 'S' || tag !== tag.toUpperCase()) tracked.unwatched.push(path);
  }
  return tracked;
}
