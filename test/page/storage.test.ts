/** Freeing the disk from the page: what would go is told before, and what went comes back or is lost by name. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { failing } from '../clean/play.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { noViolations, violationsByTheme } from './axe.ts';
import { enter, eventually, type Open, open, type Visit } from './browser.ts';

let world: World;
let on: Open;
let guest: Visit;
let run: string;
let left: string;

beforeAll(async () => {
  world = makeWorld();
  left = join(world.root, 'output/failed');
  const failed = training(world, '--output_dir', left);
  await recorded(world, failed, { args: ['--name', 'noob-wolf-v1s6'], env: { ...failing, NO_CLEAN: '1' } });
  run = (await recorded(world, training(world), { args: ['--name', 'noob-wolf-v2s6'] })).run.id;
  await spoor(world, ['star', '@', '3']);
  on = await open(world);
});
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(async () => {
  guest = await enter(on.browser, on.served);
});
afterEach(async () => {
  expect(guest?.faults).toEqual([]);
  await guest?.context.close();
});

const models = () => readdirSync(world.output).filter((name) => name.endsWith('.safetensors'));
const all = ['wolf-step00000003.safetensors', 'wolf-step00000006.safetensors', 'wolf.safetensors'];
/** Not a note in the corner. */
const dialogOf = (page: Page) => page.locator('[role=dialog]:not([aria-modal=false])');
const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name, exact: true });
const trash = (page: Page) => page.locator('#trash');

test('checkpoints are pruned from the list of the largest runs, as the preview says, and Undo brings them back', async () => {
  const { page, go } = guest;
  await go('/storage');
  await button(page, 'Prune noob-wolf-v2s6').click();
  const row = (name: string) => dialogOf(page).getByRole('listitem').filter({ hasText: name });
  await row(all[0]!).getByText('starred').waitFor();
  await row(all[1]!).getByText('goes').waitFor();
  await row(all[2]!).getByText('the last').waitFor();
  await button(page, /^Move 1 to the trash/).click();
  await page.getByText(/^1 file, .* moved to the trash$/).waitFor();
  expect(models()).toEqual([all[0], all[2]]);
  await trash(page).getByText(`${all[1]} · pruned: step 6`).waitFor();
  await button(page, 'Undo').click();
  await eventually(models).toEqual(all);
  await trash(page).getByText('The trash is empty.').waitFor();
});

test('by keyboard, from the run’s own page, other steps are kept by hand, and what is deleted at once is said so', async () => {
  const { page, go } = guest;
  await go(`/runs/${run}?tab=checkpoints`);
  await page.getByText('3 files, ').waitFor();
  await button(page, 'Prune…').press('Enter');
  const dialog = dialogOf(page);
  await dialog.getByRole('checkbox', { name: 'Keep those with a star' }).press('Space');
  // The one with the star has a copy in the home, which goes too.
  await button(page, /^Move 3 to the trash/).waitFor();
  await dialog.getByText('copy in the home of Spoor').waitFor();
  await dialog.getByRole('checkbox', { name: `Keep ${all[1]}` }).press('Space');
  await dialog.getByRole('checkbox', { name: /^Delete at once/ }).press('Space');
  await button(page, /^Delete 2 for good/).waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  expect(models()).toEqual(all);
  await button(page, 'Prune…').and(page.locator(':focus')).waitFor();
  await button(page, 'Prune…').press('Enter');
  await button(page, /^Move 1 to the trash/).press('Enter');
  await dialog.waitFor({ state: 'detached' });
  await eventually(models).toEqual([all[0], all[2]]);
  await page.getByRole('row').filter({ hasText: all[1]! }).getByText('in the trash').waitFor();
  await page.getByText('2 files, ').waitFor();
});

test('the trash puts one thing back, and deletes one for good only after it has named what is lost', async () => {
  const { page, go } = guest;
  if (models().length === 3) await spoor(world, ['prune', '@']);
  await go('/storage');
  await button(page, `Put ${all[1]} back`).click();
  await eventually(models).toEqual(all);
  await spoor(world, ['prune', '@']);
  await button(page, `Delete ${all[1]} for good`).click();
  const dialog = dialogOf(page);
  await dialog.getByText('A checkpoint or a training state of noob-wolf-v2s6 is lost.').waitFor();
  await dialog.getByText(all[1]!).waitFor();
  await button(page, 'Cancel').click();
  await dialog.waitFor({ state: 'detached' });
  expect(readdirSync(join(world.spoorHome, 'trash')).filter((name) => name.includes('checkpoint'))).toHaveLength(1);
  await button(page, `Delete ${all[1]} for good`).click();
  await button(page, 'Delete for good').click();
  await trash(page).getByText('The trash is empty.').waitFor();
  await eventually(() => readdirSync(join(world.spoorHome, 'trash'))).toEqual([]);
  await go(`/runs/${run}?tab=checkpoints`);
  await page.getByRole('row').filter({ hasText: all[1]! }).getByText('pruned').waitFor();
});

test('what failed runs left is cleaned up after it was named, and comes back', async () => {
  const { page, go } = guest;
  await go('/storage');
  await button(page, /^Clean up/).click();
  const dialog = dialogOf(page);
  await dialog.getByRole('listitem').filter({ hasText: 'noob-wolf-v1s6' }).waitFor();
  await button(page, 'Move to the trash').click();
  await page.getByText(/^1 directory, .* moved to the trash$/).waitFor();
  expect(existsSync(left)).toBe(false);
  await button(page, 'Undo').click();
  await eventually(() => existsSync(left)).toBe(true);
  // What somebody wanted back is not taken again.
  await page.locator('#leftovers').getByText('it was brought back from the trash').waitFor();
  await button(page, /^Clean up/).waitFor({ state: 'detached' });
});

test('each dialog can be used by everyone, in light and in dark', async () => {
  const { page, go } = guest;
  await spoor(world, ['rm', 'noob-wolf-v1s6']);
  try {
    await go('/storage');
    for (const open of [/^Prune noob-wolf-v2s6/, /^Empty/, /^Delete noob-wolf-v1s6 for good/]) {
      await page.getByRole('button', { name: open }).click();
      await dialogOf(page).waitFor();
      await page.locator('[class*=animate-pulse][aria-hidden]').waitFor({ state: 'detached' });
      expect([open, await violationsByTheme(page)]).toEqual([open, noViolations]);
      await page.keyboard.press('Escape');
      await dialogOf(page).waitFor({ state: 'detached' });
    }
  } finally {
    await spoor(world, ['trash', 'restore', 'noob-wolf-v1s6']);
  }
});

test('the trash is emptied by age, after what is lost was named', async () => {
  const { page, go } = guest;
  await spoor(world, ['rm', 'noob-wolf-v1s6']);
  await go('/storage');
  const dialog = dialogOf(page);
  await button(page, /^Empty/).click();
  await dialog.getByText('Older than a week', { exact: true }).click();
  await dialog.getByText('Nothing in the trash is that old.').waitFor();
  await eventually(() => button(page, 'Delete for good').isDisabled()).toBe(true);
  await dialog.getByText('Everything', { exact: true }).click();
  await dialog.getByText('noob-wolf-v1s6 (record)').waitFor();
  await button(page, 'Delete for good').click();
  await trash(page).getByText('The trash is empty.').waitFor();
  await eventually(() => readdirSync(join(world.spoorHome, 'trash'))).toEqual([]);
});
