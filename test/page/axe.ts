/** What axe finds wrong in a page. Its own builder for Playwright opens a further page for the result of each. */
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';

const builder = createRequire(import.meta.url).resolve('@axe-core/playwright');
const { source } = createRequire(builder)('axe-core') as { source: string };

/** WCAG 2.2, levels A and AA. */
const wcag = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/**
 * Colours on their way and dialogs that fade in would be judged as they are for a moment. What inherits a colour may
 * begin its own way at the end of that of its parent.
 */
const settled = `(async () => {
  const isEnding = ({ effect, playState }) =>
    playState === 'running' && effect?.getComputedTiming().endTime !== Infinity;
  const frame = () => new Promise(requestAnimationFrame);
  for (;;) {
    await frame();
    await frame();
    const moving = document.getAnimations().filter(isEnding);
    if (moving.length === 0) return;
    await Promise.all(moving.map(({ finished }) => finished.catch(() => {})));
  }
})()`;

/**
 * Each rule that is broken, with the beginnings of the elements that break it.
 * @param rules `all` with what axe calls best practice
 */
export async function violations(page: Page, rules: 'wcag' | 'all' = 'wcag'): Promise<string[]> {
  await page.evaluate(settled);
  if ((await page.evaluate('typeof axe')) === 'undefined') await page.evaluate(source);
  const options = {
    resultTypes: ['violations'],
    ...(rules === 'wcag' && { runOnly: { type: 'tag', values: wcag } }),
  };
  return page.evaluate(`axe.run(document, ${JSON.stringify(options)}).then(({ violations }) =>
    violations.map(({ id, nodes }) => id + ': ' + nodes.map(({ html }) => html.slice(0, 160)).join(' | ')))`);
}

/** The same in light and in dark, one after the other, without a further visit. */
export async function violationsByTheme(page: Page): Promise<Record<'light' | 'dark', string[]>> {
  const inTheme = async (colorScheme: 'light' | 'dark') => {
    await page.emulateMedia({ colorScheme });
    await page.locator(`html[data-theme=${colorScheme}]`).waitFor();
    return violations(page);
  };
  return { light: await inTheme('light'), dark: await inTheme('dark') };
}

export const noViolations = { light: [], dark: [] };
