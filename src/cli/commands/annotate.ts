import { spawnSync } from 'node:child_process';
import { fstatSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { annotate } from '../../tracker/annotate.ts';
import { loadRun } from '../../tracker/load-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { visible } from '../text.ts';

export async function note(context: Context, reference: string, words: string[]): Promise<number> {
  const { home, find } = await openSettled(context);
  const id = await find(reference);
  const text = words.length > 0 ? words.join(' ') : (redirected() ?? writtenInEditor(context));
  if (text.trim() === '') {
    throw new SpoorError(
      'usage',
      'empty-note',
      'the note is empty, nothing was written',
      'Give a text, or save one in the editor.',
    );
  }
  await annotate(home, id, { type: 'note', text: text.trimEnd() });
  await told(context, home, id, 'noted');
  return 0;
}

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

function writtenInEditor(context: Context): string {
  const editor = context.env.VISUAL || context.env.EDITOR;
  if (!editor) {
    const hint = 'Give it on the command line: spoor note RUN "…", or set EDITOR.';
    throw new SpoorError('usage', 'no-editor', 'no text for the note, and neither VISUAL nor EDITOR is set', hint);
  }
  const directory = mkdtempSync(join(tmpdir(), 'spoor-note-'));
  const file = join(directory, 'note.md');
  try {
    writeFileSync(file, '', { mode: 0o600 });
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
