/** The parts of a run's page: what made it, its journal in words, notes that are not lost, and what is not known of it. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import { eventually, type Visit, visit } from './browser.ts';
import { type Stage, stage } from './stage.ts';

const fixtures = join(import.meta.dirname, '../fixtures/kohya');
let on: Stage;
let guest: Visit;
let imported: string;
let broken: string;

beforeAll(async () => {
  on = await stage();
  const resumed = join(on.world.root, 'H2-resume-pty');
  cpSync(join(fixtures, 'H2-resume-pty'), resumed, { recursive: true });
  await spoor(on.world, ['import', resumed]);
  imported = (await shown(on.world, '@')).id;
  const command = training(on.world, '--output_name', 'broken', '--output_dir', join(on.world.root, 'broken'));
  broken = (await recorded(on.world, command, { args: ['--name', 'broken'], env: { T_FAIL_AT: '4' } })).run.id;
  const runs = JSON.parse(String((await spoor(on.world, ['ls', '--json'])).stdout)) as { id: string; status: string }[];
  imported = runs.find(({ status }) => status === 'lost')?.id ?? imported;
  guest = await visit(on.browser, on.served);
});
afterAll(() => on?.[Symbol.asyncDispose]());
beforeEach(() => {
  guest.faults.length = 0;
});

it('has among its inputs the prompts, and images with captions and tags', async () => {
  const { page, go, faults } = guest;
  await go(`/runs/${on.ids[1]}?tab=inputs`);
  const prompts = page.getByRole('region', { name: 'Sample prompts' });
  await prompts.getByText('a grey wolf in snow').waitFor();
  await eventually(() => prompts.textContent()).toContain('64 × 64 · seed 43');
  const dataset = page.getByRole('region', { name: 'Dataset' });
  await dataset.getByText('grey wolf, one, indoors, night').waitFor();
  await eventually(() =>
    dataset
      .locator('img')
      .evaluateAll(
        (all) => all.filter((each) => (each as unknown as { naturalWidth: number }).naturalWidth > 0).length,
      ),
  ).toBe(3);
  const tag = dataset.getByRole('list', { name: 'Tags' }).getByRole('listitem').first();
  await eventually(() => tag.textContent()).toMatch(/grey wolf\s*3/);
  expect(faults).toEqual([]);
});

it('says of an imported run what was not recorded, and that its end is not known', async () => {
  const { page, go, faults } = guest;
  await go(`/runs/${imported}`);
  await page.getByText('How it ended is not known').waitFor();
  await eventually(() => page.locator('main').textContent()).toMatch(/Exit\s*not recorded/);
  await go(`/runs/${imported}?tab=inputs`);
  for (const name of ['Command', 'Code', 'Dataset', 'Environment'])
    await page.getByRole('region', { name, exact: true }).getByText('not recorded').waitFor();
  await page.getByText('Guessed: they stand in a file that was found beside the run').waitFor();
  expect(faults).toEqual([]);
});

it('leads from the diagnosis with its remedy to the place in the log', async () => {
  const { page, go } = guest;
  await go(`/runs/${broken}`);
  const diagnosis = page.getByRole('region', { name: 'Diagnosis' });
  await diagnosis.getByText('What helps:').waitFor();
  await diagnosis.getByRole('link', { name: 'See it in the log' }).click();
  await page.getByRole('log').getByText('Traceback').first().waitFor();
  await eventually(() => new URL(page.url()).searchParams.get('warnings')).toBe('true');
});

it('tells its journal in words, with each fact as it was written behind them', async () => {
  const { page, go } = guest;
  await go(`/runs/${on.ids[1]}?tab=journal`);
  const made = page.getByRole('button', { name: /Made.*checkpoint · .*\.safetensors · step 3/ });
  await made.waitFor();
  await made.press('Enter');
  await page.getByText('"kind": "checkpoint"').waitFor();
  await page.getByRole('button', { name: /Ended.*succeeded · exit 0/ }).waitFor();
});

it('keeps a note that is being written, and those of two windows at once', async () => {
  const { page, go } = guest;
  const [id] = on.ids;
  const other = await visit(on.browser, on.served);
  await other.go(`/runs/${id}?tab=notes`);
  await other.page.getByLabel('Note', { exact: true }).fill('from the **other** window');
  await go(`/runs/${id}?tab=notes`);
  await page.getByLabel('Note', { exact: true }).fill('from _this_ one');
  await page.getByRole('link', { name: 'Charts' }).click();
  await page.getByRole('slider').first().waitFor();
  await page.goBack();
  await eventually(() => page.getByLabel('Note', { exact: true }).inputValue()).toBe('from _this_ one');
  await other.page.keyboard.press('Control+Enter');
  await page.getByText('from the other window').waitFor();
  expect(await page.getByLabel('Note', { exact: true }).inputValue()).toBe('from _this_ one');
  await page.getByLabel('Note', { exact: true }).press('Control+Enter');
  await other.page.locator('em', { hasText: 'this' }).waitFor();
  expect((await shown(on.world, id)).notes.map(({ text }) => text)).toEqual([
    'from the **other** window',
    'from _this_ one',
  ]);
  await page.reload();
  await page.getByText('from this one').waitFor();
  await eventually(() => page.getByLabel('Note', { exact: true }).inputValue()).toBe('');
  await other.context.close();
});

it('shows on a phone which of its parts is open', async () => {
  const narrow = await visit(on.browser, on.served, { viewport: { width: 360, height: 780 } });
  await narrow.go(`/runs/${on.ids[1]}?tab=journal`);
  const end = async () => {
    const box = await narrow.page.getByRole('link', { name: 'Journal' }).boundingBox();
    return (box?.x ?? 999) + (box?.width ?? 0);
  };
  await eventually(end).toBeLessThanOrEqual(360);
  await narrow.context.close();
});
