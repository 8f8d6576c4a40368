/**
 * The main pages look as they did: pictures of the page on fixed runs against pictures of before. After a change that is
 * meant, `SPOOR_TEST_PICTURES=write npm test -- test/page/visual.test.ts` makes those anew; look at each of them.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Visit } from './browser.ts';
import { mainPages } from './visual/main-pages.ts';
import { compare, isWriting, keepDifference, readReference, writeReference } from './visual/references.ts';
import { onlooker, picture, type Still, settledPicture, still } from './visual/still.ts';

let on: Still;
beforeAll(async () => {
  on = await still();
});
afterAll(() => on?.[Symbol.asyncDispose]());

describe.each([
  ['light', 'light', 1280, 1000],
  ['dark', 'dark', 1280, 1000],
  ['phone', 'light', 360, 1000],
] as const)('%s', (kind, theme, width, height) => {
  let guest: Visit;
  beforeAll(async () => {
    guest = await onlooker(on, theme, width, height);
  });
  afterAll(() => guest?.context.close());

  test.each(mainPages)('%s', async (page, path) => {
    const name = `${page}-${kind}`;
    await guest.go(path(on.ids));
    if (isWriting) return writeReference(name, await settledPicture(guest.page));
    const before = await readReference(name);
    const look = async () => {
      const now = await picture(guest.page);
      return { now, ...(await compare(before, now)) };
    };
    // What is slow to come on a busy machine comes in the end; what is wrong stays so.
    const deadline = Date.now() + 15_000;
    let seen = await look();
    while (!seen.alike && Date.now() < deadline) seen = await look();
    if (seen.alike) return;
    const where = await keepDifference(name, before, seen.now);
    expect.fail(`${name}: ${seen.different} pixels are not as they were, see ${where}`);
  });
});
