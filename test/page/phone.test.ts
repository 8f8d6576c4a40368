/** Every page on a narrow phone in each language: nothing is wider than the window, no key stands for a text. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Visit, visit } from './browser.ts';
import { runsParam, type Stage, stage } from './stage.ts';

let on: Stage;
beforeAll(async () => {
  on = await stage();
});
afterAll(() => on?.[Symbol.asyncDispose]());

const tabs = ['overview', 'charts', 'samples', 'log', 'inputs', 'checkpoints', 'notes', 'journal'];
const pages = (ids: [string, string]) => [
  '/',
  ...tabs.map((tab) => `/runs/${ids[1]}?tab=${tab}`),
  ...['changes', 'charts', 'samples', 'code'].map((tab) => `/compare?run=${runsParam(ids)}&tab=${tab}`),
  ...['matrix', 'step', 'pair', 'blind'].map((view) => `/samples?run=${runsParam(ids)}&view=${view}`),
  ...['side', 'blink', 'difference'].map((way) => `/samples?run=${runsParam(ids)}&view=pair&way=${way}`),
  '/families',
  '/families/noob-wolf',
  `/runs/${ids[1]}/dataset`,
  `/runs/${ids[1]}/dataset?since=${ids[0]}&at=0`,
  '/files',
  '/storage',
  '/settings',
];

describe.each([
  ['hu-HU', 'hu'],
  ['ja-JP', 'ja'],
])('in %s', (locale, language) => {
  let guest: Visit;
  beforeAll(async () => {
    guest = await visit(on.browser, on.served, { locale, viewport: { width: 360, height: 780 }, hasTouch: true });
  });
  afterAll(() => guest?.context.close());

  it('every page fits 360 pixels and speaks the language', async () => {
    const { page, go, faults } = guest;
    const wide: unknown[] = [];
    for (const path of pages(on.ids)) {
      await go(path);
      const content = Number(await page.evaluate('document.documentElement.scrollWidth'));
      if (content > 360) wide.push([path, content]);
      // A key that has no text would be shown by its name: `runs.column.when`.
      const text = String(await page.evaluate('document.body.innerText'));
      const keys = text.match(
        /^(?:nav|runs?|chart|samples|blind|inputs|files|compare|dataset|family|storage|log|notes|settings|preferences|phase|status)\.[a-zA-Z.]+$/gm,
      );
      // The journal has facts by their own names.
      if (!path.endsWith('journal')) expect([path, keys]).toEqual([path, null]);
    }
    expect(await page.locator('html').getAttribute('lang')).toBe(language);
    expect(wide).toEqual([]);
    expect(faults).toEqual([]);
  });
});
