import { expect, it } from 'vitest';
import type { Client } from '../../../src/api/index.ts';
import { sayingOnce } from './said-once.ts';

it('says once what is said again while it is being said, and again afterwards', async () => {
  const asked: [string, unknown, PromiseWithResolvers<unknown>][] = [];
  const ask = sayingOnce(((name: string, what: unknown) => {
    const answer = Promise.withResolvers<unknown>();
    asked.push([name, what, answer]);
    return answer.promise;
  }) as Client);
  const note = (text: string) => ask('addNote', { body: { runs: ['01M8BMER97Q8Z221B4VVP6P8G0'], text } } as never);
  const [first, second, other] = [note('soft'), note('soft'), note('hard')];
  expect(asked).toHaveLength(2);
  asked[0]?.[2].resolve('one answer');
  expect(await Promise.all([first, second])).toEqual(['one answer', 'one answer']);
  const failing = [note('soft'), note('soft')];
  asked[2]?.[2].reject(new Error('the disk is full'));
  for (const each of failing) await expect(each).rejects.toThrow('the disk is full');
  void note('soft');
  expect(asked).toHaveLength(4);
  asked[1]?.[2].resolve('another');
  expect(await other).toBe('another');
});

it('asks as often as it is asked', async () => {
  let count = 0;
  const ask = sayingOnce((async () => ++count) as never);
  expect(await Promise.all([ask('listRuns', {}), ask('listRuns', {})])).toEqual([1, 2]);
});
