import { createHash } from 'node:crypto';
import { lstat, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { errorText, SpoorError } from '../../../model/errors.ts';
import { makeDirectory, writeDurably } from '../../../store/durable.ts';
import type { Context } from '../../context.ts';
import { packageRoot, version } from '../../package.ts';
import { shortPath } from '../../text.ts';
import { assignments, commandLine } from './quote.ts';

export type ShellName = 'zsh' | 'bash';

/** Prints the library for a shell, or puts it where the guide's script looks. */
export async function shellLibrary(context: Context, shell: ShellName, options: { install?: true }): Promise<number> {
  const text = await libraryText(shell);
  if (options.install) await install(context, shell, text);
  else context.stdout.write(text);
  return 0;
}

/**
 * The functions with what they need to find this Spoor again. For zsh they are read with zsh's own options,
 * which they then run with, whatever the script has set: their text is handed over as one word (zsh reads a
 * here-document byte by byte), in which also an interactive shell allows comments.
 */
async function libraryText(shell: ShellName): Promise<string> {
  const read = (name: string) => readFile(join(packageRoot, 'shell', name), 'utf8');
  const functions = (await read('train_functions.sh')) + (await read(`train_functions.${shell}`));
  const baked = assignments({
    __spoor_version: version,
    __spoor_shell: shell,
    __spoor_node: process.execPath,
    __spoor_bin: join(packageRoot, 'bin/spoor.js'),
  });
  const body =
    shell === 'bash'
      ? `${guard(shell)}\n${baked}\n${functions}`
      : `${guard(shell)}\n${baked}\nemulate -R zsh -o no_aliases -o interactive_comments -c ${commandLine(functions)}\n`;
  return `${marker} ${shell} --install, sha256 ${sha256(body)}'\n${body}`;
}

/** Ends a script that another shell runs, as `sh train.zsh` does, before it trips over every line. */
const guard = (shell: ShellName) =>
  [
    `[ -n "\${${shell.toUpperCase()}_VERSION-}" ] || {`,
    `  printf '%s\\n' 'error: These functions are for ${shell}, and another shell runs this script' >&2`,
    `  printf '%s\\n' 'hint: Start it with ${shell}; for another shell: spoor shell zsh|bash --install' >&2`,
    '  case $- in *i*) return 64 ;; *) exit 64 ;; esac',
    '}',
  ].join('\n');

/** No comment, since an interactive zsh that evaluates this knows none. */
const marker = "__spoor_made='spoor shell";

/** Whether a text is a library as Spoor has written it, of whatever version. */
function isOurs(text: string): boolean {
  const end = text.indexOf('\n') + 1;
  const first = text.slice(0, end);
  return first.startsWith(marker) && first.endsWith(` ${sha256(text.slice(end))}'\n`);
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 32);

/** Where the guide's script looks for it. */
const installedPath = (userHome: string, shell: ShellName) =>
  join(userHome, 'toolkit', shell, `train_functions.${shell}`);

export interface InstalledLibrary {
  path: string;
  /** `other`: of another version, or of a Spoor elsewhere; `changed`: not as Spoor wrote it. */
  state: 'absent' | 'current' | 'other' | 'changed';
  /** The version that it says it is of. */
  version: string | null;
}

/** Which library stands where the guide's script looks for it. */
export async function installedLibrary(userHome: string, shell: ShellName): Promise<InstalledLibrary> {
  const path = installedPath(userHome, shell);
  const found = await readFile(path, 'utf8').catch(() => null);
  if (found === null) return { path, state: 'absent', version: null };
  const its = /^__spoor_version='?([^'\n]+)/m.exec(found)?.[1] ?? null;
  if (found === (await libraryText(shell))) return { path, state: 'current', version: its };
  return { path, state: isOurs(found) ? 'other' : 'changed', version: its };
}

/** What is not Spoor's own, or was changed since, is kept beside it. */
async function install(context: Context, shell: ShellName, text: string): Promise<void> {
  const { stderr, userHome } = context;
  const path = installedPath(userHome, shell);
  const shown = shortPath(path, userHome);
  try {
    await makeDirectory(dirname(path));
    const standing = await lstat(path).catch(() => null);
    const before = standing?.isFile() ? await readFile(path, 'utf8') : null;
    if (before === text) {
      stderr.write(`spoor: ${shown} is up to date (Spoor ${version})\n`);
      return;
    }
    if (standing !== null && (before === null || !isOurs(before))) {
      const aside = `${path}.bak-${context
        .now()
        .toISOString()
        .replace(/[-:]|\.\d+/g, '')}`;
      await rename(path, aside);
      stderr.write(`spoor: ${shown} was not Spoor's, or was changed: it is ${shortPath(aside, userHome)} now\n`);
    }
    await writeDurably(path, Buffer.from(text), { mode: 0o644 });
  } catch (error) {
    const hint = `Print it with \`spoor shell ${shell}\`, and put it wherever your scripts source it from.`;
    throw new SpoorError(
      'cannot-write',
      'library-not-installed',
      `${path} cannot be written: ${errorText(error)}`,
      hint,
    );
  }
  stderr.write(
    `spoor: wrote ${shown}; in a training script: source "$HOME/toolkit/${shell}/train_functions.${shell}"\n`,
  );
}
