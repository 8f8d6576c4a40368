import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { shown, spoor } from '../support/spoor.ts';
import { eventually, type Visit, visit } from './browser.ts';
import { type Stage, stage } from './stage.ts';

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

const rowOf = (name: string) => guest.page.getByRole('row').filter({ has: guest.page.getByRole('link', { name }) });
const names = () => guest.page.getByRole('table').locator('a[href^="/runs/"]').allTextContents();
const search = () => Object.fromEntries(new URL(guest.page.url()).searchParams);

it('shows of each run its picture, curve, loss and what differs', async () => {
  const { page, go } = guest;
  await go('/?group=off');
  const row = rowOf('noob-wolf-v2s12');
  await row.getByText('succeeded').waitFor();
  await row.locator('img').waitFor();
  const curve = row.locator('canvas');
  const drawn = () => curve.evaluate((each) => (each as unknown as { toDataURL(): string }).toDataURL().length);
  await eventually(drawn).toBeGreaterThan(300);
  await page.getByRole('columnheader', { name: 'unet_lr' }).waitFor();
  await row.getByText('4e-4').waitFor();
  expect(guest.faults).toEqual([]);
});

it('finds by a query that is completed while it is typed', async () => {
  const { page, go } = guest;
  await go('/');
  await page.keyboard.press('/');
  await page.keyboard.type('unet');
  await page.getByRole('option', { name: 'unet_lr:' }).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.keyboard.press('Enter');
  await page.keyboard.type('4e-4');
  await eventually(names).toEqual(['noob-wolf-v2s12']);
  await eventually(search).toEqual({ q: 'unet_lr:4e-4' });
  await page.keyboard.press('Enter');
  await page.getByRole('button', { name: 'Clear' }).click();
  await eventually(async () => (await names()).length).toBe(2);
});

it('keeps the list and says at the field what is wrong with a query', async () => {
  const { page, go, faults } = guest;
  await go('/');
  await page.keyboard.press('/');
  await page.keyboard.type('status:frob');
  await page.getByRole('alert').getByText('status is never "frob"').waitFor();
  await page.getByText('It is one of running, succeeded, failed, interrupted, lost.').waitFor();
  await eventually(() => page.getByRole('combobox').getAttribute('aria-invalid')).toBe('true');
  expect((await names()).length).toBe(2);
  await page.getByRole('alert').getByText('Until then all runs are shown.').waitFor();
  await page.getByRole('combobox').fill('v2s12');
  await eventually(names).toEqual(['noob-wolf-v2s12']);
  await page.getByRole('combobox').fill('v2s12 status:');
  await page.getByRole('alert').getByText('Until then the list shows what v2s12 finds.').waitFor();
  expect(await names()).toEqual(['noob-wolf-v2s12']);
  await page.getByRole('combobox').fill('nowhere');
  await page.getByText('No run matches').waitFor();
  await page.locator('main').getByRole('button', { name: 'Clear' }).last().click();
  await eventually(async () => (await names()).length).toBe(2);
  expect(faults).toEqual([]);
});

it('shows all runs where its address begins with a query that is wrong, and says so at the field', async () => {
  const { page, faults } = guest;
  await guest.go('/?q=statsu:failed');
  const problem = page.getByRole('alert');
  await problem.getByText('there is no field "statsu"').waitFor();
  await problem.getByText('Did you mean status').waitFor();
  await problem.getByText('Until then all runs are shown.').waitFor();
  expect(await page.getByRole('combobox').inputValue()).toBe('statsu:failed');
  await eventually(async () => (await names()).length).toBe(2);
  await page.getByRole('combobox').fill('status:failed');
  await page.getByText('No run matches').waitFor();
  expect(faults).toEqual([]);
});

it('shows all runs, and says why, where a query is too long to be asked', async () => {
  const { page, go, faults } = guest;
  await go(`/?q=${'a'.repeat(5000)}`);
  await page.getByRole('alert').getByText('So long a query cannot be asked').waitFor();
  await eventually(async () => (await names()).length).toBe(2);
  // The server refuses what is too long.
  expect(faults.filter((fault) => !/400|Failed to load resource/.test(fault))).toEqual([]);
});

it('sorts and selects all on a phone', async () => {
  const phone = await visit(on.browser, on.served, { viewport: { width: 360, height: 780 }, hasTouch: true });
  const { page } = phone;
  const order = () => page.getByRole('table').locator('a[href^="/runs/"]').allTextContents();
  await phone.go('/?group=off');
  await eventually(order).toEqual(['noob-wolf-v2s12', 'noob-wolf-v1s12']);
  await page.getByLabel('Sort by').selectOption({ label: 'Name' });
  await eventually(order).toEqual(['noob-wolf-v1s12', 'noob-wolf-v2s12']);
  await page.getByRole('button', { name: 'Reverse the order' }).click();
  await eventually(order).toEqual(['noob-wolf-v2s12', 'noob-wolf-v1s12']);
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  await page.getByRole('toolbar', { name: '2 runs selected' }).waitFor();
  expect(phone.faults).toEqual([]);
  await phone.context.close();
});

it('folds families by keys and by button, and the address keeps it', async () => {
  const { page, go } = guest;
  await go('/');
  await rowOf('noob-wolf-v2s12').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('ArrowLeft');
  await eventually(names).toEqual([]);
  await page.reload();
  await page.getByRole('button', { name: 'Unfold noob-wolf' }).waitFor();
  await eventually(names).toEqual([]);
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  await eventually(async () => (await names()).length).toBe(2);
  await page.getByRole('button', { name: 'Fold all families' }).press('Enter');
  await eventually(names).toEqual([]);
  await eventually(search).toEqual({ fold: 'all' });
});

it('keeps what is selected in the address, over a look at a run', async () => {
  const { page, go } = guest;
  await go('/?group=off');
  await rowOf('noob-wolf-v2s12').waitFor();
  await page.keyboard.press('j');
  await page.keyboard.press('x');
  await page.keyboard.press('Shift+ArrowDown');
  await page.getByRole('toolbar', { name: '2 runs selected' }).waitFor();
  await page.getByRole('link', { name: 'noob-wolf-v2s12' }).click();
  await page.getByRole('heading', { level: 1, name: 'noob-wolf-v2s12' }).waitFor();
  await page.goBack();
  await page.getByRole('toolbar', { name: '2 runs selected' }).waitFor();
  await page.reload();
  await page.getByRole('toolbar', { name: '2 runs selected' }).waitFor();
  await page.getByRole('checkbox', { name: 'Select noob-wolf-v1s12' }).press('c');
  await page.getByRole('heading', { level: 1, name: 'What changed' }).waitFor();
});

it('sorts by a heading, and the address keeps the order', async () => {
  const { page, go } = guest;
  await go('/?group=off');
  await eventually(names).toEqual(['noob-wolf-v2s12', 'noob-wolf-v1s12']);
  await page.getByRole('columnheader').getByRole('button', { name: 'When' }).click();
  await eventually(names).toEqual(['noob-wolf-v1s12', 'noob-wolf-v2s12']);
  await page.reload();
  await eventually(names).toEqual(['noob-wolf-v1s12', 'noob-wolf-v2s12']);
  const heading = page.getByRole('columnheader', { name: 'When' });
  await eventually(() => heading.getAttribute('aria-sort')).toBe('ascending');
});

it('is walked by keys: j, k, x and Enter, and the back button returns to it', async () => {
  const { page, go } = guest;
  await go('/?group=off&q=family:noob-wolf');
  await rowOf('noob-wolf-v1s12').waitFor();
  for (const key of ['j', 'j', 'x', 'k', 'x']) await page.keyboard.press(key);
  await page.getByRole('toolbar', { name: '2 runs selected' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('toolbar').waitFor({ state: 'detached' });
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'noob-wolf-v2s12' }).waitFor();
  await page.goBack();
  await rowOf('noob-wolf-v1s12').waitFor();
  await eventually(search).toEqual({ group: 'off', q: 'family:noob-wolf' });
});

it('gives the keyboard the heading of a page that is gone to, and its row back on the way back', async () => {
  const { page, go } = guest;
  const focused = page.locator(':focus');
  await go('/?group=off');
  await rowOf('noob-wolf-v1s12').waitFor();
  for (const key of ['j', 'j', 'Enter']) await page.keyboard.press(key);
  await page.getByRole('heading', { level: 1, name: 'noob-wolf-v1s12' }).and(focused).waitFor();
  await page.goBack();
  await page.getByRole('link', { name: 'noob-wolf-v1s12' }).and(focused).waitFor();
  await page.keyboard.press('k');
  await page.getByRole('link', { name: 'noob-wolf-v2s12' }).and(focused).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'noob-wolf-v2s12' }).and(focused).waitFor();
  // Where one comes to anew it is at the beginning.
  await page.getByRole('link', { name: 'Runs' }).first().press('Enter');
  await page.getByRole('heading', { level: 1, name: 'Runs' }).and(focused).waitFor();
  await page.keyboard.press('ArrowDown');
  await page.getByRole('button', { name: 'Fold noob-wolf' }).and(focused).waitFor();
});

it('shows the columns that are chosen', async () => {
  const { page, go } = guest;
  await go('/');
  await page.getByRole('button', { name: 'Columns' }).click();
  await page.getByRole('menuitemcheckbox', { name: 'Host' }).click();
  await page.getByRole('columnheader', { name: 'Host' }).waitFor();
  await eventually(() => search().columns).toContain('host');
});

it('keeps a view under a name, for every browser', async () => {
  const { page, go } = guest;
  await go('/?q=status%3Asucceeded&group=off');
  await page.getByRole('button', { name: 'Views' }).click();
  await page.getByRole('menuitem', { name: 'Keep this view…' }).click();
  await page.getByLabel('Name of the view').fill('what worked');
  const kept = page.waitForResponse((response) => response.request().method() === 'PUT');
  await page.getByRole('button', { name: 'Save' }).click();
  await kept;
  const other = await visit(on.browser, on.served);
  await other.go('/');
  await other.page.getByRole('button', { name: 'Views' }).click();
  await other.page.getByRole('menuitem', { name: 'what worked' }).click();
  await eventually(() => new URL(other.page.url()).search).toBe('?q=status%3Asucceeded&group=off');
  await other.page.getByRole('button', { name: 'Views' }).click();
  await other.page.getByRole('menuitem', { name: 'Forget views…' }).click();
  await other.page.getByRole('button', { name: 'Forget the view what worked' }).press('Enter');
  await other.page.keyboard.press('Escape');
  await other.page.getByRole('button', { name: 'Views' }).click();
  await other.page.getByRole('menuitem', { name: 'Keep this view…' }).waitFor();
  await eventually(() => other.page.getByRole('menuitem').count()).toBe(1);
  await other.context.close();
});

/** Answers the question for a verdict. @param why null leaves what stands there */
async function judge(verdict: string, why: string | null = null): Promise<void> {
  const dialog = guest.page.getByRole('dialog', { name: /work\?$/ });
  const field = dialog.getByLabel('Why?').and(guest.page.locator(':focus'));
  await field.waitFor();
  if (why !== null) await field.fill(why);
  await dialog.getByRole('radio', { name: verdict }).check({ force: true });
  await dialog.getByRole('button', { name: 'Save' }).click();
  await dialog.waitFor({ state: 'detached' });
}

it('asks for a verdict with its reason by keys, and keeps those that were given before', async () => {
  const { page, go, faults } = guest;
  const [first, second] = on.ids;
  await spoor(on.world, ['verdict', first, 'mixed', '--why', 'the nights are flat']);
  await go('/?group=off');
  await rowOf('noob-wolf-v1s12').getByText('mixed').waitFor();
  await page.getByRole('checkbox', { name: 'Select noob-wolf-v1s12' }).check();
  await page.keyboard.press('v');
  await page.getByRole('dialog', { name: 'Did the run work?' }).getByText('the nights are flat').waitFor();
  await judge('worked');
  await eventually(() => shown(on.world, first)).toMatchObject({
    verdict: 'worked',
    verdictWhy: 'the nights are flat',
  });

  // Of runs that have no reason in common each keeps its own, as long as none is given.
  await page.getByRole('checkbox', { name: 'Select noob-wolf-v2s12' }).check();
  await page.keyboard.press('v');
  const dialog = page.getByRole('dialog', { name: 'Did the 2 runs work?' });
  await dialog.getByText('Left empty, each run keeps its own reason:').waitFor();
  await dialog.getByText('the nights are flat').waitFor();
  await judge('failed');
  await eventually(() => shown(on.world, second)).toMatchObject({ verdict: 'failed', verdictWhy: null });
  expect(await shown(on.world, first)).toMatchObject({ verdict: 'failed', verdictWhy: 'the nights are flat' });
  for (const run of on.ids) await spoor(on.world, ['verdict', run, 'none']);
  expect(faults).toEqual([]);
});

it('tags and trashes what is selected by keys', async () => {
  const { page, go, faults } = guest;
  await go('/?group=off');
  await page.getByRole('checkbox', { name: 'Select noob-wolf-v1s12' }).check();
  await page.keyboard.press('t');
  await page.getByLabel('New tags').fill('dusk');
  await page.keyboard.press('Enter');
  await rowOf('noob-wolf-v1s12').getByText('dusk').waitFor();
  await page.keyboard.press('Delete');
  await rowOf('noob-wolf-v1s12').waitFor({ state: 'detached' });
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await rowOf('noob-wolf-v1s12').waitFor();
  await spoor(on.world, ['tag', on.ids[0], '-dusk']);
  expect(faults).toEqual([]);
});

it('takes a verdict and a tag back to what stood there before', async () => {
  const { page, go } = guest;
  const [first, second] = on.ids;
  await spoor(on.world, ['verdict', first, 'worked', '--why', 'fur holds']);
  await spoor(on.world, ['tag', second, '+night']);
  await go('/?group=off');
  await rowOf('noob-wolf-v1s12').getByText('worked').waitFor();
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  const bar = page.getByRole('toolbar');
  await bar.getByRole('button', { name: 'Verdict' }).click();
  await judge('failed', 'eyes melt');
  await page.getByText('Verdict of 2 runs set').waitFor();
  expect(await shown(on.world, first)).toMatchObject({ verdict: 'failed', verdictWhy: 'eyes melt' });
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(async () => (await shown(on.world, first)).verdictWhy).toBe('fur holds');
  await eventually(async () => (await shown(on.world, second)).verdict).toBe(null);

  await bar.getByRole('button', { name: 'Tag' }).click();
  await page.getByLabel('New tags').fill('night');
  await page.getByRole('dialog').getByRole('button', { name: 'Tag' }).click();
  await page.getByText('2 runs tagged').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await eventually(async () => (await shown(on.world, first)).tags).toEqual([]);
  await eventually(async () => (await shown(on.world, second)).tags).toEqual(['night']);
});

it('tags, judges and moves to the trash what is selected, each with a way back', async () => {
  const { page, go, faults } = guest;
  const [first] = on.ids;
  await go('/?group=off');
  await page.getByRole('checkbox', { name: 'Select noob-wolf-v1s12' }).check();
  const bar = page.getByRole('toolbar');

  await bar.getByRole('button', { name: 'Tag' }).click();
  await page.getByLabel('New tags').fill('keeper');
  await page.getByRole('dialog').getByRole('button', { name: 'Tag' }).click();
  await rowOf('noob-wolf-v1s12').getByText('keeper').waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await rowOf('noob-wolf-v1s12').getByText('keeper').waitFor({ state: 'detached' });

  await bar.getByRole('button', { name: 'Verdict' }).click();
  await judge('mixed');
  await rowOf('noob-wolf-v1s12').getByText('mixed').waitFor();
  await eventually(async () => (await shown(on.world, first)).verdict).toBe('mixed');

  await bar.getByRole('button', { name: 'To the trash' }).click();
  await rowOf('noob-wolf-v1s12').waitFor({ state: 'detached' });
  await page.getByText('1 run moved to the trash').waitFor();
  expect(String((await spoor(on.world, ['ls'])).stdout)).not.toContain('noob-wolf-v1s12');
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await rowOf('noob-wolf-v1s12').waitFor();
  expect((await shown(on.world, first)).verdict).toBe('mixed');
  expect(faults).toEqual([]);
});

it('compares what is selected', async () => {
  const { page, go } = guest;
  await go('/?group=off');
  for (const name of ['noob-wolf-v1s12', 'noob-wolf-v2s12']) {
    await page.getByRole('checkbox', { name: `Select ${name}` }).check();
  }
  await page.getByRole('toolbar').getByRole('button', { name: 'Compare' }).click();
  await page.getByRole('heading', { level: 1, name: 'What changed' }).waitFor();
});

it('reaches runs, pages and actions by Ctrl-K', async () => {
  const { page, go } = guest;
  await go('/settings');
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('A run, a page, a word in a note or caption').fill('wolf-v2');
  await page.getByRole('option', { name: /noob-wolf-v2s12/, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { level: 1, name: 'noob-wolf-v2s12' }).waitFor();
  await page.keyboard.press('Control+k');
  await page.getByPlaceholder('A run, a page, a word in a note or caption').fill('Magyar');
  await eventually(() => page.getByRole('option', { selected: true }).allInnerTexts()).toEqual(['Language: Magyar']);
  await page.keyboard.press('Enter');
  await page.getByRole('navigation').getByRole('link', { name: 'Futások' }).first().waitFor();
  await eventually(() => page.locator('html').getAttribute('lang')).toBe('hu');
  await page.reload();
  await page.getByRole('navigation').getByRole('link', { name: 'Futások' }).first().waitFor();
  expect(guest.faults).toEqual([]);
});
