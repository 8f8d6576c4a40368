/** Help texts: what commander does not lay out by itself. */
import type { Context } from './context.ts';
import { wrap } from './text.ts';

/** A command as it is typed, and in words what it does. */
export type Example = readonly [command: string, what?: string];

export function helpWidth(context: Context): number {
  return Math.max(20, Math.min(context.columns, 100));
}

/** Words beside the commands where all fit into `width`, else below them. Commands are never broken. */
export function examples(lines: readonly Example[], width: number): string {
  const longest = Math.max(...lines.map(([command]) => command.length));
  const beside = lines.every(([, what = '']) => 2 + longest + 2 + what.length <= width);
  const text = lines.flatMap(([command, what]) => {
    if (!what) return [`  ${command}`];
    return beside
      ? [`  ${command.padEnd(longest)}  ${what}`]
      : [`  ${command}`, ...wrap(what, width - 6).map((line) => `      ${line}`)];
  });
  return ['', 'Examples:', ...text].join('\n');
}

/** Paragraphs below the options, each wrapped. */
export function paragraphs(texts: readonly string[], width: number): string {
  return texts.map((text) => `\n${wrap(text, width).join('\n')}`).join('\n');
}

/**
 * Words of `spoor ls` that begin with one dash (`-tag:bad`, `-wolf`) leave something out; commander would
 * read letters as options. They are moved behind `--`, and what is an option stays.
 */
export function queryBehindOptions(argv: readonly string[]): string[] {
  const [command = '', ...words] = argv;
  const end = words.indexOf('--');
  const options: string[] = [];
  const terms: string[] = [];
  for (const [i, word] of (end < 0 ? words : words.slice(0, end)).entries()) {
    const isValue = /^(?:--sort|--limit|-n)$/.test(words[i - 1] ?? '');
    const isTerm = !isValue && /^-[^-\s]/.test(word) && !/^-(?:h|n\d*)$/.test(word);
    (isTerm ? terms : options).push(word);
  }
  if (terms.length === 0) return [...argv];
  return [command, ...options, '--', ...terms, ...(end < 0 ? [] : words.slice(end + 1))];
}
