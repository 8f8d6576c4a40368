/** The files of two datasets' manifests: in sum by kind, then one by one. */

import { type CaptionRule, captionText, compareTerms, countsOf, termsOf, termText } from './caption.ts';
import { type Change, type Compared, change, type DatasetFile } from './change.ts';

/** Two manifests with their files by what they are known by, and what is at hand of their contents. */
export interface ManifestPair {
  before: ReadonlyMap<string, DatasetFile>;
  after: ReadonlyMap<string, DatasetFile>;
  a: Compared;
  b: Compared;
  rules: { before: CaptionRule; after: CaptionRule };
}

const subjects = { image: 'images', caption: 'captions', metadata: 'metadata' } as const;
type Kind = keyof typeof subjects;

export function compareManifestFiles(pair: ManifestPair): Change[] {
  return [
    ...(['image', 'caption', 'metadata'] as const).flatMap((kind) => compareKind(kind, pair)),
    ...compareTermSums(pair),
  ];
}

interface Found {
  added: DatasetFile[];
  removed: DatasetFile[];
  changed: [DatasetFile, DatasetFile][];
  unknown: DatasetFile[];
}

function compareKind(kind: Kind, pair: ManifestPair): Change[] {
  const found = find(kind, pair);
  const renamed = takeRenamed(found);
  const subject = subjects[kind];
  const texts = new Map(found.changed.map((each) => [each, kind === 'caption' ? captionChange(each, pair) : null]));
  const isIdle = (each: [DatasetFile, DatasetFile]) => texts.get(each)?.effective === false;
  const acting = found.changed.filter((each) => !isIdle(each));
  const idle = found.changed.filter(isIdle);
  const told = (change_: Change['kind'], files: readonly DatasetFile[], rest: Partial<Change> = {}) =>
    files.length === 0 ? [] : [change('dataset', change_, subject, { detail: someOf(files), ...rest })];
  const part = (change_: Change['kind'], file: DatasetFile, rest: Partial<Change>) =>
    change('dataset', change_, file.path, { partOf: subject, ...rest });
  const counts = (files: readonly unknown[]) => ({ before: files.length, after: files.length });
  return [
    ...told('added', found.added, { after: found.added.length }),
    ...told('removed', found.removed, { before: found.removed.length }),
    ...told('changed', acting.map(last), counts(acting)),
    ...told('changed', idle.map(last), { ...counts(idle), effective: false, detail: 'read as the same' }),
    ...told('renamed', renamed.map(last), { ...counts(renamed), effective: false }),
    ...told('unknown', found.unknown, { detail: `${found.unknown.length} not hashed` }),
    ...found.added.map((file) => part('added', file, { after: worthOf(file, pair.b) })),
    ...found.removed.map((file) => part('removed', file, { before: worthOf(file, pair.a) })),
    ...found.changed.map((each) => part('changed', each[1], texts.get(each) ?? replacement(each, pair))),
    ...renamed.map(([old, now]) => part('renamed', now, { before: old.path, after: now.path, effective: false })),
    ...found.unknown.map((file) => part('unknown', file, { detail: 'not hashed' })),
  ];
}

const last = (pair: readonly [DatasetFile, DatasetFile]) => pair[1];

function find(kind: Kind, { before, after }: ManifestPair): Found {
  const found: Found = { added: [], removed: [], changed: [], unknown: [] };
  for (const [key, file] of after) {
    if (file.kind !== kind) continue;
    const old = before.get(key);
    if (old?.kind !== kind) found.added.push(file);
    else if (old.bytes !== file.bytes) found.changed.push([old, file]);
    else if (old.sha256 === null || file.sha256 === null) found.unknown.push(file);
    else if (old.sha256 !== file.sha256) found.changed.push([old, file]);
  }
  for (const [key, file] of before) {
    if (file.kind === kind && after.get(key)?.kind !== kind) found.removed.push(file);
  }
  return found;
}

/** What went under one name and came under another. */
function takeRenamed(found: Found): [DatasetFile, DatasetFile][] {
  const gone = new Map<string, DatasetFile[]>();
  for (const file of found.removed) {
    if (file.sha256 !== null) gone.set(file.sha256, [...(gone.get(file.sha256) ?? []), file]);
  }
  const renamed: [DatasetFile, DatasetFile][] = [];
  const taken = new Set<DatasetFile>();
  for (const file of found.added) {
    const old = file.sha256 === null ? undefined : gone.get(file.sha256)?.pop();
    if (old === undefined) continue;
    renamed.push([old, file]);
    taken.add(old).add(file);
  }
  found.added = found.added.filter((file) => !taken.has(file));
  found.removed = found.removed.filter((file) => !taken.has(file));
  return renamed;
}

/** Of a caption its text, of others their bytes. */
function worthOf(file: DatasetFile, { captions }: Compared): string | number {
  const text = file.kind === 'caption' && file.sha256 !== null ? captions?.get(file.sha256) : undefined;
  return text === undefined ? file.bytes : text.trim();
}

/** Null where the texts are not at hand. */
function captionChange([old, now]: [DatasetFile, DatasetFile], { a, b, rules }: ManifestPair): Partial<Change> | null {
  const [before, after] = [textOf(old, a, rules.before), textOf(now, b, rules.after)];
  if (before === null || after === null) return null;
  const values = { before, after };
  if (before === after) return { ...values, effective: false, detail: 'read as the same' };
  const left = termsOf(before, rules.before.separator);
  const right = termsOf(after, rules.after.separator);
  return { ...values, detail: termText(compareTerms(left, right), left.join('\0') !== right.join('\0')) };
}

function textOf({ sha256 }: DatasetFile, { captions }: Compared, rule: CaptionRule): string | null {
  const text = sha256 === null ? undefined : captions?.get(sha256);
  return text === undefined ? null : captionText(text, rule);
}

/** Another image of the same name; of another size it may fall into another bucket. */
function replacement([old, now]: [DatasetFile, DatasetFile], { a, b }: ManifestPair): Partial<Change> {
  const [left, right] = [sizeOf(old, a), sizeOf(now, b)];
  const isResized = left !== null && right !== null && left !== right;
  return { before: old.bytes, after: now.bytes, detail: isResized ? `replaced, ${left} → ${right} px` : 'replaced' };
}

function sizeOf({ sha256 }: DatasetFile, { images }: Compared): string | null {
  const size = sha256 === null ? undefined : images?.get(sha256);
  return size === undefined ? null : `${size.width}×${size.height}`;
}

/** In how many captions of the set a tag or word stands, where that changed. */
function compareTermSums({ before, after, a, b, rules }: ManifestPair): Change[] {
  const [left, right] = [sumTerms(before, a, rules.before), sumTerms(after, b, rules.after)];
  if (left === null || right === null) return [];
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((term) => {
    const counts = { before: left.get(term) ?? 0, after: right.get(term) ?? 0 };
    if (counts.before === counts.after) return [];
    const kind = counts.before === 0 ? 'added' : counts.after === 0 ? 'removed' : 'changed';
    return [change('dataset', kind, `caption term ${term}`, { ...counts, partOf: 'captions' })];
  });
}

/** Null where not every caption is at hand. */
function sumTerms(
  files: ReadonlyMap<string, DatasetFile>,
  side: Compared,
  rule: CaptionRule,
): Map<string, number> | null {
  const terms: string[] = [];
  for (const file of files.values()) {
    if (file.kind !== 'caption') continue;
    const text = textOf(file, side, rule);
    if (text === null) return null;
    terms.push(...new Set(termsOf(text, rule.separator)));
  }
  return countsOf(terms);
}

function someOf(files: readonly DatasetFile[]): string {
  const shown = files.slice(0, 3).map(({ path }) => path);
  return files.length > 3 ? `${shown.join(', ')} and ${files.length - 3} more` : shown.join(', ');
}
