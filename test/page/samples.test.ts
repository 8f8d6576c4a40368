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

const address = (...names: string[]) =>
  [...new URL(guest.page.url()).searchParams].filter(([key]) => names.includes(key));

describe('the matrix', () => {
  it('has a row a prompt and run, a column a step, and a picture in each cell', async () => {
    const { page, faults } = guest;
    await samples();
    const table = page.getByRole('grid', { name: 'Matrix' });
    await eventually(() => table.getByRole('columnheader').allTextContents()).toEqual([
      'Prompt',
      'step 3',
      'step 6',
      'step 9',
      'step 12',
    ]);
    await table.evaluate((each) => each.scrollTo(0, 1e4));
    await eventually(() => table.getByRole('rowheader').last().textContent()).toBe('noob-wolf-v2s12');
    await eventually(() => table.getAttribute('aria-rowcount')).toBe('5');
    await table.evaluate((each) => each.scrollTo(0, 0));
    await eventually(async () => (await table.getByRole('rowheader').allTextContents()).slice(0, 3)).toEqual([
      'a grey wolf at nightnoob-wolf-v1s12',
      'noob-wolf-v2s12',
      'a grey wolf in snownoob-wolf-v1s12',
    ]);
    const pictures = table.getByRole('row').nth(1).getByRole('img');
    await expect
      .poll(() =>
        pictures.evaluateAll((all) => all.map((each) => (each as unknown as { naturalWidth: number }).naturalWidth)),
      )
      .toEqual([64, 64, 64, 64]);
    await eventually(() => table.getByRole('gridcell').first().textContent()).toBe('seed 42');
    expect(faults).toEqual([]);
  });

  it('has the runs beside each other within a step where that is wished, and the address says so', async () => {
    const { page } = guest;
    await samples();
    const table = page.getByRole('grid', { name: 'Matrix' });
    await page.getByText('Beside', { exact: true }).click();
    await eventually(() => table.getByRole('rowheader').count()).toBe(2);
    await eventually(() => table.locator('[aria-colspan="2"]').allTextContents()).toEqual([
      'step 3',
      'step 6',
      'step 9',
      'step 12',
    ]);
    await eventually(() => table.getByRole('img').count()).toBe(16);
    await eventually(() => address('lay')).toEqual([['lay', 'beside']]);
    await page.reload();
    await eventually(() => table.getByRole('rowheader').count()).toBe(2);
  });

  it('goes through steps and prompts by arrow keys; the place is in the address', async () => {
    const { page } = guest;
    await samples();
    for (const key of ['Home', 'ArrowRight', 'ArrowDown']) await page.keyboard.press(key);
    await eventually(() => address('step', 'prompt')).toEqual([
      ['step', '6'],
      ['prompt', '1'],
    ]);
    const table = page.getByRole('grid', { name: 'Matrix' });
    const active = async () =>
      page.locator(`[id="${await table.getAttribute('aria-activedescendant')}"]`).getAttribute('aria-label');
    await eventually(active).toBe('step 6, noob-wolf-v1s12, a grey wolf in snow, seed 43');
    await page.keyboard.press('End');
    await eventually(() => address('step', 'prompt')).toEqual([
      ['step', '12'],
      ['prompt', '1'],
    ]);
    await page.keyboard.press('Enter');
    await page.getByRole('slider', { name: 'Step' }).waitFor();
    await eventually(() => page.url()).toContain('view=step');
  });

  it('zooms into one picture and moves in all of them, by wheel, by keys and by address', async () => {
    const { page } = guest;
    await samples();
    const table = page.getByRole('grid', { name: 'Matrix' });
    const pictures = table.getByRole('img');
    await pictures.first().waitFor();
    /** How much wider than its frame each picture is, and where it begins from there. */
    const shapes = () =>
      pictures.evaluateAll((all) =>
        all.map((each) => {
          const own = each.getBoundingClientRect();
          const frame = each.parentElement?.parentElement?.getBoundingClientRect() ?? own;
          return [
            Math.round((own.width / frame.width) * 10) / 10,
            Math.round(own.x - frame.x),
            Math.round(own.y - frame.y),
          ].join();
        }),
      );
    const numbers = async () => (await shapes())[0]?.split(',').map(Number) ?? [];
    await eventually(async () => new Set(await shapes())).toEqual(new Set(['1,0,0']));
    await pictures.nth(1).hover();
    await page.keyboard.down('Control');
    await page.mouse.wheel(0, -300);
    await page.keyboard.up('Control');
    await eventually(async () => (await numbers())[0]).toBeGreaterThan(2);
    await eventually(async () => new Set(await shapes()).size).toBe(1);
    const before = await shapes();
    await eventually(() => address('zoom').length).toBe(1);
    const written = address('zoom');
    await page.keyboard.press('Shift+ArrowLeft');
    await eventually(async () => (await shapes())[0]).not.toBe(before[0]);
    await eventually(async () => new Set(await shapes()).size).toBe(1);
    await eventually(() => address('zoom')).not.toEqual(written);
    const zoomed = await numbers();
    await page.reload();
    await pictures.first().waitFor();
    await eventually(numbers).toEqual(zoomed.map((each) => expect.closeTo(each, -0.5)));
    await page.keyboard.press('0');
    await eventually(async () => new Set(await shapes())).toEqual(new Set(['1,0,0']));
    await eventually(() => address('zoom')).toEqual([]);
  });

  it('leaves Enter to a button that has the focus', async () => {
    const { page } = guest;
    await samples();
    await page.getByRole('button', { name: 'Zoom in' }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('group', { name: 'Zoom' }).getByText('135%').waitFor();
    expect(page.url()).not.toContain('view=step');
  });
});

it('moves all pictures to another step by the scrubber', async () => {
  const { page } = guest;
  await samples('&view=step');
  const scrubber = page.getByRole('slider', { name: 'Step' });
  const shownNow = () => page.locator('main li img').evaluateAll((all) => all.map((each) => each.getAttribute('src')));
  await eventually(shownNow).toHaveLength(4);
  const before = await shownNow();
  await scrubber.fill('0');
  await page.getByText('step 3', { exact: true }).waitFor();
  await eventually(async () => (await shownNow()).some((each) => before.includes(each))).toBe(false);
});

it('zooms into all pictures at once', async () => {
  const { page } = guest;
  await samples('&view=step');
  const fit = page.getByRole('button', { name: 'Fit' });
  await eventually(() => fit.isDisabled()).toBe(true);
  const widths = () =>
    page.locator('main li img').evaluateAll((all) => all.map((each) => Math.round(each.getBoundingClientRect().width)));
  await eventually(async () => Math.min(...(await widths()))).toBeGreaterThan(0);
  const [before = 0] = await widths();
  await page.locator('main li img').first().dblclick();
  await eventually(async () => Math.min(...(await widths()))).toBeGreaterThan(before);
  await eventually(async () => new Set(await widths()).size).toBe(1);
  await fit.click();
  await eventually(async () => (await widths())[0]).toBe(before);
});

it('lays two runs over each other: slider, side by side, blink, difference, by keys', async () => {
  const { page } = guest;
  await samples('&view=pair');
  const divide = page.getByRole('slider', { name: 'Dividing line' });
  await divide.waitFor();
  // The line is dragged over the picture itself, too.
  const box = await page.locator('main img').first().boundingBox();
  if (!box) throw new Error('no picture');
  await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 4, box.y + box.height / 2, { steps: 3 });
  await page.mouse.up();
  await eventually(() => divide.inputValue()).toBe('25');
  await page.keyboard.press('2');
  const captions = page.locator('figcaption');
  await eventually(() => captions.allTextContents()).toEqual(['noob-wolf-v1s12seed 42', 'noob-wolf-v2s12seed 42']);
  await page.keyboard.press('3');
  await page.getByRole('button', { name: 'Stop' }).waitFor();
  await page.keyboard.press('4');
  await page.locator('.mix-blend-difference img').waitFor();
  await divide.waitFor({ state: 'detached' });
  await eventually(() => address('way')).toEqual([['way', 'difference']]);
});

it('does not blink by itself where motion is to be reduced', async () => {
  const still = await visit(on.browser, on.served, { reducedMotion: 'reduce' });
  await still.go(`/samples?run=${runsParam(on.ids)}&view=pair`);
  await still.page.keyboard.press('3');
  await still.page.getByRole('button', { name: 'Blink', exact: true }).last().waitFor();
  expect(await still.page.getByRole('button', { name: 'Stop' }).count()).toBe(0);
  await still.context.close();
});

describe('the blind test', () => {
  /** Which of the two pictures is the second run's, by its colour: it was drawn in orange, the other in blue. */
  const ofSecond = (side: number) =>
    guest.page
      .locator('main img')
      .nth(side)
      .evaluate(async (each) => {
        const image = each as unknown as { decode(): Promise<void> };
        await image.decode();
        const scope = globalThis as unknown as {
          OffscreenCanvas: new (
            w: number,
            h: number,
          ) => { getContext(kind: '2d'): Record<string, (...args: unknown[]) => { data: number[] }> };
        };
        const pen = new scope.OffscreenCanvas(1, 1).getContext('2d');
        pen.drawImage?.(image, 0, 0, 1, 1);
        const [red = 0, , blue = 0] = pen.getImageData?.(0, 0, 1, 1).data ?? [];
        return red > blue;
      });
  const counter = (at: number) => guest.page.getByText(`${at} / 8`, { exact: true });
  const begin = async () => {
    await samples('&view=blind');
    await guest.page.getByRole('button', { name: /^Begin/ }).click();
    await counter(1).waitFor();
    await guest.page.locator('main img').nth(1).waitFor();
  };

  it('gives no side away: not by a name, an address, a text, nor by anything in the document', async () => {
    const { page } = guest;
    await begin();
    for (let pair = 1; pair <= 8; pair++) {
      await counter(pair).waitFor();
      await page.locator('main img').nth(1).waitFor();
      // Below the heading with its chips nothing says whose a picture is.
      const content = await page
        .locator('main > :not(header)')
        .evaluateAll((all) => all.map((each) => each.outerHTML).join());
      expect(content).not.toContain('noob-wolf');
      for (const id of on.ids) expect(content).not.toContain(id);
      // Nor does the address beyond which runs they are: of the test letters that chance gave, and which sides were taken.
      expect([...new URL(page.url()).searchParams.keys()].sort()).toEqual(
        ['run', 'view', 'test', ...(pair > 1 ? ['judged'] : [])].sort(),
      );
      expect(address('test', 'judged').map(([, value]) => value)).toEqual([
        expect.stringMatching(/^[a-p]{24}$/),
        ...(pair > 1 ? ['t'.repeat(pair - 1)] : []),
      ]);
      const pictures = page.locator('main img');
      const told = await pictures.evaluateAll((all) =>
        all.map((each) =>
          [...each.attributes].map(({ name, value }) => [name, name === 'src' ? value.slice(0, 5) : value]),
        ),
      );
      expect(told).toHaveLength(2);
      expect(told[0]).toEqual(told[1]);
      expect(told[0]).toContainEqual(['src', 'blob:']);
      if (pair < 8) await page.keyboard.press('ArrowDown');
    }
  });

  it('takes back what was judged last', async () => {
    const { page } = guest;
    await begin();
    const first = await page.locator('main img').evaluateAll((all) => all.map((each) => each.getAttribute('src')));
    await page.keyboard.press('ArrowLeft');
    await counter(2).waitFor();
    await page.keyboard.press('Backspace');
    await counter(1).waitFor();
    await page.locator('main img').nth(1).waitFor();
    const again = () => page.locator('main img').evaluateAll((all) => all.map((each) => each.getAttribute('src')));
    await eventually(again).toEqual(first);
    await eventually(() => page.getByRole('button', { name: 'Take back' }).isDisabled()).toBe(true);
  });

  it('is judged by clicks as by keys, and ended early says how little that is', async () => {
    const { page } = guest;
    await begin();
    await page.getByRole('button', { name: (await ofSecond(0)) ? 'Left' : 'Right' }).click();
    await counter(2).waitFor();
    await page.getByRole('button', { name: 'No difference' }).click();
    await counter(3).waitFor();
    await page.getByRole('button', { name: 'Enough; show the result' }).click();
    await page.getByRole('heading', { name: 'noob-wolf-v2s12 was preferred' }).waitFor();
    await page.getByText(/Preferred in 1 of 1: 100%, 95 % interval 21%–100% \(Wilson\)/).waitFor();
    await page.getByText('chance would be as uneven in 100 % of such tests').waitFor();
    await page.getByText('That may still be chance.').waitFor();
  });

  it('goes on where it was after a reload, by back and forward, without its address and in another browser', async () => {
    const { page } = guest;
    await begin();
    const onSides = () => Promise.all([0, 1].map(ofSecond));
    for (const pair of [1, 2, 3]) {
      await counter(pair).waitFor();
      await page.locator('main img').nth(1).waitFor();
      await page.keyboard.press(pair === 2 ? 'ArrowDown' : (await ofSecond(0)) ? 'ArrowLeft' : 'ArrowRight');
    }
    // Whatever was judged is kept at once: the reload follows the last key.
    await page.reload();
    await counter(4).waitFor();
    await page.locator('main img').nth(1).waitFor();
    const sides = await onSides();
    await eventually(() => address('judged')[0]?.[1]).toMatch(/^[lr]t[lr]$/);
    await page.goBack();
    await page.getByRole('button', { name: 'Go on: 3 of 8 judged' }).waitFor();
    await page.goForward();
    await counter(4).waitFor();
    await page.locator('main img').nth(1).waitFor();
    expect(await onSides()).toEqual(sides);
    // Of an address alone: what this browser remembers is taken away.
    const other = await visit(on.browser, on.served);
    await other.page.goto(page.url());
    await other.page.getByText('4 / 8', { exact: true }).waitFor();
    await other.context.close();
    // As a tab that was closed: nothing of the test is in the address.
    await samples('&view=blind');
    await page.getByRole('button', { name: 'Go on: 3 of 8 judged' }).click();
    await counter(4).waitFor();
    await page.locator('main img').nth(1).waitFor();
    expect(await onSides()).toEqual(sides);
    await page.getByRole('button', { name: 'Enough; show the result' }).click();
    await page.getByText(/Preferred in 2 of 2/).waitFor();
    await page.reload();
    await page.getByText(/Preferred in 2 of 2/).waitFor();
    await page.getByRole('button', { name: 'Judge again' }).click();
    await page.getByRole('button', { name: /^Begin/ }).waitFor();
  });

  it('does not count what could not be shown', async () => {
    const { page, context } = guest;
    const pictures = '**/api/runs/*/samples/*/*';
    await context.route(pictures, (route) => route.abort());
    await samples('&view=blind');
    await page.getByRole('button', { name: /^Begin/ }).click();
    for (let pair = 1; pair <= 8; pair++) {
      await counter(pair).waitFor();
      await page.getByText('not kept').nth(1).waitFor();
      await page.keyboard.press('ArrowLeft');
    }
    await page.getByText('8 pairs could not be shown and do not count.').waitFor();
    expect(await page.getByRole('button', { name: 'Keep with both runs' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Judge again' }).click();
    await context.unroute(pictures);
  });

  it('keeps the tally in the notes of both and in `spoor best`, once', async () => {
    const { page, faults } = guest;
    await begin();
    // The second run's pictures are the better ones, wherever they stand.
    for (let pair = 1; pair <= 8; pair++) {
      await counter(pair).waitFor();
      await page.locator('main img').nth(1).waitFor();
      await page.keyboard.press((await ofSecond(0)) ? 'ArrowLeft' : 'ArrowRight');
    }
    await page.getByRole('heading', { name: 'noob-wolf-v2s12 was preferred' }).waitFor();
    await page.getByText('chance would be as uneven in 0.78 % of such tests').waitFor();
    await page.getByRole('button', { name: 'Keep with both runs' }).click();
    await page.getByRole('button', { name: 'Kept' }).waitFor();
    await page.reload();
    await page.getByRole('button', { name: 'Kept' }).waitFor();
    expect(await page.getByRole('button', { name: 'Kept' }).isDisabled()).toBe(true);
    for (const id of on.ids) {
      const run = await shown(on.world, id);
      expect(run.blindTests).toHaveLength(1);
      expect(JSON.stringify(run.notes)).toContain('Blind test: noob-wolf-v2s12 was preferred.');
      expect(JSON.stringify(run.notes)).toContain('(Wilson)');
    }
    const best = await spoor(on.world, ['best', ...on.ids]);
    expect(
      String(best.stdout)
        .split('\n')
        .find((line) => line.includes('noob-wolf')),
    ).toContain('noob-wolf-v2s12');
    expect(faults).toEqual([]);
  });
});
