import { expect, test } from 'vitest';
import { promptsOfText, promptsOfValue } from './prompts.ts';

test('a line has the fields that its options set, whatever their case', () => {
  const line = 'kumo, a cat --n low quality, blurry --W 64 --h 96 --d 42 --l 7.5 --s 20 --ss euler_a --g 3.5';
  expect(promptsOfText(`# kumo\n${line}\n\n`)).toEqual([
    {
      prompt: 'kumo, a cat',
      negative_prompt: 'low quality, blurry',
      width: 64,
      height: 96,
      seed: 42,
      scale: 7.5,
      sample_steps: 20,
      sample_sampler: 'euler_a',
      guidance_scale: 3.5,
    },
  ]);
});

test('a prompt that reads like an option sets it, and a negative seed sets nothing', () => {
  expect(promptsOfText('n a cat --d -1')).toEqual([{ prompt: 'n a cat', negative_prompt: 'a cat' }]);
});

test('tables share what stands above them, lists hold lines and tables', () => {
  expect(promptsOfValue({ prompt: { width: 64, subset: [{ prompt: 'a' }, { prompt: 'b', width: 96 }] } })).toEqual([
    { width: 64, prompt: 'a' },
    { width: 96, prompt: 'b' },
  ]);
  expect(promptsOfValue(['a --w 64', { prompt: 'b' }])).toEqual([{ prompt: 'a', width: 64 }, { prompt: 'b' }]);
  expect(promptsOfValue('a')).toBeNull();
  expect(promptsOfValue(null)).toBeNull();
});
