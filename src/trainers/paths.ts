import { posix, win32 } from 'node:path';

/** Absolute path of a path as written, in the style of the directory it is relative to. */
export function resolveIn(directory: string, path: string): string {
  const style = /^[A-Za-z]:[\\/]|^\\\\/.test(path) || /^[A-Za-z]:[\\/]/.test(directory) ? win32 : posix;
  return style.isAbsolute(path) ? style.normalize(path) : style.join(directory, path);
}
