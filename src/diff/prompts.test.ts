import { expect, test } from 'vitest';
import { comparePrompts } from './prompts.ts';
import { compared, file } from './test-runs.ts';

test('prompts edited while a run trained are told with the step', () => {
  const changed = { at: '2026-11-23T20:53:44.000Z', step: 40 };
  const edited = compared({ files: [file('prompts', '/p.txt', 'a'), file('prompts', '/p.txt', 'b', { changed })] });
  const still = compared({ files: [file('prompts', '/p.txt', 'a')] });
  expect(comparePrompts(still, edited)).toMatchObject([
    { subject: 'edits during the run', before: 0, after: 1, detail: 'at step 40', effective: false },
  ]);
  expect(comparePrompts(edited, edited)).toEqual([]);
});

test('prompts that are not at hand are not compared', () => {
  expect(comparePrompts({ ...compared(), prompts: null }, { ...compared(), prompts: [{ prompt: 'a' }] })).toEqual([]);
});
