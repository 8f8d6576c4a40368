/** What not everyone in the room should see: blurred in the whole home until it is pointed at, or reached by keyboard. */
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { eventually, visit } from './browser.ts';
import { runsParam, type Stage, stage } from './stage.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on?.[Symbol.asyncDispose]());

const filterOf = (image: Locator) => () =>
  image.evaluate((each) => (globalThis as unknown as Looks).getComputedStyle(each).filter);
interface Looks {
  getComputedStyle(element: unknown): { filter: string };
}

test('pictures are blurred on every page, clear while they are pointed at, and stay blurred in another browser', async () => {
  const { page, go, faults, context } = await visit(on.browser, on.served);
  await go(`/runs/${on.ids[1]}?tab=samples`);
  const first = page.locator('main img').first();
  await first.waitFor();
  await eventually(filterOf(first)).toBe('none');
  await page.getByRole('button', { name: 'Appearance' }).press('Enter');
  await page.getByRole('menuitemcheckbox', { name: 'Blur samples' }).click();
  await page.keyboard.press('Escape');
  await page.mouse.move(0, 0);
  await eventually(filterOf(first)).toMatch(/^blur/);
  await first.hover();
  await eventually(filterOf(first)).toBe('none');
  await page.mouse.move(0, 0);
  await eventually(filterOf(first)).toMatch(/^blur/);
  expect(faults).toEqual([]);

  const other = await visit(on.browser, on.served);
  const paths = [
    '/?group=off',
    `/runs/${on.ids[1]}`,
    `/samples?run=${runsParam(on.ids)}`,
    '/families',
    `/runs/${on.ids[1]}/dataset`,
  ];
  for (const path of paths) {
    await other.go(path);
    const images = other.page.locator('main img');
    await images.first().waitFor();
    const filters = await images.evaluateAll((all) =>
      all.map((each) => (globalThis as unknown as Looks).getComputedStyle(each).filter),
    );
    for (const filter of filters) expect([path, filter]).toEqual([path, expect.stringMatching(/^blur/)]);
  }
  // By keyboard, from the field of words on to the first picture.
  await other.page.getByRole('searchbox').first().focus();
  const tile = other.page.locator('main button:has(img), main a:has(img)').first();
  for (
    let step = 0;
    step < 60 && !(await tile.evaluate((each: { matches(selector: string): boolean }) => each.matches(':focus')));
    step++
  ) {
    await other.page.keyboard.press('Tab');
  }
  await eventually(filterOf(tile.locator('img'))).toBe('none');
  expect(other.faults).toEqual([]);
  await other.context.close();
  await context.close();
});
