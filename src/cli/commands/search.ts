import { type FoundRun, mark } from '../../catalog/words/passages.ts';
import { SpoorError } from '../../model/errors.ts';
import { searchRuns } from '../../tracker/search.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { progressReporter } from '../reporters/progress.ts';
import { plural, visible, wrap } from '../text.ts';

export interface SearchOptions {
  in?: string;
  limit: string;
  json?: true;
}

/** Exits with 0 where nothing is found, too. */
export async function search(context: Context, words: string[], options: SearchOptions): Promise<number> {
  if (!/^[1-9]\d{0,5}$/.test(options.limit)) {
    throw new SpoorError(
      'usage',
      'bad-limit',
      `--limit ${options.limit} is not a number of runs`,
      'Give a whole number: -n 20',
    );
  }
  const { recording } = await openSettled(context);
  const report = progressReporter(context);
  const request = { words, in: options.in ?? null, limit: Number(options.limit) };
  const found = await searchRuns(recording, request, report.tell);
  report.end();
  if (options.json) context.stdout.write(`${jsonText(found.map(document), 2)}\n`);
  else if (found.length === 0) context.stderr.write('Nothing holds these words.\n');
  else context.stdout.write(`${found.flatMap((each) => lines(context, each)).join('\n')}\n`);
  return 0;
}

function document({ id, name, count, passages }: FoundRun) {
  const shown = passages.map(({ place, source, text, excerpt }) => ({ place, source, text, excerpt: plain(excerpt) }));
  return { id, name, count, passages: shown };
}

const plain = (excerpt: string) => excerpt.replaceAll(mark.begin, '').replaceAll(mark.end, '');

function lines({ style, columns }: Context, { id, name, count, passages }: FoundRun): string[] {
  const body = passages.map(({ place, source, excerpt }) => {
    const where = style.cyan(source === '' ? place : `${place} ${visible(source)}`);
    const parts = excerpt.replace(/\s+/g, ' ').split(new RegExp(`${mark.begin}(.*?)${mark.end}`));
    return `${where}  ${parts.map((part, i) => (i % 2 === 1 ? style.bold(visible(part)) : visible(part))).join('')}`;
  });
  const more = count > passages.length ? [style.dim(`and ${plural(count - passages.length, 'more place')}`)] : [];
  return [
    `${style.bold(visible(name))}  ${style.dim(id.slice(0, 10))}`,
    ...[...body, ...more].flatMap((text) => wrap(text, columns - 2).map((line) => `  ${line}`)),
  ];
}
