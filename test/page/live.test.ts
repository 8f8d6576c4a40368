/** A training is looked at while it trains: with a server that is killed, a laptop that sleeps, and many windows. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { decodePoints } from '../../src/api/index.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';
import { eventually, launchBrowser, type Served, serve, type Visit, visit } from './browser.ts';

let world: World;
let browser: Browser;
let served: Served;
let port: string;

beforeAll(async () => {
  world = makeWorld();
  await recorded(world, ['true'], { args: ['--name', 'noob-fox-v1'] });
  browser = await launchBrowser();
  served = await serve(world);
  ({ port } = new URL(served.origin));
});
afterAll(async () => {
  await browser?.close();
  await served?.stop();
  world?.remove();
});

/** A training of 40 steps that waits at the tenth until it is told to go on. */
function train(name: string) {
  const at = (file: string) => join(world.root, `${name}-${file}`);
  const output = at('output');
  const args = ['--max_train_steps', '40', '--logging_dir', at('logs'), '--output_dir', output, '--output_name', name];
  const picture = world.write(join(world.root, 'picture.png'), png('picture'));
  const env = { T_HOLD: at('hold'), T_HOLD_AT: '10', T_READY: at('ready'), T_SAMPLE: picture, T_STEP: '0.05' };
  const ended = spoor(world, ['run', '--name', name, '--', ...training(world, ...args)], { env });
  return {
    ended,
    waits: () => eventually(() => existsSync(at('ready'))).toBe(true),
    goOn: () => writeFileSync(at('hold'), ''),
  };
}

/** The steps of a curve as they came last, for every request of points that a page makes. */
function curves(page: Page): Map<string, number[]> {
  const found = new Map<string, number[]>();
  page.on('response', async (response) => {
    if (!response.url().includes('/api/points.bin') || response.status() !== 200) return;
    const body = await response.body().catch(() => null);
    if (body === null) return;
    for (const { run, tag, x } of decodePoints(new Uint8Array(body).buffer)) found.set(`${run} ${tag}`, [...x]);
  });
  return found;
}

const steps = Array.from({ length: 40 }, (_, at) => at + 1);
const link = ({ page }: Visit, name: string) => page.getByRole('link', { name, exact: true }).first();
const badge = (page: Page, text: string) => page.locator('main').getByText(text, { exact: true }).first();

/** Every line of the log that the page shows, from its first to its last. */
async function logLines(page: Page): Promise<string[]> {
  const log = page.getByRole('log');
  await log.evaluate((element) => element.scrollTo({ top: 0 }));
  await expect.poll(() => log.evaluate((element) => element.scrollTop)).toBe(0);
  return (await log.locator('.whitespace-pre > :last-child').allTextContents()).map((line) => line.trimEnd());
}

it('goes on by itself, without a gap, after the server was killed and started again', async () => {
  const guest = await visit(browser, served);
  const { page } = guest;
  const points = curves(page);
  await guest.go('/');
  await link(guest, 'noob-fox-v1').waitFor();

  // The run appears in the list by itself, with its progress, and is opened from there.
  const first = train('noob-wolf-v1');
  await link(guest, 'noob-wolf-v1').click();
  const progress = page.getByRole('progressbar', { name: /of 40/ });
  await eventually(() => progress.getAttribute('aria-label')).toBe('step 10 of 40');
  const run = new URL(page.url()).pathname.split('/').at(-1) as string;
  await page.getByRole('link', { name: /^Charts/ }).click();
  await eventually(() => points.get(`${run} loss/average`)).toEqual(steps.slice(0, 10));
  // Three more windows: the log, the samples, the list.
  const beside = async (path: string) => {
    const more = await guest.context.newPage();
    more.setDefaultTimeout(15_000);
    await more.goto(served.origin + path);
    await more.locator('main h1').waitFor();
    return more;
  };
  const log = await beside(`/runs/${run}?tab=log`);
  await log.getByRole('log').getByText('total optimization steps').first().waitFor();
  const samples = await beside(`/runs/${run}?tab=samples`);
  const list = await beside('/');
  await list.getByText('step 10 of 40').or(list.getByRole('progressbar')).first().waitFor();

  await served.kill?.();
  await page.getByRole('status').filter({ hasText: 'Not connected' }).getByText('goes on by itself').waitFor();
  await list.getByRole('button', { name: 'Try now' }).waitFor();
  const { violations } = await new AxeBuilder({ page: list }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);

  // Meanwhile one goes on to its end, and another begins and waits.
  first.goOn();
  await first.ended;
  const second = train('noob-wolf-v2');
  await second.waits();

  served = await serve(world, '--port', port);
  await badge(page, 'succeeded').waitFor();
  await eventually(() => points.get(`${run} loss/average`)).toEqual(steps);
  await page.getByRole('status').filter({ hasText: 'Not connected' }).waitFor({ state: 'detached' });
  await log.getByRole('log').getByText('model saved.').waitFor();
  const whole = await spoor(world, ['log', 'noob-wolf-v1', '--clean']);
  const lines = String(whole.stdout).trimEnd().split('\n');
  expect(lines.length).toBeGreaterThan(4);
  await eventually(() => logLines(log)).toEqual(lines.map((line) => line.trimEnd()));
  const { artifacts } = JSON.parse(String((await spoor(world, ['show', run, '--json'])).stdout));
  const made = artifacts.filter(({ kind }: { kind: string }) => kind === 'sample').length;
  const pictures = samples.locator('main img');
  await eventually(() => pictures.count()).toBe(made);
  // Those further down are loaded when they are seen.
  const isShown = (image: unknown) => (image as { naturalWidth: number }).naturalWidth > 0;
  for (const picture of await pictures.all()) {
    await picture.scrollIntoViewIfNeeded();
    await eventually(() => picture.evaluate(isShown)).toBe(true);
  }

  // The list has both, and what trains now goes on being told.
  await list.getByRole('link', { name: 'noob-wolf-v2', exact: true }).first().click();
  await eventually(() => list.getByRole('progressbar', { name: /of 40/ }).getAttribute('aria-label')).toBe(
    'step 10 of 40',
  );
  const others = curves(list);
  await list.getByRole('link', { name: /^Charts/ }).click();
  second.goOn();
  await second.ended;
  await badge(list, 'succeeded').waitFor();
  const other = new URL(list.url()).pathname.split('/').at(-1);
  await eventually(() => others.get(`${other} loss/average`)).toEqual(steps);

  // Reloaded, each is let in as before, also by a further server.
  await served.kill?.();
  served = await serve(world, '--port', port);
  await page.reload();
  await badge(page, 'succeeded').waitFor();
  await guest.context.close();
}, 180_000);

it('catches up after it was offline, or hidden', async () => {
  const guest = await visit(browser, served);
  const { page, context } = guest;
  await link(guest, 'noob-fox-v1').click();
  await page.getByRole('heading', { level: 1, name: 'noob-fox-v1' }).waitFor();
  await context.setOffline(true);
  // What an open stream still tells cannot be asked for; nor can a part of the page that was not looked at before.
  // The browser tells its network by a message to another process.
  await eventually(() => page.evaluate(() => fetch('/api/session').catch(() => 'cut off'))).toBe('cut off');
  const missed = page.waitForEvent('requestfailed', (request) => request.url().includes('/assets/charts-'));
  await page.getByRole('link', { name: 'Charts' }).click();
  await missed;
  await spoor(world, ['verdict', 'noob-fox-v1', 'worked', '--why', 'fur at last']);
  await spoor(world, ['tag', 'noob-fox-v1', 'meanwhile']);
  await badge(page, 'succeeded').waitFor();
  await context.setOffline(false);
  await badge(page, 'meanwhile').waitFor();
  await badge(page, 'worked').waitFor();
  await page.getByText('No curves yet').waitFor();
  const sheets = () => page.evaluate('document.styleSheets.length');
  expect(await sheets()).toBe(await page.locator('link[rel=stylesheet]').count());

  const seen = (visibilityState: string) =>
    page.evaluate(`Object.defineProperty(document, 'visibilityState', { value: '${visibilityState}', configurable: true });
      document.dispatchEvent(new Event('visibilitychange'))`);
  const left = page.waitForEvent('requestfailed', (request) => request.url().includes('/api/events'));
  await seen('hidden');
  await left;
  await spoor(world, ['tag', 'noob-fox-v1', 'unseen']);
  expect(await badge(page, 'unseen').count()).toBe(0);
  await seen('visible');
  await badge(page, 'unseen').waitFor();
  await context.close();
});

it('is loaded anew, once, where a part of it is not to be had any more', async () => {
  const { page, context } = await visit(browser, served);
  await page.getByRole('link', { name: 'noob-fox-v1', exact: true }).first().click();
  await page.getByRole('heading', { level: 1, name: 'noob-fox-v1' }).waitFor();
  const part = '**/assets/journal-*.js';
  await page.route(part, (route) => route.fulfill({ status: 404 }));
  const loaded = page.waitForEvent('load');
  await page.getByRole('link', { name: 'Journal' }).click();
  await loaded;
  const again = page.getByRole('button', { name: 'Try again' });
  await again.waitFor();
  expect(new URL(page.url()).searchParams.get('tab')).toBe('journal');
  await page.unroute(part);
  await again.click();
  await page.getByText('Run created').first().waitFor();
  await context.close();
});

it('works in eight windows at once, and tells all of them', async () => {
  const guest = await visit(browser, served);
  let streams = 0;
  const pages = [guest.page];
  while (pages.length < 8) pages.push(await guest.context.newPage());
  for (const page of pages)
    page.on('response', (response) => {
      const { pathname, searchParams } = new URL(response.url());
      if (pathname === '/api/events' && !searchParams.has('once')) streams++;
    });
  await Promise.all(
    pages.map(async (page) => {
      page.setDefaultTimeout(15_000);
      await page.goto(`${served.origin}/`);
      await page.getByRole('link', { name: 'noob-fox-v1', exact: true }).first().waitFor();
    }),
  );
  await recorded(world, ['true'], { args: ['--name', 'noob-fox-v2'] });
  for (const page of pages) await page.getByRole('link', { name: 'noob-fox-v2', exact: true }).first().waitFor();
  // Of the six connections of a browser some are left for what is asked.
  expect(streams).toBeGreaterThan(0);
  expect(streams).toBeLessThanOrEqual(3);
  for (const page of pages) {
    await page.getByRole('link', { name: 'noob-fox-v2', exact: true }).first().click();
    await badge(page, 'succeeded').waitFor();
  }
  // Where one with a stream is closed, another takes its place.
  await Promise.all(pages.slice(0, 4).map((page) => page.close()));
  await spoor(world, ['tag', 'noob-fox-v2', 'later']);
  for (const page of pages.slice(4)) await badge(page, 'later').waitFor();
  await guest.context.close();
}, 120_000);

it('says what to do where the server is of other records, and goes on once that is done', async () => {
  const guest = await visit(browser, served);
  const { page, context } = guest;
  await link(guest, 'noob-fox-v1').waitFor();
  await served.kill?.();
  served = await serve({ ...world, env: { ...world.env, SPOOR_HOME: join(world.root, 'another') } }, '--port', port);
  const told = page.getByRole('status').filter({ hasText: 'This server does not know this browser' });
  await told.getByText('spoor ui').waitFor();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.map(({ id }) => id)).toEqual([]);
  const more = await context.newPage();
  await more.goto(await served.link());
  await more.getByText('Nothing has been recorded yet').waitFor();
  await told.waitFor({ state: 'detached' });
  await page.getByText('Nothing has been recorded yet').waitFor();
  await context.close();
}, 120_000);
