/** The charts of a run: every point can be reached, by mouse, by keys and as numbers, and nothing measured is left out. */
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { makeRunId, type RunId } from '../../src/model/run-id.ts';
import { parseRunName } from '../../src/model/run-name.ts';
import { created, ended, tell } from '../../src/server/testing/served-home.ts';
import { type Home, openHome } from '../../src/store/home.ts';
import { MetricsWriter } from '../../src/store/metrics/metrics-writer.ts';
import { spoor } from '../support/spoor.ts';
import { makeWorld } from '../support/world.ts';
import { violations } from './axe.ts';
import { eventually, type Open, open, type Visit, visit } from './browser.ts';

const begin = Date.UTC(2026, 4, 1);
const steps = 20_000;
let on: Open;
let guest: Visit;
let first: RunId;
let second: RunId;
let resumed: RunId;

/** Two steps a second; every thousandth step stands out. */
async function run(home: Home, hour: number, name: string, until: number): Promise<RunId> {
  const id = makeRunId(begin + hour * 3_600_000, new Uint8Array(10));
  const family = parseRunName(name);
  await tell(home, id, created(id, name, { name: family }), ended());
  const metrics = new MetricsWriter(join(home.runs.path(id), 'metrics'), 'events');
  const at = (begin + hour * 3_600_000) / 1000;
  for (let step = 1; step <= until; step++) {
    const value = step % 1000 === 500 ? 0.9 : 0.5 / (1 + step / 1000);
    metrics.add('loss/current', 'step', step, at + step / 2, step > until - 3 ? Number.NaN : value);
    metrics.add('lr/unet', 'step', step, at + step / 2, 1e-4 * (step / until));
  }
  metrics.close();
  const machine = new MetricsWriter(join(home.runs.path(id), 'machine'), 'machine');
  for (let second = 0; second < 600; second += 5) {
    const time = at + second;
    machine.add('machine/cpu', 'time', time, time, 10 + (second % 50));
  }
  machine.close();
  return id;
}

beforeAll(async () => {
  const world = makeWorld();
  const home = await openHome(world.spoorHome, 'den');
  first = await run(home, 1, 'noob-wolf-v1s20000', steps);
  second = await run(home, 2, 'noob-wolf-v2s20000', steps);
  resumed = await run(home, 3, 'noob-wolf-v3s100', 100);
  await tell(home, resumed, { type: 'resumed', state: '/out/state', run: first, step: 50, epoch: null });
  await spoor(world, ['reindex']);
  on = await open(world);
  guest = await visit(on.browser, on.served);
}, 60_000);
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => {
  guest.faults.length = 0;
});

const chart = (page: Page, tag: string) => page.getByRole('slider', { name: `Chart of ${tag}` });
const zoom = (page: Page) => new URL(page.url()).searchParams.get('zoom');
/** Between which places of the axis a chart stands. */
async function ends(page: Page, tag: string): Promise<[number, number]> {
  const found = chart(page, tag);
  return [Number(await found.getAttribute('aria-valuemin')), Number(await found.getAttribute('aria-valuemax'))];
}

it('are walked by keys, point after point, with one crosshair for all', async () => {
  const { page, go, faults } = guest;
  await go(`/runs/${second}?tab=charts&smooth=0&zoom=step%3A499%3A502`);
  const loss = chart(page, 'loss/current');
  await loss.focus();
  // The overview holds a tenth of the points; what is looked at is asked for in full.
  await eventually(async () => {
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    return loss.getAttribute('aria-valuetext');
  }).toBe('500: noob-wolf-v1s20000 0.9, loss/current 0.9');
  await eventually(() => chart(page, 'lr').getAttribute('data-at')).toBe('500');
  await page.keyboard.press('ArrowRight');
  await eventually(() => loss.getAttribute('aria-valuetext')).toMatch(/^501: .*loss\/current 0\.3331$/);
  expect(await chart(page, 'cpu').getAttribute('data-at')).toBe(null);
  expect(faults).toEqual([]);
});

it('are zoomed by keys, by buttons and by dragging, all that have the axis at once, and the address keeps it', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}?tab=charts`);
  const loss = chart(page, 'loss/current');
  await eventually(() => ends(page, 'loss/current')).toEqual([1, steps]);
  await loss.focus();
  await page.keyboard.press('+');
  await eventually(() => zoom(page)).toMatch(/^step:/);
  const width = async () => {
    const [from, to] = await ends(page, 'loss/current');
    return to - from;
  };
  await eventually(width).toBeCloseTo((steps - 1) / 2);
  const half = await ends(page, 'loss/current');
  await eventually(() => ends(page, 'lr')).toEqual(half);
  await page.reload();
  await eventually(() => ends(page, 'lr')).toEqual(half);
  await page.getByRole('button', { name: 'Zoom out: lr' }).click();
  await eventually(() => zoom(page)).toBe(null);

  const box = (await loss.boundingBox()) ?? expect.unreachable();
  await page.mouse.move(box.x + box.width / 2, box.y + 80);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.75, box.y + 80, { steps: 4 });
  await page.mouse.up();
  await eventually(() => zoom(page)).toMatch(/^step:/);
  await eventually(async () => (await ends(page, 'lr'))[0]).toBeGreaterThan(steps / 3);
  await page.mouse.dblclick(box.x + box.width / 2, box.y + 80);
  await eventually(() => zoom(page)).toBe(null);
  await eventually(() => ends(page, 'loss/current')).toEqual([1, steps]);
});

it('keep their points where time is the axis, of the machine too', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}?tab=charts&x=time&smooth=0&zoom=duration%3A249%3A251`);
  await eventually(() => ends(page, 'cpu')).toEqual([249, 251]);
  await chart(page, 'loss/current').focus();
  await eventually(async () => {
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowRight');
    return chart(page, 'loss/current').getAttribute('aria-valuetext');
  }).toMatch(/^4:10: .*loss\/current 0\.9$/);
  await chart(page, 'cpu').focus();
  await page.keyboard.press('Home');
  await eventually(() => chart(page, 'cpu').getAttribute('aria-valuetext')).toMatch(/^4:10: .*10 %$/);
});

it('say where the loss was NaN, in words and in the table', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}?tab=charts&zoom=step%3A19990%3A20000`);
  await eventually(() => page.getByText(/points (is|are) NaN or infinite/).count()).toBe(1);
  await page.getByRole('button', { name: 'As a table: loss/current' }).click();
  const table = page.getByRole('region', { name: 'loss/current' });
  await eventually(() => table.getByRole('row').count()).toBe(12);
  const last = table.getByRole('row').last();
  await eventually(() => last.getByRole('rowheader').textContent()).toBe('20,000');
  await eventually(() => last.getByRole('cell').allTextContents()).toEqual(['NaN', 'NaN', 'NaN']);
  expect(await violations(page)).toEqual([]);
});

it('have the version before behind them, until that is switched off', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}?tab=charts`);
  const behind = page.getByRole('button', { name: 'Behind: noob-wolf-v1s20000' });
  await behind.waitFor();
  const legend = page.getByRole('listitem').filter({ hasText: 'noob-wolf-v1s20000' });
  await eventually(() => legend.count()).toBe(3);
  await behind.click();
  await eventually(() => legend.count()).toBe(0);
  await page.reload();
  await eventually(() => behind.getAttribute('aria-pressed')).toBe('false');
  expect(await legend.count()).toBe(0);
});

it('mark where a run was resumed', async () => {
  const { page, go } = guest;
  await go(`/runs/${resumed}?tab=charts&previous=off`);
  await eventually(() => ends(page, 'loss/current')).toEqual([1, 150]);
  await eventually(() => page.getByText('resumed at 51').count()).toBe(2);
});

it('hide a curve by its legend, with keys', async () => {
  const { page, go } = guest;
  await go(`/runs/${second}?tab=charts`);
  const raw = page.getByRole('button', { name: /^loss\/current \(raw\)/ });
  await raw.focus();
  await page.keyboard.press('Space');
  await eventually(() => raw.getAttribute('aria-pressed')).toBe('false');
});
