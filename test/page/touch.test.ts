/** A phone, held upright and on its side: two fingers zoom and move pictures and charts, one moves the crosshair. */
import type { CDPSession, Locator } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { eventually, type Visit, visit } from './browser.ts';
import { runsParam, type Stage, stage } from './stage.ts';

let on: Stage;
let guest: Visit;
let hand: CDPSession;
beforeAll(async () => {
  on = await stage();
  const viewport = { width: 360, height: 780 };
  guest = await visit(on.browser, on.served, { viewport, hasTouch: true, isMobile: true });
  hand = await guest.context.newCDPSession(guest.page);
});
afterAll(() => on?.[Symbol.asyncDispose]());

type Point = [x: number, y: number];

/** Fingers that go from there to there in a few steps, and are lifted. */
async function fingers(...ways: [from: Point, to: Point][]): Promise<void> {
  const at = (part: number) =>
    ways.map(([from, to], id) => ({
      x: from[0] + (to[0] - from[0]) * part,
      y: from[1] + (to[1] - from[1]) * part,
      id,
    }));
  const send = (type: 'touchStart' | 'touchMove' | 'touchEnd', touchPoints: ReturnType<typeof at>) =>
    hand.send('Input.dispatchTouchEvent', { type, touchPoints });
  await send('touchStart', at(0));
  for (const part of [0.2, 0.4, 0.6, 0.8, 1]) await send('touchMove', at(part));
  await send('touchEnd', []);
}

async function middleOf(what: Locator): Promise<Point> {
  await what.scrollIntoViewIfNeeded();
  const box = await what.boundingBox();
  if (!box) throw new Error('it is not seen');
  return [box.x + box.width / 2, box.y + box.height / 2];
}

const search = (name: string) => new URL(guest.page.url()).searchParams.get(name);
const zoom = () => Number(search('zoom')?.split('_')[0] ?? 1);
const noPageZoom = async () => expect(await guest.page.evaluate('visualViewport.scale')).toBe(1);

it('pinches two small pictures of the matrix and moves all of them by one finger', async () => {
  const { page, go, faults } = guest;
  await go(`/samples?run=${runsParam(on.ids)}`);
  const cell = page.getByRole('gridcell').first();
  const [x, y] = await middleOf(cell);
  // From the foot of one picture and the head of that beneath it.
  const foot = y + ((await cell.boundingBox())?.height ?? 0) / 2;
  await fingers(
    [
      [x, foot - 34],
      [x, foot - 74],
    ],
    [
      [x, foot + 14],
      [x, foot + 54],
    ],
  );
  await eventually(zoom).toBeGreaterThan(2);
  await noPageZoom();
  const before = search('zoom');
  await fingers([
    [x, y],
    [x + 12, y + 8],
  ]);
  await eventually(() => search('zoom')).not.toBe(before);
  expect(faults).toEqual([]);
});

it('pinches one large picture, from the frames of both where they lie there', async () => {
  const { page, go } = guest;
  await go(`/samples?run=${runsParam(on.ids)}&view=pair&way=slider`);
  const [x, y] = await middleOf(page.locator('main img').first());
  await fingers(
    [
      [x - 20, y - 20],
      [x - 90, y - 90],
    ],
    [
      [x + 20, y + 20],
      [x + 90, y + 90],
    ],
  );
  await eventually(zoom).toBeGreaterThan(3);
  await fingers(
    [
      [x - 90, y],
      [x - 15, y],
    ],
    [
      [x + 90, y],
      [x + 15, y],
    ],
  );
  await eventually(zoom).toBe(1);
  await noPageZoom();
});

it('pinches a chart along its axis, and one finger takes the crosshair along', async () => {
  const { page, go } = guest;
  await go(`/runs/${on.ids[1]}?tab=charts`);
  const chart = page.getByRole('slider', { name: /Chart of/ }).first();
  await chart.locator('canvas').waitFor();
  const [x, y] = await middleOf(chart.locator('.u-over'));
  await fingers(
    [
      [x - 20, y],
      [x - 70, y],
    ],
    [
      [x + 20, y],
      [x + 70, y],
    ],
  );
  await eventually(() => search('zoom')).toMatch(/^step:/);
  const [, from = 0, to = 0] = search('zoom')?.split(':').map(Number) ?? [];
  expect(to - from).toBeLessThan(8);
  await noPageZoom();
  await fingers([
    [x, y],
    [x - 60, y],
  ]);
  await eventually(() => chart.getAttribute('data-at')).not.toBe(null);
  // Up and down, a finger scrolls.
  await fingers([
    [x, y],
    [x, y - 200],
  ]);
  await eventually(() => page.evaluate('scrollY')).toBeGreaterThan(50);
});

it('has room for its pages on its side', async () => {
  const { page, go, faults } = guest;
  await page.setViewportSize({ width: 740, height: 360 });
  const wide: unknown[] = [];
  for (const path of ['/', `/runs/${on.ids[1]}`, `/samples?run=${runsParam(on.ids)}&view=pair`, '/settings']) {
    await go(path);
    const content = Number(await page.evaluate('document.documentElement.scrollWidth'));
    if (content > 740) wide.push([path, content]);
  }
  expect(wide).toEqual([]);
  expect(faults).toEqual([]);
});
