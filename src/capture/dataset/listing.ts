/** The names in one directory, whatever bytes they are. */
import { type Dirent, readdirSync } from 'node:fs';
import { fromText, pathBelow, shownName } from '../git/names.ts';

export interface Listed {
  /** Text; in a byte listing one character a byte. */
  name: string;
  entry: Dirent<string> | Dirent<Buffer>;
}

/** A path below a root: text, or (where some part of it is no UTF-8) one character a byte. */
export interface RelativePath {
  text: string;
  isBytes: boolean;
}

/** For the file system. */
export function fileSystemPath(root: string, { text, isBytes }: RelativePath): string | Buffer {
  if (text === '') return root;
  return isBytes ? pathBelow(root, text) : `${root}/${text}`;
}

/** For the record: bytes that are no UTF-8 as `\xHH`. */
export function shownPath({ text, isBytes }: RelativePath): string {
  return isBytes ? shownName(text) : text;
}

/**
 * @returns the names in a directory and whether they are byte names; its path is in the same form
 * @throws system errors
 */
export function listDirectory(root: string, directory: RelativePath): { at: RelativePath; listed: Listed[] } {
  const path = fileSystemPath(root, directory);
  if (!directory.isBytes) {
    const entries = readdirSync(path, { withFileTypes: true });
    const listed = entries.map((entry) => ({ name: entry.name, entry }));
    if (!listed.some(({ name }) => name.includes('\uFFFD'))) return { at: directory, listed };
  }
  const entries = readdirSync(path, { withFileTypes: true, encoding: 'buffer' });
  const text = directory.isBytes ? directory.text : fromText(directory.text);
  return {
    at: { text, isBytes: true },
    listed: entries.map((entry) => ({ name: entry.name.toString('latin1'), entry })),
  };
}

export function pathInside({ text, isBytes }: RelativePath, name: string): RelativePath {
  return { text: text === '' ? name : `${text}/${name}`, isBytes };
}
