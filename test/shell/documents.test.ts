import { readFileSync } from 'node:fs';
import { expect, onTestFinished, test } from 'vitest';
import { spoor } from '../support/spoor.ts';
import { makeWorld } from '../support/world.ts';

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

test('every command of Spoor in the guide exists', async () => {
  const world = makeWorld();
  onTestFinished(() => world.remove());
  const commands = new Set([...guide('').matchAll(/\bspoor ([a-z]+)/g)].map((match) => match[1]!));
  expect(commands.size).toBeGreaterThan(8);
  for (const command of commands) {
    expect([command, (await spoor(world, ['help', command])).exitCode]).toEqual([command, 0]);
  }
});
