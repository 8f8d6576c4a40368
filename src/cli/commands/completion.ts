import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { openHome } from '../../store/home.ts';
import { listRuns } from '../../tracker/runs.ts';
import { complete } from '../completion/candidates.ts';
import type { Context } from '../context.ts';
import { groups } from '../groups.ts';
import { packageRoot } from '../package.ts';
import { makeProgram } from '../program.ts';

/** Prints what the shell sources: `shell/completion/`. */
export async function completion(context: Context, shell: string): Promise<number> {
  context.stdout.write(await readFile(join(packageRoot, 'shell/completion', `spoor.${shell}`), 'utf8'));
  return 0;
}

/**
 * Answers the shell that asks what may stand at the cursor: a line a word, `word<TAB>what it is`, or one
 * of `:files`, `:directories` and `:command N`, where the shell knows better; N is the index, from 1, of
 * the word that begins a command of its own. Whatever is wrong, it is told nothing.
 */
export async function completeWords(context: Context, words: string[]): Promise<number> {
  const runs = async () => {
    try {
      // A home is not made by looking for names in it.
      await stat(context.home);
      const home = await openHome(context.home, context.host, context.cache);
      const request = { query: [], sort: '-started', limit: mostRuns, now: context.now() };
      return await listRuns(home, request, () => {});
    } catch {
      return [];
    }
  };
  const answer = await complete(makeProgram(context, groups).command, words, {
    current: words.at(-1) ?? '',
    runs,
    now: context.now(),
  });
  const lines = typeof answer === 'string' ? [answer] : answer.map(({ word, text }) => `${word}\t${text}`);
  if (lines.length > 0) context.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}

/** Names older than these nobody types. */
const mostRuns = 2_000;
