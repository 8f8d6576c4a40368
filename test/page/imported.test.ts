/** The pages on genuine runs that were imported: what was not recorded is shown as unknown, never as unchanged. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { imported, layOut } from '../import/play.ts';
import { makeWorld } from '../support/world.ts';
import { eventually, type Open, open, type Visit, visit } from './browser.ts';
import { runsParam } from './stage.ts';

let on: Open;
let guest: Visit;
const ids: string[] = [];

beforeAll(async () => {
  const world = makeWorld();
  for (const run of ['A-good-lora-pty', 'B-lr-and-captions-pty', 'A2-good-lora-pipe']) {
    const { runs } = await imported(world, layOut(world, run, { 'kumo.safetensors': {} }));
    ids.push(...runs.map(({ id }) => id));
  }
  on = await open(world);
  guest = await visit(on.browser, on.served);
});
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => {
  guest.faults.length = 0;
});

describe('a comparison of imported runs', () => {
  const two = () => `/compare?run=${runsParam(ids.slice(0, 2))}`;

  it('tells what the models tell, as tags that came and went, and the rest as unknown', async () => {
    const { page, go, faults } = guest;
    await go(two());
    const settings = page.getByRole('region', { name: 'Settings' }).first();
    await eventually(() => settings.textContent()).toMatch(/unet_lr\s*1e-4\s*2e-4/);
    const dataset = page.getByRole('region', { name: 'Dataset' }).first();
    await dataset.getByText('unknown', { exact: true }).waitFor();
    await dataset.getByText('its files were not recorded').waitFor();
    const chips = dataset.getByRole('listitem');
    await eventually(() => chips.allTextContents()).toEqual([
      '−a grey cat asleep on a blue blanket 1 → 0',
      '+a grey cat asleep on a green blanket 0 → 1',
      '+detailed fur 0 → 1',
      '−looking at viewer 1 → 0',
    ]);
    expect(faults).toEqual([]);
  });

  it('never calls code the same that was not recorded', async () => {
    const { page, go } = guest;
    await go(`${two()}&tab=code`);
    await page.getByText('Which files differed is not known.').waitFor();
    expect(await page.getByText('The code is the same').count()).toBe(0);
  });

  it('tells runs of one name apart in chips, legends and tables', async () => {
    const { page, go } = guest;
    await go(`/compare?run=${runsParam(ids)}`);
    const heads = async () => (await page.getByRole('columnheader').allTextContents()).slice(1);
    await eventually(heads).toEqual(ids.map((id) => `kumo ${id.slice(0, 10)}`));
    const row = page.getByRole('row').filter({ has: page.getByRole('rowheader', { name: 'unet_lr', exact: true }) });
    await eventually(() => row.getByRole('cell').allTextContents()).toEqual(['1e-4', '2e-4', '1e-4']);
    await page.getByRole('button', { name: /without effect$/ }).click();
    await page.getByRole('rowheader', { name: 'output_dir' }).waitFor();
    await eventually(() => new URL(page.url()).searchParams.get('all')).toBe('true');
  });
});

it('shows the family of imported runs: what each changed, as far as it is told', async () => {
  const { page, go, faults } = guest;
  await go('/families/kumo');
  await page.getByText('3 versions').waitFor();
  const versions = page.getByRole('region', { name: 'History' }).locator('ol > li');
  await eventually(() => versions.count()).toBe(3);
  await eventually(() => versions.last().textContent()).toContain(`kumo ${ids[0]?.slice(0, 10)}`);
  await eventually(() => versions.nth(1).textContent()).toMatch(/unet_lr\s*1e-4 → 2e-4/);
  await versions.nth(1).getByText('+detailed fur 0 → 1').waitFor();
  await versions.nth(1).getByText('unknown', { exact: true }).first().waitFor();
  // A setting that has words for values, and one that has numbers.
  for (const param of ['unet_lr', 'lr_scheduler']) {
    await go(`/families/kumo?param=${param}`);
    const chart = page.getByRole('group', { name: `${param} against the outcome: last loss` });
    await eventually(() => chart.getByRole('link').count()).toBe(3);
  }
  expect(faults).toEqual([]);
});
