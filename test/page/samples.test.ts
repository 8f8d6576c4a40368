import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { shown, spoor } from '../support/spoor.ts';
import { eventually, type Visit, visit } from './browser.ts';
import { runsParam, type Stage, stage } from './stage.ts';

let on: Stage;
let guest: Visit;

beforeAll(async () => {
  on = await stage();
  guest = await visit(on.browser, on.served);
});
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => {
  guest.faults.length = 0;
});

const samples = (more = '') => guest.go(`/samples?run=${runsParam(on.ids)}${more}`);

describe('the matrix', () => {
  it('has a row a prompt and run, a column a step, and a picture in each cell', async () => {
    const { page, faults } = guest;
    await samples();
    const table = page.getByRole('region', { name: 'Matrix' });
    await expect(table.getByRole('columnheader').allTextContents()).resolves.toEqual([
      'Prompt',
      'step 3',
      'step 6',
      'step 9',
      'step 12',
    ]);
    expect(await table.getByRole('rowheader').allTextContents()).toEqual([
      'a grey wolf at nightnoob-wolf-v1s12',
      'noob-wolf-v2s12',
      'a grey wolf in snownoob-wolf-v1s12',
      'noob-wolf-v2s12',
    ]);
    const pictures = table.getByRole('img');
    await eventually(() => pictures.count()).toBe(16);
    for (const picture of await pictures.all()) await picture.scrollIntoViewIfNeeded();
    await expect
      .poll(() =>
        pictures.evaluateAll((all) =>
          all.every((each) => (each as unknown as { naturalWidth: number }).naturalWidth === 64),
        ),
      )
      .toBe(true);
    expect(faults).toEqual([]);
  });

  it('has the runs beside each other within a step where that is wished', async () => {
    const { page } = guest;
    await samples();
    const table = page.getByRole('region', { name: 'Matrix' });
    await page.getByText('Beside', { exact: true }).click();
    await eventually(() => table.getByRole('rowheader').count()).toBe(2);
    expect(await table.locator('th[colspan="2"]').allTextContents()).toEqual(['step 3', 'step 6', 'step 9', 'step 12']);
    expect(await table.getByRole('img').count()).toBe(16);
    await page.getByText('Beneath', { exact: true }).click();
    await eventually(() => table.getByRole('rowheader').count()).toBe(4);
  });

  it('goes through steps and prompts by arrow keys; the place is in the address', async () => {
    const { page } = guest;
    await samples();
    const place = () => [...new URL(page.url()).searchParams].filter(([key]) => key === 'step' || key === 'prompt');
    for (const key of ['Home', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    await eventually(place).toEqual([
      ['step', '6'],
      ['prompt', '1'],
    ]);
    await page.keyboard.press('End');
    await eventually(place).toEqual([
      ['step', '12'],
      ['prompt', '1'],
    ]);
    await page.keyboard.press('Enter');
    await page.getByRole('slider', { name: 'Step' }).waitFor();
    expect(page.url()).toContain('view=step');
  });
});

it('moves all pictures to another step by the scrubber', async () => {
  const { page } = guest;
  await samples('&view=step');
  const scrubber = page.getByRole('slider', { name: 'Step' });
  const shownNow = () => page.locator('main li img').evaluateAll((all) => all.map((each) => each.getAttribute('src')));
  const before = await shownNow();
  expect(before).toHaveLength(4);
  await scrubber.fill('0');
  await page.getByText('step 3', { exact: true }).waitFor();
  await eventually(async () => (await shownNow()).some((each) => before.includes(each))).toBe(false);
});

it('zooms into all pictures at once', async () => {
  const { page } = guest;
  await samples('&view=step');
  const fit = page.getByRole('button', { name: 'Fit' });
  expect(await fit.isDisabled()).toBe(true);
  const widths = () =>
    page.locator('main li img').evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().width)));
  const [before = 0] = await widths();
  await page.locator('main li img').first().dblclick();
  await eventually(async () => Math.min(...(await widths()))).toBeGreaterThan(before);
  expect(new Set(await widths()).size).toBe(1);
  await fit.click();
  await eventually(async () => (await widths())[0]).toBe(before);
});

it('lays two runs over each other: slider, side by side, blink, difference, by keys', async () => {
  const { page } = guest;
  await samples('&view=pair');
  const divide = page.getByRole('slider', { name: 'Dividing line' });
  await divide.waitFor();
  await page.keyboard.press('2');
  await page.locator('figcaption', { hasText: 'noob-wolf-v2s12' }).waitFor();
  await page.keyboard.press('3');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await page.keyboard.press('4');
  await page.locator('.mix-blend-difference img').waitFor();
  expect(await divide.count()).toBe(0);
});

it('does not blink by itself where motion is to be reduced', async () => {
  const still = await visit(on.browser, on.served, { reducedMotion: 'reduce' });
  await still.go(`/samples?run=${runsParam(on.ids)}&view=pair`);
  await still.page.keyboard.press('3');
  await still.page.getByRole('button', { name: 'Blink', exact: true }).last().waitFor();
  expect(await still.page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  await still.context.close();
});

it('judges without names, and keeps the tally in the notes of both and in `spoor best`', async () => {
  const { page, faults } = guest;
  await samples('&view=blind');
  await page.getByRole('button', { name: 'Begin' }).click();
  await page.getByRole('button', { name: 'Left' }).waitFor();
  // Below the heading with its chips nothing says whose a picture is.
  const content = page.locator('main > :not(header)');
  expect((await content.allInnerTexts()).join()).not.toContain('noob-wolf');
  expect(await page.locator('main img').evaluateAll((all) => all.map((each) => each.getAttribute('alt')))).toEqual([
    'A picture without a name',
    'A picture without a name',
  ]);
  // The second run's pictures are the better ones, wherever they stand.
  const ofSecond = (side: number) =>
    page
      .locator('main img')
      .nth(side)
      .evaluate((each, id) => each.getAttribute('src')?.includes(id), on.ids[1]);
  for (let pair = 0; pair < 8; pair++) {
    await page.locator('main img').nth(1).waitFor();
    const before = await page.locator('main img').first().getAttribute('src');
    await page.keyboard.press((await ofSecond(0)) ? 'ArrowLeft' : 'ArrowRight');
    if (pair < 7) await eventually(() => page.locator('main img').first().getAttribute('src')).not.toBe(before);
  }
  await page.getByRole('heading', { name: 'noob-wolf-v2s12 was preferred' }).waitFor();
  await page.getByRole('button', { name: 'Keep with both runs' }).click();
  await page.getByRole('button', { name: 'Kept' }).waitFor();
  for (const id of on.ids) {
    const run = await shown(on.world, id);
    expect(run.blindTests).toHaveLength(1);
    expect(JSON.stringify(run.notes)).toContain('noob-wolf-v2s12');
  }
  const best = await spoor(on.world, ['best', ...on.ids]);
  expect(
    String(best.stdout)
      .split('\n')
      .find((line) => line.includes('noob-wolf')),
  ).toContain('noob-wolf-v2s12');
  expect(faults).toEqual([]);
});
