import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { makeRunId } from '../../src/model/run-id.ts';
import { parseRunName } from '../../src/model/run-name.ts';
import { created, ended } from '../../src/server/testing/served-home.ts';
import { openHome } from '../../src/store/home.ts';
import { spoor } from '../support/spoor.ts';
import { makeWorld } from '../support/world.ts';
import { enter, eventually, type Open, open } from './browser.ts';

const runs = 10_000;
let on: Open;

beforeAll(async () => {
  const world = makeWorld();
  const home = await openHome(world.spoorHome, 'den');
  for (let index = 0; index < runs; index++) {
    const random = new Uint8Array(10);
    new DataView(random.buffer).setUint32(0, index);
    const at = new Date(Date.UTC(2026, 0, 1) + index * 60_000);
    const id = makeRunId(at.getTime(), random);
    home.runs.create(id);
    const facts = [created(id, '', { name: parseRunName(`noob-wolf-v${index}s100`) }), ended()];
    const lines = facts.map((fact) => JSON.stringify({ v: 1, at: at.toISOString(), host: 'den', ...fact }));
    // Ten thousand times made durable it would take longer than all that is tested.
    writeFileSync(join(home.runs.path(id), 'journal.jsonl'), `${lines.join('\n')}\n`);
  }
  await spoor(world, ['reindex']);
  on = await open(world);
}, 120_000);
afterAll(() => on?.[Symbol.asyncDispose](), 120_000);

it('shows ten thousand runs with few rows drawn, and their end after scrolling there', async () => {
  const { page, go, faults } = await enter(on.browser, on.served);
  await go('/?group=off');
  await page.getByText('10,000 runs').waitFor();
  const rows = page.getByRole('row');
  await page.getByRole('link', { name: 'noob-wolf-v9999s100' }).waitFor();
  expect(await rows.count()).toBeLessThan(40);
  for (let turn = 0; turn < 6; turn++) {
    await page.mouse.wheel(0, 4000);
    await eventually(() => rows.count()).toBeGreaterThan(10);
    expect(await rows.count()).toBeLessThan(60);
  }
  const first = page.getByRole('table').locator('a[href^="/runs/"]').first();
  await eventually(() => first.textContent()).not.toContain('v9999');
  expect(faults).toEqual([]);
});

it('has every run of a family, however many, and jumps to the last', async () => {
  const { page, go, faults } = await enter(on.browser, on.served);
  await go('/');
  await page.getByRole('link', { name: 'noob-wolf-v9999s100' }).waitFor();
  await page.evaluate('scrollTo(0, document.documentElement.scrollHeight)');
  await page.getByRole('link', { name: 'noob-wolf-v0s100' }).waitFor();
  expect(await page.getByRole('row').count()).toBeLessThan(60);
  expect(faults).toEqual([]);
});

it('keeps the focus on a run that is scrolled away', async () => {
  const { page, go } = await enter(on.browser, on.served);
  await go('/?group=off');
  await page.getByRole('link', { name: 'noob-wolf-v9999s100' }).waitFor();
  for (const key of ['j', 'j', 'j']) await page.keyboard.press(key);
  const focused = () => page.evaluate('document.activeElement?.textContent');
  await eventually(focused).toBe('noob-wolf-v9997s100');
  await page.evaluate('scrollTo(0, 200000)');
  await page
    .getByRole('link', { name: /noob-wolf-v65\d\ds100/ })
    .first()
    .waitFor();
  expect(await focused()).toBe('noob-wolf-v9997s100');
  await page.keyboard.press('j');
  await eventually(focused).toBe('noob-wolf-v9996s100');
  await eventually(() => page.evaluate('scrollY')).toBeLessThan(1000);
});

it('selects ranges over what has not been loaded, and all that one request can take', async () => {
  const { page, go } = await enter(on.browser, on.served);
  await go('/?group=off');
  await page.getByRole('checkbox', { name: 'Select noob-wolf-v9999s100' }).click();
  await page.evaluate('scrollTo(0, 30000)');
  const far = page.getByRole('checkbox', { name: /Select noob-wolf-v94\d\ds100/ }).first();
  await far.waitFor();
  const name = (await far.getAttribute('aria-label')) ?? '';
  const version = Number(/v(\d+)s/.exec(name)?.[1]);
  await page.getByRole('checkbox', { name, exact: true }).click({ modifiers: ['Shift'] });
  await page.getByRole('toolbar', { name: `${10_000 - version} runs selected` }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('toolbar').waitFor({ state: 'detached' });
  await page.getByRole('checkbox', { name: 'Select all' }).click();
  await page.getByRole('toolbar', { name: '1000 runs selected' }).waitFor();
});

it('loads less than 200 kB of scripts, packed, for the first page, and nothing inline', async () => {
  const { page, go, rest } = await enter(on.browser, on.served);
  await go('/');
  await rest();
  const resources = `performance.getEntriesByType('resource').map(({ name }) => name)`;
  const scripts = ((await page.evaluate(resources)) as string[]).filter((name) => name.endsWith('.js'));
  expect(scripts.length).toBeGreaterThan(3);
  const sizes = scripts.map(async (name) => gzipSync(await (await page.request.get(name)).body()).length);
  expect((await Promise.all(sizes)).reduce((sum, size) => sum + size, 0)).toBeLessThan(200_000);
  const response = await page.request.get(`${on.served.origin}/`);
  expect(response.headers()['content-security-policy']).not.toContain('unsafe-inline');
  expect(await response.text()).not.toMatch(/<script(?![^>]*\ssrc=)/);
});
