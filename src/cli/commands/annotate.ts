import { spawnSync } from 'node:child_process';
import { fstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { annotate, changeNote, type MeantNote, meantNote } from '../../tracker/annotate.ts';
import { loadRun } from '../../tracker/load-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { visible } from '../text.ts';

export interface NoteOptions {
  edit?: string;
  withdraw?: string;
}

export async function note(
  context: Context,
  reference: string,
  words: string[],
  { edit, withdraw }: NoteOptions,
): Promise<number> {
  if (withdraw !== undefined && (edit !== undefined || words.length > 0)) {
    const other = edit === undefined ? 'a text' : '--edit';
    const hint = 'spoor note RUN --withdraw NOTE takes a note back; --edit NOTE has it say something else.';
    throw new SpoorError('usage', 'withdraw-alone', `--withdraw cannot be given with ${other}`, hint);
  }
  const { home, find } = await openSettled(context);
  const id = await find(reference);
  const which = edit ?? withdraw;
  const meant = which === undefined ? null : await meantNote(home, id, which);
  if (meant && withdraw !== undefined) {
    await changeNote(home, id, meant, null);
    await told(context, home, id, `${named(meant)} withdrawn`);
    return 0;
  }
  const text = words.length > 0 ? words.join(' ') : (redirected() ?? writtenInEditor(context, meant?.text ?? ''));
  if (text.trim() === '') {
    throw new SpoorError(
      'usage',
      'empty-note',
      'the note is empty, nothing was written',
      meant ? 'spoor note RUN --withdraw NOTE takes a note back.' : 'Give a text, or save one in the editor.',
    );
  }
  if (meant) await changeNote(home, id, meant, text.trimEnd());
  else await annotate(home, id, { type: 'note', text: text.trimEnd() });
  await told(context, home, id, meant ? `${named(meant)} changed` : 'noted');
  return 0;
}

const named = ({ place, id }: MeantNote) => `note ${place ?? id}`;

export async function tag(context: Context, reference: string, changes: string[]): Promise<number> {
  const { home, find } = await openSettled(context);
  const id = await find(reference);
  const add: string[] = [];
  const remove: string[] = [];
  for (const change of changes) {
    const name = change.replace(/^[+-]/, '');
    if (!/^[^\s:+-][^\s:]*$/.test(name)) {
      const hint = 'A tag is one word without colons: spoor tag RUN +good -draft';
      throw new SpoorError('usage', 'bad-tag', `"${change}" cannot be a tag`, hint);
    }
    (change.startsWith('-') ? remove : add).push(name);
  }
  await annotate(home, id, { type: 'tags', add, remove });
  await told(context, home, id, [...add.map((name) => `+${name}`), ...remove.map((name) => `-${name}`)].join(' '));
  return 0;
}

export async function verdict(
  context: Context,
  reference: string,
  value: string,
  options: { why?: string },
): Promise<number> {
  const values = { worked: 'worked', failed: 'failed', mixed: 'mixed', none: null } as const;
  if (!Object.hasOwn(values, value)) {
    throw new SpoorError('usage', 'bad-verdict', `"${value}" is no verdict`, 'Say worked, failed, mixed, or none.');
  }
  const { home, find } = await openSettled(context);
  const id = await find(reference);
  await annotate(home, id, {
    type: 'verdict',
    verdict: values[value as keyof typeof values],
    why: options.why ?? null,
  });
  await told(context, home, id, value === 'none' ? 'no verdict' : value);
  return 0;
}

/** One line for who sits at a terminal: which run it was, and what is said of it now. */
async function told({ stderr, errorStyle: style }: Context, home: Home, id: RunId, what: string): Promise<void> {
  if (!stderr.isTTY) return;
  const { name } = await loadRun(home, id);
  stderr.write(`${style.dim(`spoor: ${visible(name.full)} (${id.slice(0, 10)}): ${visible(what)}`)}\n`);
}

/** What standard input holds, where it is a file, a pipe or a socket; null for a terminal or nothing. */
function redirected(): string | null {
  try {
    const stat = fstatSync(0);
    return stat.isFile() || stat.isFIFO() || stat.isSocket() ? readFileSync(0, 'utf8') : null;
  } catch {
    return null;
  }
}

/** @param before what it begins with */
function writtenInEditor(context: Context, before: string): string {
  const editor = context.env.VISUAL || context.env.EDITOR;
  if (!editor) {
    const hint = 'Give it on the command line: spoor note RUN "…", or set EDITOR.';
    throw new SpoorError('usage', 'no-editor', 'no text for the note, and neither VISUAL nor EDITOR is set', hint);
  }
  const directory = mkdtempSync(join(tmpdir(), 'spoor-note-'));
  const file = join(directory, 'note.md');
  try {
    writeFileSync(file, before === '' ? '' : `${before}\n`, { mode: 0o600 });
    // The shell takes an EDITOR of several words, as git does.
    const ended = spawnSync('/bin/sh', ['-c', `${editor} "$1"`, 'sh', file], { stdio: 'inherit', cwd: context.cwd });
    if (ended.status !== 0) {
      throw new SpoorError(
        'unavailable',
        'editor-failed',
        `the editor "${editor}" ended with status ${ended.status}`,
        'Nothing was written.',
      );
    }
    return readFileSync(file, 'utf8');
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}
