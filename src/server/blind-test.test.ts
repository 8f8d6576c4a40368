import { expect, it } from 'vitest';
import { loadRun } from '../tracker/load-run.ts';
import { created, ended, serveHome, tell, testId } from './testing/served-home.ts';

const [one, other] = [testId(5), testId(6)];
const served = () =>
  serveHome(async (home) => {
    await tell(home, one, created(one, 'noob-wolf-v1'), ended());
    await tell(home, other, created(other, 'noob-wolf-v2'), ended());
  });
const judged = { runs: [one, other], first: 2, second: 5, ties: 1, text: 'the second was preferred' };

it('is kept with both runs once, however often it is told and whichever run is told first', async () => {
  await using server = await served();
  const test = 'abcdefghabcdefgh';
  await server.ask('recordBlindTest', { body: { ...judged, test } });
  await server.ask('recordBlindTest', { body: { ...judged, test } });
  await server.ask('recordBlindTest', { body: { ...judged, runs: [other, one], first: 5, second: 2, test } });
  const [a, b] = [await loadRun(server.home, one), await loadRun(server.home, other)];
  expect(a.blindTests).toMatchObject([{ against: other, won: 2, lost: 5, ties: 1, test }]);
  expect(b.blindTests).toMatchObject([{ against: one, won: 5, lost: 2, ties: 1, test }]);
  expect([a.notes, b.notes].map((notes) => notes.map(({ text }) => text))).toEqual([[judged.text], [judged.text]]);
});

it('is kept anew where it has another name, or none', async () => {
  await using server = await served();
  for (const more of [{}, {}, { test: 'aaaaaaaa' }, { test: 'bbbbbbbb' }]) {
    await server.ask('recordBlindTest', { body: { ...judged, ...more } });
  }
  const { blindTests } = await loadRun(server.home, one);
  expect(blindTests.map(({ test }) => test)).toEqual([undefined, undefined, 'aaaaaaaa', 'bbbbbbbb']);
});

it('with a name that is none is refused', async () => {
  await using server = await served();
  const asked = server.ask('recordBlindTest', { body: { ...judged, test: 'A test' } });
  await expect(asked).rejects.toMatchObject({ status: 400 });
});
