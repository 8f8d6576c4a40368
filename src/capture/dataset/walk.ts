/** Finds the files of a dataset: what the trainer would read, by name and stamp, reading no content. */
import { type BigIntStats, lstatSync, realpathSync, statSync } from 'node:fs';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { errorCode } from '../../model/errors.ts';
import type { Omitted, Warning } from '../../model/facts.ts';
import type { FileStamp } from '../../model/ports.ts';
import type { NamedDataset } from '../../trainers/trainer.ts';
import { baseName, type DatasetFileKind, extensionOf, isMetadata, kindOfName, repeatsFolder } from './kinds.ts';
import { fileSystemPath, type Listed, listDirectory, pathInside, type RelativePath, shownPath } from './listing.ts';

export interface FoundFile {
  /** Index into the roots. */
  root: number;
  at: RelativePath;
  kind: DatasetFileKind;
  stamp: FileStamp;
}

/** A folder of DreamBooth's layout. */
export interface FoundFolder {
  /** Index into the roots. */
  root: number;
  /** Below the root. */
  path: string;
  repeats: number;
  classTokens: string | null;
}

export interface WalkLimits {
  /** How many files of a dataset are recorded. */
  files: number;
  /** How long the search may take. */
  milliseconds: number;
  /** Folders in folders. */
  depth: number;
}

export interface Walked {
  files: FoundFile[];
  folders: FoundFolder[];
  omitted: Omitted[];
  warnings: Warning[];
}

/** Between pauses that let others have their turn; about 2 ms, since git's answers lead to more work for git. */
const filesPerTurn = 250;

export async function walkDataset(
  roots: readonly NamedDataset[],
  limits: WalkLimits,
  userHome: string | null,
): Promise<Walked> {
  const walk = new Walk(limits, userHome);
  for (const [index, root] of roots.entries()) await walk.root(root, index);
  return walk.result;
}

class Walk {
  readonly result: Walked = { files: [], folders: [], omitted: [], warnings: [] };
  readonly #limits: WalkLimits;
  readonly #userHome: string | null;
  readonly #started = performance.now();
  /** Directories that have been read, as device and inode: none is read twice, whatever links lead to it. */
  readonly #read = new Set<string>();
  /** How many images of the present root have no caption but a file with this extension beside them. */
  #unread = new Map<string, number>();
  #pauseAt = filesPerTurn;
  #stopped = false;

  constructor(limits: WalkLimits, userHome: string | null) {
    this.#limits = limits;
    this.#userHome = userHome;
  }

  async root(root: NamedDataset, index: number): Promise<void> {
    const before = this.result.files.length;
    const top: RelativePath = { text: '', isBytes: false };
    let stat: BigIntStats;
    try {
      stat = statSync(root.path, { bigint: true });
    } catch (error) {
      this.#warnUnreadable(root.path, error);
      return;
    }
    if (!stat.isDirectory()) {
      this.#warn('dataset-not-directory', `the dataset ${root.path} is no directory`, null);
      return;
    }
    if (root.kind === 'given' && this.#isTooWide(root.path)) {
      this.#warn(
        'dataset-too-wide',
        `${root.path} is not searched for a dataset: it holds everything`,
        'Name the directory that holds the images.',
      );
      return;
    }
    if (this.#read.has(identity(stat))) return;
    this.#unread = new Map();
    if (root.layout === 'folders') await this.#folders(root, index, top);
    else await this.#directory(root, index, top, stat, 0);
    if (this.result.files.length === before && !this.#stopped) this.#warnEmpty(root);
    this.#warnUnread(root);
  }

  async #folders(root: NamedDataset, index: number, top: RelativePath): Promise<void> {
    const listing = this.#list(root, top);
    if (listing === null) return;
    for (const { name } of inOrder(listing.listed)) {
      const named = repeatsFolder(name);
      if (named === null) continue;
      const folder = pathInside(listing.at, name);
      // The trainer follows links here, so this does too.
      const stat = statOf(root.path, folder);
      if (stat?.isDirectory() && !this.#read.has(identity(stat))) {
        this.result.folders.push({ root: index, path: shownPath(folder), ...named });
        await this.#directory(root, index, folder, stat, 1);
      }
    }
  }

  async #directory(root: NamedDataset, index: number, at: RelativePath, stat: BigIntStats, depth: number) {
    this.#read.add(identity(stat));
    const listing = this.#list(root, at);
    if (listing === null) return;
    const { captionExtension } = root;
    const listed = inOrder(listing.listed);
    const kinds = listed.map(({ name }) => kindOfName(name, captionExtension));
    const paired = new Set<string>();
    const captioned = new Set<string>();
    for (const [place, kind] of kinds.entries()) {
      if (kind === 'image') paired.add(baseName(listed[place]!.name, captionExtension));
      else if (kind === 'caption') captioned.add(baseName(listed[place]!.name, captionExtension));
    }
    for (const [place, each] of listed.entries()) {
      if (this.#stopped) return;
      const { name, entry } = each;
      const inner = pathInside(listing.at, name);
      if (entry.isDirectory()) {
        if (root.kind === 'given' && !name.startsWith('.')) await this.#inner(root, index, inner, depth + 1);
        continue;
      }
      let kind = kinds[place] ?? null;
      const isCaption = kind === 'caption' || kind === 'unread-caption';
      if (isCaption && !paired.has(baseName(name, captionExtension))) {
        kind = root.kind === 'given' && isMetadata(name) ? 'metadata' : null;
      } else if (kind === 'metadata' && root.kind !== 'given') {
        kind = null;
      }
      if (kind === 'unread-caption' && !captioned.has(baseName(name, captionExtension))) this.#countUnread(name);
      if (kind !== null) this.#file(root, index, inner, each, kind);
      else if (root.kind === 'given' && entry.isSymbolicLink()) this.#linkedDirectory(root, inner);
      if (this.result.files.length >= this.#pauseAt) await this.#pause();
    }
  }

  async #inner(root: NamedDataset, index: number, at: RelativePath, depth: number): Promise<void> {
    if (depth > this.#limits.depth) {
      this.#omit(at, 'budget', null);
      return;
    }
    const stat = statOf(root.path, at);
    if (stat?.isDirectory() && !this.#read.has(identity(stat))) await this.#directory(root, index, at, stat, depth);
  }

  #file(root: NamedDataset, index: number, at: RelativePath, { entry }: Listed, kind: DatasetFileKind): void {
    const path = fileSystemPath(root.path, at);
    const isLink = entry.isSymbolicLink();
    let stamp: BigIntStats;
    try {
      stamp = isLink ? statSync(path, { bigint: true }) : lstatSync(path, { bigint: true });
    } catch (error) {
      // It vanished between the listing and now; the trainer will not find it either.
      if (!isLink && errorCode(error) === 'ENOENT') return;
      this.#omit(at, 'unreadable', null);
      return;
    }
    if (isLink && stamp.isDirectory()) return;
    if (!stamp.isFile()) this.#omit(at, 'special', null);
    else if (isLink && !leadsToData(path, root)) this.#omit(at, 'outside', Number(stamp.size));
    else if (this.result.files.length >= this.#limits.files) this.#stop(root, `${this.#limits.files} files`);
    else this.result.files.push({ root: index, at, kind, stamp: stampOf(stamp) });
  }

  /** Links to directories are named, not followed, where everything beneath is taken: they lead anywhere. */
  #linkedDirectory(root: NamedDataset, at: RelativePath): void {
    if (statOf(root.path, at)?.isDirectory()) this.#omit(at, 'outside', null);
  }

  #list(root: NamedDataset, at: RelativePath): ReturnType<typeof listDirectory> | null {
    try {
      return listDirectory(root.path, at);
    } catch (error) {
      if (at.text === '') this.#warnUnreadable(root.path, error);
      else this.#omit(at, 'unreadable', null);
      return null;
    }
  }

  async #pause(): Promise<void> {
    this.#pauseAt = this.result.files.length + filesPerTurn;
    await nextTurn();
    if (performance.now() - this.#started > this.#limits.milliseconds) {
      this.#stop(null, `${this.#limits.milliseconds / 1000} s`);
    }
  }

  #stop(root: NamedDataset | null, limit: string): void {
    if (this.#stopped) return;
    this.#stopped = true;
    const where = root === null ? 'the dataset' : `the dataset ${root.path}`;
    const message = `${where} is recorded only in part: the limit of ${limit} is reached`;
    this.#warn('dataset-budget', message, 'Name the directories that the training reads, one --dataset each.');
  }

  #isTooWide(path: string): boolean {
    const real = realpathSync(path);
    if (real === '/' || this.#userHome === null) return real === '/';
    return isWithin(this.#userHome, real);
  }

  #omit(at: RelativePath, reason: Omitted['reason'], bytes: number | null): void {
    this.result.omitted.push({ path: shownPath(at), reason, bytes, sha256: null });
  }

  #warn(code: string, message: string, hint: string | null): void {
    this.result.warnings.push({ code, message, hint });
  }

  #warnUnreadable(path: string, error: unknown): void {
    if (errorCode(error) === 'ENOENT') {
      this.#warn('dataset-missing', `the dataset ${path} does not exist`, 'Check the path in the configuration.');
    } else {
      const hint = 'Give yourself the right to read it.';
      this.#warn('dataset-unreadable', `the dataset ${path} cannot be read: ${errorCode(error) ?? error}`, hint);
    }
  }

  #countUnread(name: string): void {
    const extension = extensionOf(name);
    // What downloaders know of an image, which nobody means as its caption.
    if (extension.toLowerCase() !== 'json') this.#unread.set(extension, (this.#unread.get(extension) ?? 0) + 1);
  }

  #warnUnread({ path, captionExtension }: NamedDataset): void {
    if (captionExtension === '') return;
    for (const [extension, count] of this.#unread) {
      const files =
        count === 1 ? `1 .${extension} file beside an image` : `${count} .${extension} files beside the images`;
      const message = `${files} of ${path} ${count === 1 ? 'is' : 'are'} not read: caption_extension is "${captionExtension}"`;
      this.#warn('captions-not-read', message, `Set caption_extension = ".${extension}" if they are its captions.`);
    }
  }

  #warnEmpty(root: NamedDataset): void {
    const hint =
      root.layout === 'folders'
        ? 'The trainer looks for folders such as `10_cat` (repeats, class) inside it, with the images in them.'
        : 'The trainer looks for images directly inside it.';
    this.#warn('dataset-empty', `the dataset ${root.path} holds no images`, hint);
  }
}

/** The same order on every file system. */
function inOrder(listed: Listed[]): Listed[] {
  return listed.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Without the rest of the stat, which is large when there are 100,000 of them. */
function stampOf({ size, mtimeNs, ctimeNs, ino, dev }: BigIntStats): FileStamp {
  return { size, mtimeNs, ctimeNs, ino, dev };
}

function identity({ dev, ino }: BigIntStats): string {
  return `${dev}:${ino}`;
}

function statOf(root: string, at: RelativePath): BigIntStats | null {
  try {
    return statSync(fileSystemPath(root, at), { bigint: true });
  } catch {
    return null;
  }
}

/** A link is followed to what is itself named as data, or lies in the dataset, or in a store that names its files by hash. */
function leadsToData(path: string | Buffer, { path: root, captionExtension }: NamedDataset): boolean {
  try {
    const target = realpathSync(path);
    if (isWithin(target, realpathSync(root))) return true;
    const name = target.slice(target.lastIndexOf('/') + 1);
    return kindOfName(name, captionExtension) !== null || /\/blobs\/[0-9a-f]{40,64}$/.test(target);
  } catch {
    return false;
  }
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(directory === '/' ? '/' : `${directory}/`);
}
