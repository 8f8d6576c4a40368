import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { spoor, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';
import { eventually, launchBrowser, type Served, serve, visit } from './browser.ts';

let world: World;
let browser: Browser;
let served: Served;

beforeAll(async () => {
  world = makeWorld();
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser?.close();
  await served?.stop();
  world?.remove();
});

it('shows a training while it trains, also when the server was killed and started again', async () => {
  const hold = join(world.root, 'hold');
  const picture = world.write(join(world.root, 'picture.png'), png('picture'));
  served = await serve(world);
  const guest = await visit(browser, served);
  const { page } = guest;
  await guest.go('/');
  await page.getByText('Nothing has been recorded yet').waitFor();

  const command = training(world, '--max_train_steps', '40', '--logging_dir', join(world.root, 'logs'));
  const trainer = spoor(world, ['run', '--name', 'noob-wolf-v1', '--', ...command], {
    env: { T_HOLD: hold, T_HOLD_AT: '10', T_SAMPLE: picture, T_STEP: '0.05' },
  });
  // The run appears in the list by itself, with its progress, and is opened from there.
  await page.getByRole('link', { name: 'noob-wolf-v1' }).click();
  const steps = page.getByRole('progressbar', { name: /of 40/ });
  await eventually(() => steps.getAttribute('aria-label')).toBe('step 10 of 40');
  await page
    .getByText(/step.? ?9|Last samples/)
    .first()
    .waitFor();
  await page
    .getByRole('tab', { name: /^Log/ })
    .or(page.getByRole('link', { name: /^Log/ }))
    .first()
    .click();
  await page.getByRole('log').getByText('total optimization steps').first().waitFor();

  const { port } = new URL(served.origin);
  await served.stop();
  await page
    .getByLabel('Not connected; trying again')
    .or(page.getByTitle('Not connected; trying again'))
    .first()
    .waitFor();
  served = await serve(world, '--port', port);
  writeFileSync(hold, '');
  await page.goto(await served.link());
  // Let in, before it goes on: the token of the address works once.
  await page.getByRole('navigation').first().waitFor();
  await guest.go(new URL(page.url()).pathname);
  await trainer;
  await page.getByRole('link', { name: 'noob-wolf-v1' }).click();
  await page.getByText('succeeded', { exact: true }).first().waitFor();
  expect(page.url()).toContain('/runs/');
});
