/** Nothing moves while a page loads: what is not there yet has its place kept. Chromium's own measure of it, per page. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Visit, visit } from './browser.ts';
import { mainPages } from './visual/main-pages.ts';
import { type Still, settledPicture, still } from './visual/still.ts';

let on: Still;
beforeAll(async () => {
  on = await still();
});
afterAll(() => on?.[Symbol.asyncDispose]());

/** Of the window that moved, times how far; 0.1 is what is commonly called good. */
const mostShift = 0.02;

/** Sums up what moves by itself, and remembers what moved most. */
const observe = `
  window.shift = { sum: 0, moved: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) {
      if (entry.hadRecentInput) continue;
      window.shift.sum += entry.value;
      for (const { node, previousRect: a, currentRect: b } of entry.sources) {
        const of = (node?.nodeType === 1 ? node : node?.parentElement)?.outerHTML.slice(0, 120) ?? 'gone';
        window.shift.moved.push([entry.value.toFixed(4), of, [a.x, a.y, b.x, b.y].map(Math.round).join(' ')].join(' | '));
      }
    }
  }).observe({ type: 'layout-shift', buffered: true });
`;

describe.each([1280, 360])('%i pixels wide', (width) => {
  let guest: Visit;
  beforeAll(async () => {
    guest = await visit(on.browser, on.served, { viewport: { width, height: 900 } });
    await guest.context.addInitScript(observe);
    // As over a slow line: the page is drawn before what it asks for is there.
    await guest.context.route('**/api/**', async (route) => {
      await new Promise((resolve) => setTimeout(resolve, 250));
      await route.continue().catch(() => {});
    });
  });
  afterAll(() => guest?.context.close());

  test.each(mainPages)('%s stands still', async (_, path) => {
    await guest.go(path(on.ids));
    await guest.rest();
    await settledPicture(guest.page, 200);
    const { sum, moved } = (await guest.page.evaluate('window.shift')) as { sum: number; moved: string[] };
    expect(sum, moved.join('\n')).toBeLessThan(mostShift);
  });
});
