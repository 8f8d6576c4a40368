import { errorCode, errorText, SpoorError } from '../model/errors.ts';

const remedies: Record<string, string> = {
  ENOSPC: 'The disk is full. Free some space, or move the home with SPOOR_HOME.',
  EDQUOT: 'Your quota is used up. Free some space, or move the home with SPOOR_HOME.',
  EACCES: 'Give yourself the right to write there, or choose another home with SPOOR_HOME.',
  EPERM: 'Give yourself the right to write there, or choose another home with SPOOR_HOME.',
  EROFS: 'The file system is read-only. Choose another home with SPOOR_HOME.',
  ENOTDIR: 'A part of this path is a file, not a directory.',
  EMFILE: 'Too many files are open. Raise the limit with `ulimit -n`.',
  EIO: 'The disk reports an error. Check it before you trust it with more.',
};

/** The error for a path that could not be written. Errors that already speak to the user pass unchanged. */
export function cannotWrite(path: string, error: unknown): SpoorError {
  if (error instanceof SpoorError) return error;
  const remedy = remedies[errorCode(error) ?? ''] ?? null;
  return new SpoorError('cannot-write', 'cannot-write', `cannot write ${path}: ${errorText(error)}`, remedy, error);
}
