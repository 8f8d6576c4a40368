import { afterAll, beforeAll, expect, it } from 'vitest';
import { violations } from './axe.ts';
import { type Visit, visit } from './browser.ts';
import { type Stage, stage } from './stage.ts';

let its: Stage;
let seen: Visit;
beforeAll(async () => {
  its = await stage();
  seen = await visit(its.browser, its.served);
});
afterAll(async () => {
  await its?.[Symbol.asyncDispose]();
});

const help = () => seen.page.getByRole('dialog', { name: 'Keyboard' });

it('lists its keys by a key and from the palette, and Escape leaves the list', async () => {
  await seen.go('/');
  await seen.page.keyboard.press('?');
  await help().getByText('Next, previous run').waitFor();
  expect(await violations(seen.page, 'all')).toEqual([]);
  await seen.page.keyboard.press('Escape');
  await help().waitFor({ state: 'detached' });

  await seen.page.keyboard.press('Control+k');
  await seen.page.getByRole('dialog').getByRole('combobox').waitFor();
  await seen.page.keyboard.type('keyboard');
  await seen.page.getByRole('option', { name: 'Keyboard shortcuts' }).click();
  await help().waitFor();
  await seen.page.keyboard.press('Escape');
  expect(seen.faults).toEqual([]);
});

it('leaves keys that write a character alone where they were switched off, and keeps that for later', async () => {
  const focused = seen.page.getByRole('combobox', { name: 'Find runs' }).and(seen.page.locator(':focus'));
  const switchKeys = async () => {
    await seen.page.keyboard.press('Control+k');
    // It is loaded when it is first asked for.
    await seen.page.getByRole('dialog').getByRole('combobox').waitFor();
    await seen.page.keyboard.type('keyboard');
    await seen.page.getByRole('option', { name: 'Keyboard shortcuts', selected: true }).waitFor();
    await seen.page.keyboard.press('Enter');
    await help().getByRole('checkbox', { name: 'Keys without Ctrl act' }).click();
    await seen.page.keyboard.press('Escape');
    await help().waitFor({ state: 'detached' });
  };
  await seen.go('/');
  await switchKeys();
  await seen.go('/');
  await seen.page.keyboard.press('/');
  await seen.page.keyboard.press('?');
  await seen.page.keyboard.press('Control+k');
  await seen.page.getByRole('dialog').waitFor();
  expect(await help().count()).toBe(0);
  await seen.page.keyboard.press('Escape');
  await seen.page.getByRole('dialog').waitFor({ state: 'detached' });
  expect(await focused.count()).toBe(0);

  await switchKeys();
  await seen.page.keyboard.press('/');
  await focused.waitFor();
});
