import type { DatasetState } from '../model/facts.ts';
import { type Change, type Compared, change, type DatasetFile } from './change.ts';

/** Images and captions by content, as far as their lists and hashes are known. */
export function compareDatasets(a: Compared, b: Compared): Change[] {
  const before = a.run.dataset;
  const after = b.run.dataset;
  if (before === null && after === null) return [];
  if (before === null || after === null) {
    const [missing, there] = before === null ? [a, after!] : [b, before];
    const wasLost = missing.run.warnings.some(
      ({ code, message }) => code === 'not-captured' && message.includes('dataset'),
    );
    const kind = wasLost ? 'unknown' : before === null ? 'added' : 'removed';
    const counted = before === null ? { after: there.images } : { before: there.images };
    return [change('dataset', kind, 'dataset', { ...counted, detail: wasLost ? 'it was not recorded' : null })];
  }
  const changes = compareFolders(before, after);
  if (before.sha256 !== null && before.sha256 === after.sha256) return changes;
  if (a.manifest !== null && b.manifest !== null) {
    return [...changes, ...compareManifests(a.manifest, b.manifest, before, after)];
  }
  return [...changes, ...compareCounts(before, after)];
}

function compareCounts(before: DatasetState, after: DatasetState): Change[] {
  const changes: Change[] = [];
  for (const subject of ['images', 'captions'] as const) {
    const counts = { before: before[subject], after: after[subject] };
    if (counts.before !== counts.after) changes.push(change('dataset', 'changed', subject, counts));
  }
  if (changes.length > 0) return changes;
  return before.sha256 !== null && after.sha256 !== null
    ? [change('dataset', 'changed', 'content', { before: before.sha256, after: after.sha256 })]
    : [change('dataset', 'unknown', 'content', { detail: 'not all of it is hashed' })];
}

/** How often DreamBooth's folders are read; a folder is known by its class tokens. */
function compareFolders(before: DatasetState, after: DatasetState): Change[] {
  const left = foldersOf(before);
  const right = foldersOf(after);
  return [...left].flatMap(([tokens, repeats]) => {
    const now = right.get(tokens);
    if (now === undefined || now === repeats) return [];
    return [change('dataset', 'changed', `repeats of ${tokens}`, { before: repeats, after: now })];
  });
}

function foldersOf({ roots }: DatasetState): Map<string, number> {
  const folders = roots.flatMap((root) => root.folders ?? []);
  return new Map(folders.map(({ path, repeats, classTokens }) => [classTokens ?? path, repeats]));
}

const subjects = { image: 'images', caption: 'captions', metadata: 'metadata' } as const;

function compareManifests(
  before: readonly DatasetFile[],
  after: readonly DatasetFile[],
  from: DatasetState,
  to: DatasetState,
): Change[] {
  const rootOf = pairRoots(from, to);
  const left = new Map(before.map((file) => [identity(file, file.root, from), file]));
  const right = new Map(after.map((file) => [identity(file, rootOf.get(file.root) ?? -1 - file.root, to), file]));
  return (['image', 'caption', 'metadata'] as const).flatMap((kind) => compareKind(kind, left, right));
}

/** The root before that each root after stands for: of the same path, else the next one of its kind. */
function pairRoots({ roots: before }: DatasetState, { roots: after }: DatasetState): Map<number, number> {
  const pairs = new Map<number, number>();
  const left = new Set(before.keys());
  const pair = (isPair: (a: DatasetState['roots'][number], b: DatasetState['roots'][number]) => boolean) => {
    for (const [index, root] of after.entries()) {
      if (pairs.has(index)) continue;
      const found = [...left].find((each) => isPair(before[each]!, root));
      if (found === undefined) continue;
      pairs.set(index, found);
      left.delete(found);
    }
  };
  pair((a, b) => a.path === b.path);
  pair((a, b) => a.kind === b.kind);
  return pairs;
}

/** Repeats in a folder's name are not what its files are known by. */
function identity({ path }: DatasetFile, root: number, { roots }: DatasetState): string {
  const isFoldered = roots.some(({ folders }) => folders !== undefined && folders.length > 0);
  return `${root} ${isFoldered ? path.replace(/^\d+_/, '') : path}`;
}

function compareKind(
  kind: keyof typeof subjects,
  before: ReadonlyMap<string, DatasetFile>,
  after: ReadonlyMap<string, DatasetFile>,
): Change[] {
  const found = { added: [] as DatasetFile[], removed: [] as DatasetFile[], changed: [] as DatasetFile[] };
  const unknown: DatasetFile[] = [];
  for (const [key, file] of after) {
    if (file.kind !== kind) continue;
    const old = before.get(key);
    if (old?.kind !== kind) found.added.push(file);
    else if (old.bytes !== file.bytes) found.changed.push(file);
    else if (old.sha256 === null || file.sha256 === null) unknown.push(file);
    else if (old.sha256 !== file.sha256) found.changed.push(file);
  }
  for (const [key, file] of before) {
    if (file.kind === kind && after.get(key)?.kind !== kind) found.removed.push(file);
  }
  const renamed = takeRenamed(found);
  const subject = subjects[kind];
  const told = (change_: Change['kind'], files: readonly DatasetFile[], rest: Partial<Change> = {}) =>
    files.length === 0 ? [] : [change('dataset', change_, subject, { detail: someOf(files), ...rest })];
  return [
    ...told('added', found.added, { after: found.added.length }),
    ...told('removed', found.removed, { before: found.removed.length }),
    ...told('changed', found.changed, { before: found.changed.length, after: found.changed.length }),
    ...told('renamed', renamed, { before: renamed.length, after: renamed.length, effective: false }),
    ...told('unknown', unknown, { detail: `${unknown.length} not hashed` }),
  ];
}

/** What went under one name and came under another. */
function takeRenamed(found: { added: DatasetFile[]; removed: DatasetFile[] }): DatasetFile[] {
  const gone = new Map<string, DatasetFile[]>();
  for (const file of found.removed) {
    if (file.sha256 !== null) gone.set(file.sha256, [...(gone.get(file.sha256) ?? []), file]);
  }
  const taken = new Set<DatasetFile>();
  const renamed = found.added.filter((file) => {
    const old = file.sha256 === null ? undefined : gone.get(file.sha256)?.pop();
    if (old === undefined) return false;
    taken.add(old);
    return true;
  });
  found.added = found.added.filter((file) => !renamed.includes(file));
  found.removed = found.removed.filter((file) => !taken.has(file));
  return renamed;
}

function someOf(files: readonly DatasetFile[]): string {
  const shown = files.slice(0, 3).map(({ path }) => path);
  return files.length > 3 ? `${shown.join(', ')} and ${files.length - 3} more` : shown.join(', ');
}
