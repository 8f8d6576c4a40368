/** The command palette: every run, family, page, and what can be done on the page one is on. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { violations } from './axe.ts';
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

/** Types into the palette and takes what is then chosen. */
async function take(words: string, option: RegExp | string): Promise<void> {
  const { page } = guest;
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('A run, a page, a word in a note or caption').fill(words);
  const wanted = page.getByRole('option', { name: option });
  await wanted.first().waitFor();
  // What is found comes by and by, and may take the choice back to the first.
  const chosen = wanted.and(page.locator('[aria-selected=true]'));
  // What it opens may be a dialog, too.
  const dialog = page.getByRole('dialog', { name: 'Go to a run, a page or an action' });
  for (let step = 0; (await dialog.count()) > 0; step++) {
    if ((await chosen.count()) === 0) {
      await page.keyboard.press(step % 20 === 19 ? 'Home' : 'ArrowDown');
      await page.waitForTimeout(50);
    } else {
      await page.keyboard.press('Enter');
      await dialog.waitFor({ state: 'detached', timeout: 5_000 }).catch(() => {});
    }
  }
}

const heading = (name: string) => guest.page.getByRole('heading', { level: 1, name }).waitFor();

it('reaches a run by the beginning of its id, a family by its name, and the samples', async () => {
  const { page, go, faults } = guest;
  await go('/settings');
  await take(on.ids[1].slice(0, 12).toLowerCase(), 'noob-wolf-v2s12');
  await heading('noob-wolf-v2s12');
  await take('noob-wolf', /^noob-wolf\s*2 runs/);
  await heading('noob-wolf');
  await take('samples', /^Samples$/);
  await page.getByText('Choose a run or several').waitFor();
  expect(faults).toEqual([]);
});

it('offers where the run that one looks at leads', async () => {
  const { page, go } = guest;
  await go(`/runs/${on.ids[1]}`);
  await take('compare', 'Compare with noob-wolf-v1s12');
  await heading('What changed');
  await go(`/runs/${on.ids[1]}`);
  await take('dataset', 'Dataset');
  await heading('Dataset');
  await take('changed since', 'What changed since noob-wolf-v1s12');
  await page.getByText('Since noob-wolf-v1s12').waitFor();
});

it('offers what can be done on the page, and does it', async () => {
  const { page, go } = guest;
  await go(`/compare?run=${runsParam(on.ids)}`);
  await take('code', 'What changed: Code');
  await eventually(() => new URL(page.url()).searchParams.get('tab')).toBe('code');
  await take('swap', 'Swap the two');
  await eventually(() => new URL(page.url()).searchParams.get('run')).toBe(JSON.stringify(on.ids.toReversed()));
  await go(`/samples?run=${runsParam(on.ids)}`);
  await take('pair', 'Samples: Pair');
  await page.getByRole('slider', { name: 'Dividing line' }).waitFor();
  await go('/files');
  const chooser = page.waitForEvent('filechooser');
  await take('choose', 'Choose files…');
  await chooser;
});

it('offers on the list to sort, group, choose columns and views, and what can be done with the selected', async () => {
  const { page, go, faults } = guest;
  const asked = (name: string) => new URL(page.url()).searchParams.get(name);
  await go('/');
  await take('sort', 'Sort by: Name');
  await eventually(() => asked('sort')).toBe('name');
  await take('reverse', 'Reverse the order');
  await eventually(() => asked('sort')).toBe('-name');
  // Another order, another grouping, another view: the way back leads through them.
  await page.goBack();
  await eventually(() => asked('sort')).toBe('name');
  await take('famil', 'Runs without their families');
  await eventually(() => asked('group')).toBe('off');
  await take('column', 'Show the column Host');
  await page.getByRole('columnheader', { name: 'Host' }).waitFor();
  await take('view', 'Keep this view…');
  await page.getByLabel('Name of the view').fill('by name');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await go('/');
  await take('view', 'View: by name');
  await eventually(() => [asked('sort'), asked('group')]).toEqual(['name', 'off']);
  await take('select', 'Select all');
  await page.getByRole('toolbar', { name: '2 runs selected' }).waitFor();
  await take('verdict', 'Verdict on the selected');
  await page.getByRole('dialog', { name: 'Did the 2 runs work?' }).getByLabel('Why?').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(faults).toEqual([]);
});

it('offers what the settings, the charts, the log and the storage can do', async () => {
  const { page, go, faults } = guest;
  const asked = (name: string) => new URL(page.url()).searchParams.get(name);
  await go('/settings');
  await take('receiver', 'Add a receiver');
  await page.getByRole('dialog').waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await go(`/runs/${on.ids[1]}?tab=charts`);
  await take('log', 'Charts: Log scale');
  await eventually(() => asked('log')).toBe('true');
  await go(`/runs/${on.ids[1]}?tab=log`);
  await take('warn', /^Log: /);
  await eventually(() => asked('warnings')).toBe('true');
  expect(faults).toEqual([]);
});

it('can be used by everyone', async () => {
  const { page, go } = guest;
  await go(`/runs/${on.ids[0]}`);
  await page.keyboard.press('Control+k');
  await page.getByRole('option').first().waitFor();
  expect(await violations(page)).toEqual([]);
});

it('takes what is typed while it is being loaded, and the page takes none of it', async () => {
  const late = await visit(on.browser, on.served);
  const { page } = late;
  // The part of the page with the palette in it comes when it is let through.
  let pass = () => {};
  const passed = new Promise<void>((resolve) => {
    pass = resolve;
  });
  const asked = new Promise<void>((resolve) => {
    void page.route(/\/assets\/palette-[^/]*\.js$/, async (route) => {
      resolve();
      await passed;
      await route.continue();
    });
  });
  await late.go('/');
  await page.getByRole('row').nth(2).waitFor();
  await page.keyboard.press('Control+k');
  await asked;
  // `x` selects a run, `c` compares, `/` goes to the query, `?` shows the keys.
  await page.keyboard.type('x/c?jj');
  for (let taken = 0; taken < 6; taken++) await page.keyboard.press('Backspace');
  await page.keyboard.type('Noob-wolf-v1');
  pass();
  const field = page.getByRole('dialog').getByRole('combobox');
  await field.and(page.locator(':focus')).waitFor();
  await page.keyboard.type('s12');
  expect(await field.inputValue()).toBe('Noob-wolf-v1s12');
  await page.getByRole('option', { name: /^noob-wolf-v1s12 succeeded/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'noob-wolf-v1s12' }).waitFor();
  await page.goBack();
  await page.getByRole('row').nth(2).waitFor();
  expect(new URL(page.url()).search).toBe('');
  await late.context.close();
});

it('is given up by Escape before it has come', async () => {
  const late = await visit(on.browser, on.served);
  const { page } = late;
  await page.route(/\/assets\/palette-[^/]*\.js$/, () => {});
  await late.go('/');
  await page.getByRole('row').nth(2).waitFor();
  await page.keyboard.press('Control+k');
  await page.keyboard.press('Escape');
  await page.keyboard.press('/');
  await page.getByRole('combobox', { name: 'Find runs' }).and(page.locator(':focus')).waitFor();
  await late.context.close();
});
