import type { DatasetState } from '../model/facts.ts';
import type { CaptionRule } from './caption.ts';
import { type Change, type Compared, change, type DatasetFile } from './change.ts';
import { compareManifestFiles } from './dataset-files.ts';

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
    return [...changes, ...compareManifests(a, b)];
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

/** How often DreamBooth's folders are read, and what for; a folder is known by its class tokens. */
function compareFolders(before: DatasetState, after: DatasetState): Change[] {
  const left = foldersOf(before);
  const right = foldersOf(after);
  const repeats = [...left].flatMap(([tokens, times]) => {
    const now = right.get(tokens);
    if (now === undefined || now === times) return [];
    return [change('dataset', 'changed', `repeats of ${tokens}`, { before: times, after: now })];
  });
  return [...repeats, ...compareClassTokens([...left.keys()], [...right.keys()], before, after)];
}

/** They stand for a caption only where an image has none. */
function compareClassTokens(left: string[], right: string[], from: DatasetState, to: DatasetState): Change[] {
  const [gone, come] = [left.filter((each) => !right.includes(each)), right.filter((each) => !left.includes(each))];
  if (gone.length + come.length === 0 || left.length + right.length === 0) return [];
  const kind = gone.length === 0 ? 'added' : come.length === 0 ? 'removed' : 'changed';
  const effective = [from, to].some(({ images, captions }) => captions < images);
  const detail = effective ? null : 'every image has a caption';
  const values = { before: gone.join(', ') || null, after: come.join(', ') || null };
  return [change('dataset', kind, 'class tokens', { ...values, effective, detail })];
}

function foldersOf({ roots }: DatasetState): Map<string, number> {
  const folders = roots.flatMap((root) => root.folders ?? []);
  return new Map(folders.map(({ path, repeats, classTokens }) => [classTokens ?? path, repeats]));
}

function compareManifests(a: Compared, b: Compared): Change[] {
  const from = a.run.dataset!;
  const to = b.run.dataset!;
  const rootOf = pairRoots(from, to);
  const before = new Map(a.manifest!.map((file) => [identity(file, file.root, from), file]));
  const after = new Map(b.manifest!.map((file) => [identity(file, rootOf.get(file.root) ?? -1 - file.root, to), file]));
  return compareManifestFiles({ before, after, a, b, rules: { before: ruleOf(a), after: ruleOf(b) } });
}

/** How the run's trainer reads a caption. */
function ruleOf({ run: { settings } }: Compared): CaptionRule {
  const value = (key: string) => settings.find((each) => each.key === key)?.value;
  const separator = value('caption_separator');
  const isWildcard = settings.some(({ key, value: on }) => /(?:^|\.)enable_wildcard$/.test(key) && on === true);
  return {
    separator: typeof separator === 'string' && separator.trim() !== '' ? separator.trim() : ',',
    firstLineOnly: value('caption_extension') !== undefined && !isWildcard,
  };
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
