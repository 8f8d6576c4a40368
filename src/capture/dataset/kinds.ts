/** What of a directory is part of a dataset, by name. */

/** `unread-caption`: beside an image like a caption, with an extension that the trainer is not told to read. */
export type DatasetFileKind = 'image' | 'caption' | 'unread-caption' | 'metadata';

/** sd-scripts' images, and the videos of its sibling for video models. */
const images = new Set('png jpg jpeg webp bmp avif jxl gif tif tiff mp4 webm mov mkv avi'.split(' '));
const captions = new Set('txt caption captions tags json'.split(' '));
/** They describe many images and share no name with one. */
const metadata = new Set('json jsonl csv toml'.split(' '));
/** Tells kinds apart; `captionExtension` (`.caption`, `txt2`) is the trainer's setting; null: any, empty: none. */
export function kindOfName(name: string, captionExtension: string | null): DatasetFileKind | null {
  if (captionExtension !== null && captionExtension !== '' && name.endsWith(dotted(captionExtension))) return 'caption';
  const extension = extensionOf(name).toLowerCase();
  if (images.has(extension)) return 'image';
  // A cache of the trainer's, as `.npz` files are, not something it was given.
  if (name === 'metadata_cache.json') return null;
  if (captions.has(extension)) return captionExtension === null ? 'caption' : 'unread-caption';
  return metadata.has(extension) ? 'metadata' : null;
}

/** Name without the caption's or image's extension: what the two share. */
export function baseName(name: string, captionExtension: string | null): string {
  if (captionExtension) {
    const ending = dotted(captionExtension);
    if (name.endsWith(ending)) return name.slice(0, -ending.length);
  }
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? name : name.slice(0, dot);
}

/** Whether an unpaired file of this name describes a whole directory. */
export function isMetadata(name: string): boolean {
  return metadata.has(extensionOf(name).toLowerCase());
}

/**
 * Folders that DreamBooth training reads: `<repeats>_<class tokens>`, repeats being what Python's
 * `int()` takes and positive; null for others.
 */
export function repeatsFolder(name: string): { repeats: number; classTokens: string | null } | null {
  const [first = '', ...tokens] = name.split('_');
  const repeats = first.trim();
  if (!/^\+?\d{1,9}$/.test(repeats) || Number(repeats) === 0) return null;
  return { repeats: Number(repeats), classTokens: tokens.join('_') || null };
}

/** What stands behind the last dot; empty without one. */
export function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot <= 0 ? '' : name.slice(dot + 1);
}

function dotted(extension: string): string {
  return extension.startsWith('.') ? extension : `.${extension}`;
}
