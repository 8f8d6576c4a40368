import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { spoor } from '../support/spoor.ts';
import { eventually, type Visit, visit } from './browser.ts';
import { runsParam, type Stage, stage } from './stage.ts';

let on: Stage;
let guest: Visit;

beforeAll(async () => {
  on = await stage();
  await spoor(on.world, ['verdict', on.ids[0], 'mixed', '--why', 'the nights are flat']);
  guest = await visit(on.browser, on.served);
});
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => {
  guest.faults.length = 0;
});

describe('a comparison', () => {
  it('says what changed by meaning, and folds what has no effect', async () => {
    const { page, go, faults } = guest;
    await go(`/compare?run=${runsParam(on.ids)}`);
    const settings = page.getByRole('region', { name: 'Settings' });
    await settings.getByText('unet_lr').waitFor();
    await eventually(() => settings.textContent()).toMatch(/1e-4[\s\S]*4e-4/);
    const dataset = page.getByRole('region', { name: 'Dataset' });
    await eventually(() => dataset.textContent()).toMatch(/\+\s*indoors[\s\S]*\+\s*night[\s\S]*−\s*outdoors/);
    expect(await page.getByText('output_dir').count()).toBe(0);
    await page.getByRole('button', { name: /differences without effect/ }).click();
    await page.getByText('output_dir').first().waitFor();
    // The address has what is unfolded.
    await page.reload();
    await page.getByText('output_dir').first().waitFor();
    expect(faults).toEqual([]);
  });

  it('names each run once, and says how many do not fit', async () => {
    const { page, go } = guest;
    await go(`/compare?run=${runsParam([...on.ids, ...on.ids])}`);
    await page.getByRole('region', { name: 'Settings' }).waitFor();
    const nobody = Array.from({ length: 6 }, (_, at) => `01M8BMER97Q8Z221B4VVP6P8G${at}`);
    await go(`/samples?run=${runsParam([...on.ids, ...nobody])}`);
    await page.getByText('2 more were left out: 6 fit at once').waitFor();
  });

  it('warns where losses cannot be compared', async () => {
    const { page, go } = guest;
    await go(`/compare?run=${runsParam(on.ids)}`);
    await page.getByText('Losses are not comparable').waitFor();
  });

  it('draws the curves of both', async () => {
    const { page, go } = guest;
    await go(`/compare?run=${runsParam(on.ids)}&tab=charts`);
    await page.getByRole('slider', { name: 'Chart of loss/average' }).locator('canvas').waitFor();
    for (const name of ['noob-wolf-v1s12', 'noob-wolf-v2s12']) {
      await page
        .getByRole('button', { name: new RegExp(`^${name}`), pressed: true })
        .first()
        .waitFor();
    }
  });

  it('keeps how its charts are drawn in its address', async () => {
    const { page, go } = guest;
    await go(`/compare?run=${runsParam(on.ids)}&tab=charts`);
    const state = () => {
      const { smooth, log, x, zoom } = Object.fromEntries(new URL(page.url()).searchParams);
      return [smooth, log, x, zoom?.split(':')[0]];
    };
    await page.getByRole('slider', { name: /Smoothing/ }).fill('0.5');
    await page.getByRole('button', { name: 'Log scale' }).click();
    await eventually(state).toEqual(['0.5', 'true', undefined, undefined]);
    await page.getByRole('button', { name: 'Zoom in' }).first().click();
    await eventually(state).toEqual(['0.5', 'true', undefined, 'step']);
    await page.reload();
    await page.locator('main .uplot canvas').first().waitFor();
    await eventually(() => page.getByRole('slider', { name: /Smoothing/ }).inputValue()).toBe('0.5');
    await page.getByRole('button', { name: 'Log scale', pressed: true }).waitFor();
    expect(state()).toEqual(['0.5', 'true', undefined, 'step']);
  });

  it('has the samples of both beside each other, and leads from there to a pair', async () => {
    const { page, go, faults } = guest;
    await go(`/compare?run=${runsParam(on.ids)}&tab=samples`);
    const table = page.getByRole('grid', { name: 'Matrix' });
    await eventually(() => table.getByRole('img').count()).toBe(16);
    await eventually(() => table.locator('[aria-colspan="2"]').count()).toBe(4);
    await page.keyboard.press('Home');
    await eventually(() => new URL(page.url()).searchParams.get('step')).toBe('3');
    await page.locator('main').getByRole('link', { name: 'Pair' }).click();
    await page.getByRole('slider', { name: 'Dividing line' }).waitFor();
    await eventually(() => new URL(page.url()).searchParams.get('step')).toBe('3');
    await page.goBack();
    await table.waitFor();
    expect(faults).toEqual([]);
  });

  it('can be handed on: its address is copied, also where the page has no right to the clipboard', async () => {
    const context = guest.context;
    const { page, go } = guest;
    await go(`/compare?run=${runsParam(on.ids)}&tab=code`);
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.getByRole('button', { name: 'Copy link' }).click();
    await page.getByText('The address of this comparison was copied').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(page.url());
    await page.evaluate('navigator.clipboard.writeText("nothing")');
    await page.evaluate(
      'window.kept = navigator.clipboard; Object.defineProperty(navigator, "clipboard", { value: undefined })',
    );
    await page.getByRole('button', { name: 'Copy link' }).click();
    await eventually(() => page.evaluate('window.kept.readText()')).toBe(page.url());
  });

  it('takes the two the other way round, and back goes back', async () => {
    const { page, go } = guest;
    await go(`/compare?run=${runsParam(on.ids)}`);
    await page.getByRole('button', { name: 'Swap the two' }).click();
    const param = () => new URL(page.url()).searchParams.get('run');
    await eventually(param).toBe(JSON.stringify(on.ids.toReversed()));
    await page.goBack();
    await eventually(param).toBe(JSON.stringify(on.ids));
  });
});

describe('a family', () => {
  it('is a timeline: each version with what it changed, its verdict and why', async () => {
    const { page, go, faults } = guest;
    await go('/families/noob-wolf');
    const versions = page.getByRole('region', { name: 'History' }).locator('ol > li');
    await eventually(() => versions.count()).toBe(2);
    await eventually(() => versions.nth(0).textContent()).toMatch(/noob-wolf-v2s12[\s\S]*unet_lr\s*1e-4 → 4e-4/);
    // Captions by the tags that came and went, or stand in more or fewer of them.
    const chips = () => versions.nth(0).getByRole('listitem').allTextContents();
    await eventually(chips).toContain('+indoors 0 → 1');
    expect((await chips()).find((each) => each.startsWith('outdoors'))).toMatch(/^outdoors \d → \d$/);
    await eventually(() => versions.nth(1).textContent()).toMatch(
      /noob-wolf-v1s12[\s\S]*mixed[\s\S]*the nights are flat/,
    );
    expect(faults).toEqual([]);
  });

  it('draws a setting against the last loss or the verdict; a point tells its run, and leads to it', async () => {
    const { page, go } = guest;
    await go('/families/noob-wolf?param=unet_lr');
    const chart = page.getByRole('group', { name: 'unet_lr against the outcome: last loss' });
    const points = chart.getByRole('link');
    await eventually(() => points.count()).toBe(2);
    await eventually(() => chart.locator('text').allTextContents()).toEqual(
      expect.arrayContaining(['unet_lr', 'last loss', '2e-4']),
    );
    const first = chart.getByRole('link', { name: /^noob-wolf-v1s12: unet_lr 1e-4, loss [\d.e-]+, mixed$/ });
    // By keyboard what it is stands above it, as it does under the pointer.
    await first.focus();
    await page.locator('figure > div').getByText('noob-wolf-v1s12').waitFor();
    await page.getByText('Verdict', { exact: true }).last().click();
    const judged = page.getByRole('group', { name: 'unet_lr against the outcome: Verdict' });
    await eventually(() => judged.getByRole('link').count()).toBe(1);
    await eventually(() => judged.locator('text').allTextContents()).toEqual(
      expect.arrayContaining(['failed', 'mixed', 'worked', 'Verdict']),
    );
    await eventually(() => new URL(page.url()).searchParams.get('against')).toBe('verdict');
    await judged.getByRole('link').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'noob-wolf-v1s12' }).waitFor();
  });

  it('of hundreds shows the latest, and more when they are asked for; Tab comes to one point of them', async () => {
    const { page, go, context } = guest;
    const many = (runs: { id: string; name: string }[]) =>
      Array.from({ length: 120 }, (_, at) => ({
        ...runs[at % 2],
        id: `${runs[0]?.id.slice(0, -3)}${100 + at}`,
        name: `wolf-${at}`,
      }));
    const multiply = (path: string, key: 'versions' | 'runs') =>
      context.route(path, async (route) => {
        const json = await (await route.fetch()).json();
        await route.fulfill({ json: { ...json, [key]: many(json[key]) } });
      });
    await multiply('**/api/history?*', 'versions');
    await multiply('**/api/history/setting?*', 'runs');
    await go('/families/noob-wolf?param=unet_lr');
    const versions = page.getByRole('region', { name: 'History' }).locator('ol > li');
    await eventually(() => versions.count()).toBe(50);
    expect(await versions.first().textContent()).toContain('wolf-119');
    await page.getByRole('button', { name: 'Show 50 of 70 older versions' }).click();
    await eventually(() => versions.count()).toBe(100);
    // The address has how many.
    await page.reload();
    await eventually(() => versions.count()).toBe(100);
    await page.getByRole('button', { name: 'Show 20 of 20 older versions' }).waitFor();

    const points = page.getByRole('group', { name: /^unet_lr against/ }).getByRole('link');
    await eventually(() => points.count()).toBe(120);
    await page.getByRole('radio', { name: 'last loss' }).focus();
    await page.keyboard.press('Tab');
    const focused = () => page.evaluate('String(document.activeElement.getAttribute("aria-label"))');
    const first = await focused();
    expect(first).toMatch(/^wolf-\d+: unet_lr/);
    await page.keyboard.press('ArrowRight');
    await eventually(focused).not.toBe(first);
    await page.keyboard.press('Home');
    await eventually(focused).toBe(first);
    await page.keyboard.press('Tab');
    await eventually(focused).not.toMatch(/^wolf-\d+: unet_lr/);
    await context.unroute('**/api/history?*');
    await context.unroute('**/api/history/setting?*');
  });
});
