/** The log of a run: searched from match to match, narrowed to what warns, followed while it grows, however long it is. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeRunId, type RunId } from '../../src/model/run-id.ts';
import { created, ended, tell } from '../../src/server/testing/served-home.ts';
import { openHome } from '../../src/store/home.ts';
import { makeWorld } from '../support/world.ts';
import { eventually, type Open, open, type Visit, visit } from './browser.ts';

const lines = 1_000_000;
let on: Open;
let guest: Visit;
let long: RunId;
let live: RunId;
let none: RunId;
let liveLog: string;

beforeAll(async () => {
  const world = makeWorld();
  const home = await openHome(world.spoorHome, 'den');
  const id = (hour: number) => makeRunId(Date.UTC(2026, 4, 1, hour), new Uint8Array(10));
  [long, live, none] = [id(1), id(2), id(3)];
  await tell(home, long, created(long, 'long'), ended());
  const text = Array.from({ length: lines }, (_, at) => {
    if (at === 70_000) return '\x1b[33mWARNING\x1b[0m \x1b[38;5;196mneedle\x1b[0m one';
    if (at === 900_000) return 'Traceback (most recent call last): needle two';
    return `step ${at} loss 0.1`;
  });
  writeFileSync(join(home.runs.path(long), 'log'), `${text.join('\n')}\n`);
  const process = { pid: 1, startTicks: 1, bootId: null, pidNamespace: null, host: 'den' };
  await tell(home, live, created(live, 'live'), { type: 'started', waiter: process, trainer: null });
  liveLog = join(home.runs.path(live), 'log');
  writeFileSync(liveLog, Array.from({ length: 200 }, (_, at) => `line ${at}\n`).join(''));
  await tell(home, none, created(none, 'none'), ended());
  on = await open(world);
  guest = await visit(on.browser, on.served);
}, 60_000);
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => {
  guest.faults.length = 0;
});

const search = () => Object.fromEntries(new URL(guest.page.url()).searchParams);

it('shows the end of a million lines, and its middle', async () => {
  const { page, go, faults } = guest;
  await go(`/runs/${long}?tab=log`);
  const log = page.getByRole('log');
  await log.getByText('step 999999 loss').waitFor();
  await page.getByText('1,000,000 lines').waitFor();
  expect(await log.locator('div.absolute').count()).toBeLessThan(150);
  await log.focus();
  await page.keyboard.press('Home');
  await log.getByText('step 0 loss').waitFor();
  // What is scrolled through at once ends before the log does, and goes on there.
  const toEnd = () =>
    log.evaluate((each) => {
      each.scrollTop = each.scrollHeight;
    });
  await toEnd();
  await log.getByText('step 399999 loss').waitFor();
  await toEnd();
  await log.getByText('step 599999 loss').waitFor();
  await page.getByRole('button', { name: 'To the end' }).click();
  await log.getByText('step 999999 loss').waitFor();
  expect(faults).toEqual([]);
});

it('goes from match to match by keys, with those around, and the address keeps both', async () => {
  const { page, go } = guest;
  await go(`/runs/${long}?tab=log`);
  await page.getByRole('log').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('needle');
  await page.getByRole('status').getByText('1 of 2 lines').waitFor();
  const log = page.getByRole('log');
  await log.getByText('step 69999 loss').waitFor();
  await eventually(() => log.locator('[aria-current] mark').allTextContents()).toEqual(['needle']);
  expect(await log.getByText('WARNING', { exact: true }).getAttribute('class')).toContain('text-warn');
  await page.keyboard.press('Enter');
  await page.getByRole('status').getByText('2 of 2 lines').waitFor();
  await log.getByText('step 900001 loss').waitFor();
  await eventually(search).toMatchObject({ q: 'needle', line: '900001' });
  await page.reload();
  await log.getByText('step 900001 loss').waitFor();
  await page.getByRole('log').focus();
  await page.keyboard.press('Shift+N');
  await page.getByRole('status').getByText('1 of 2 lines').waitFor();
  await page.getByRole('searchbox').focus();
  await page.keyboard.press('Escape');
  await eventually(() => search().q).toBe(undefined);
});

it('shows only what warns, and from there what stands around it', async () => {
  const { page, go } = guest;
  await go(`/runs/${long}?tab=log`);
  await page.getByRole('button', { name: 'Only warnings' }).click();
  await page.getByText('2 lines', { exact: true }).waitFor();
  await page.getByRole('button', { name: 'Line 70001: see it in the whole log' }).click();
  await page.getByRole('log').getByText('step 70001 loss').waitFor();
  await eventually(search).toMatchObject({ line: '70001' });
  await page.goBack();
});

it('says that none was kept, without a fault', async () => {
  const { page, go, faults } = guest;
  await go(`/runs/${none}?tab=log`);
  await page.getByText('No log was kept').waitFor();
  expect(faults).toEqual([]);
});

it('follows the end while it grows, until one pauses or scrolls up', async () => {
  const { page } = guest;
  await page.goto(`${on.served.origin}/runs/${live}?tab=log`);
  const log = page.getByRole('log');
  const follow = page.getByRole('button', { name: 'Follow' });
  await log.getByText('line 199', { exact: true }).waitFor();
  appendFileSync(liveLog, 'then this\nsteps:  50%|#####     | 1/2 [00:01<00:01]');
  await log.getByText('then this').waitFor();
  await log.getByText('1/2 [00:01<00:01]').waitFor();
  await eventually(() => follow.getAttribute('aria-pressed')).toBe('true');

  await log.hover();
  await page.mouse.wheel(0, -1500);
  await eventually(() => follow.getAttribute('aria-pressed')).toBe('false');
  appendFileSync(liveLog, `\n${'more\n'.repeat(100)}the last\n`);
  await page.getByText('303 lines').waitFor();
  expect(await log.getByText('the last').count()).toBe(0);
  await follow.click();
  await log.getByText('the last').waitFor();
});
