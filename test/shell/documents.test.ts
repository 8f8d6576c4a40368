import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const guide = (language: string) => readFileSync(new URL(`../../docs/guide${language}.md`, import.meta.url), 'utf8');

/** The lines of code blocks, without the comments, which are in the guide's language. */
function code(text: string): string[] {
  const blocks = [...text.matchAll(/^ *```(?:zsh|sh)\n([\s\S]*?)^ *```/gm)].map((match) => match[1]!);
  return blocks.flatMap((block) =>
    block
      .split('\n')
      .map((line) => line.replace(/(^|\s+)#(?!!).*$/, '').trim())
      .filter((line) => line !== ''),
  );
}

const withoutText = (line: string) => line.replace(/"[^"$/]*"/g, '""');

test('the guide shows the same commands in English and Hungarian', () => {
  expect(code(guide('.hu')).map(withoutText)).toEqual(code(guide('')).map(withoutText));
});

/** The options of each command, as the reference has them, which is checked against the program. */
const reference = new Map(
  readFileSync(new URL('../../docs/cli.md', import.meta.url), 'utf8')
    .split(/^## spoor /m)
    .slice(1)
    .map((section) => {
      const name = section.slice(0, section.indexOf('\n'));
      const options = [...section.matchAll(/^ {2}(-\w)?,? *(--[a-z-]+)?/gm)].flatMap(([, short, long]) => [
        short,
        long,
      ]);
      return [name, new Set(options.filter((each) => each !== undefined))] as const;
    }),
);

/** The words behind `spoor` in code, up to `--`, a comment or what the shell joins to it. */
function calls(text: string): string[][] {
  const blocks = [...text.matchAll(/^ *```.*\n([\s\S]*?)^ *```/gm)].flatMap((match) => match[1]!.split('\n'));
  const spans = [...text.replace(/^ *```[\s\S]*?^ *```/gm, '').matchAll(/`([^`\n]+)`/g)].map((match) => match[1]!);
  return [...blocks, ...spans].flatMap((code) => {
    const call = /(?:^|[\s(])spoor ((?:[^\s#|&;)"'`]+|"[^"]*"|'[^']*'| +)+)/.exec(code)?.[1];
    const words = call?.split(/ +/).filter(Boolean) ?? [];
    const end = words.indexOf('--');
    return words.length === 0 || words[0] === '--' ? [] : [end < 0 ? words : words.slice(0, end)];
  });
}

const documents = [
  'README.md',
  'docs/guide.md',
  'docs/guide.hu.md',
  'docs/started-by-others.md',
  'docs/rented-machines.md',
];

test.each(documents)('every command of Spoor in %s exists, with its options', (document) => {
  const found = calls(readFileSync(new URL(`../../${document}`, import.meta.url), 'utf8'));
  expect(found.length).toBeGreaterThan(3);
  for (const words of found) {
    const two = words.slice(0, 2).join(' ');
    const name = reference.has(two) ? two : words[0]!;
    expect([words, reference.has(name)]).toEqual([words, true]);
    const options = words.filter((word) => /^-{1,2}[a-z]/.test(word)).map((word) => word.replace(/=.*/, ''));
    expect([words, options.filter((option) => !reference.get(name)?.has(option))]).toEqual([words, []]);
  }
});
