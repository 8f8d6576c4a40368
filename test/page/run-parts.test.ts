/** The parts of a run's page: what made it, its journal in words, notes that are not lost, and what is not known of it. */
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
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
/** What keeps somebody from using the page as it is. */
async function problemsOf(page: Page): Promise<string[]> {
  const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

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

it('has a note changed where it stands, withdrawn, and both taken back, in every window at once', async () => {
  const { page, go, faults } = guest;
  const [, id] = on.ids;
  await spoor(on.world, ['note', id, 'ears _melt_']);
  const other = await visit(on.browser, on.served);
  await other.go(`/runs/${id}?tab=notes`);
  await go(`/runs/${id}?tab=notes`);
  const edit = page.getByRole('button', { name: /^Edit the note of / });
  const field = page.getByLabel('Text of the note');
  await edit.press('Enter');
  await eventually(() => field.evaluate((each) => each === each.ownerDocument.activeElement)).toBe(true);
  await field.fill('ears are **right**');
  await page.getByText('Preview', { exact: true }).last().click();
  await page.locator('strong', { hasText: 'right' }).waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await page.reload();
  await page.locator('strong', { hasText: 'right' }).waitFor();
  await page.getByText('Write', { exact: true }).last().click();
  await field.press('Control+Enter');
  await other.page.locator('strong', { hasText: 'right' }).waitFor();
  await page.getByText(/changed .*20\d\d/).waitFor();
  await eventually(() => edit.evaluate((each) => each === each.ownerDocument.activeElement)).toBe(true);
  expect(new URL(page.url()).searchParams.has('note')).toBe(false);

  await other.page.getByRole('button', { name: /^Withdraw the note of / }).click();
  await page.getByText('No notes yet').waitFor();
  await other.page.getByRole('button', { name: 'Undo' }).click();
  await page.locator('strong', { hasText: 'right' }).waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await other.page.locator('em', { hasText: 'melt' }).waitFor();
  expect((await shown(on.world, id)).notes).toMatchObject([{ text: 'ears _melt_', editedAt: null }]);

  await page.getByRole('link', { name: 'Journal' }).click();
  await page
    .getByRole('button', { name: /Note changed.*ears are \*\*right/ })
    .first()
    .waitFor();
  await page.getByRole('button', { name: /Note withdrawn/ }).waitFor();
  expect(faults).toEqual([]);
  await other.context.close();
});

it('tells who changes a note what became of it meanwhile, and loses nothing of either', async () => {
  const { page, go } = guest;
  const [, id] = on.ids;
  await go(`/runs/${id}?tab=notes`);
  await page.getByRole('button', { name: /^Edit the note of / }).click();
  const field = page.getByLabel('Text of the note');
  await field.fill('mine');
  await spoor(on.world, ['note', id, '--edit', 'last', 'theirs']);
  const told = page.getByText('It was changed elsewhere meanwhile');
  await told.waitFor();
  await told.getByText('theirs').waitFor();
  await spoor(on.world, ['note', id, '--withdraw', 'last']);
  await page.getByText('It was withdrawn elsewhere meanwhile').waitFor();
  expect(await field.inputValue()).toBe('mine');
  await field.press('Escape');
  await page.getByText('No notes yet').waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.getByText('mine', { exact: true }).waitFor();
  expect((await shown(on.world, id)).notes.map(({ text }) => text)).toEqual(['mine']);
});

it('has what is unfolded, hidden and looked for in its address', async () => {
  const { page, go } = guest;
  const [, id] = on.ids;
  const param = (name: string) => new URL(page.url()).searchParams.get(name);
  await go(`/runs/${id}?tab=journal`);
  const fact = page.getByRole('button', { name: /Ended.*succeeded/ });
  await fact.click();
  await eventually(() => param('open')).toMatch(/\d/);
  await page.reload();
  await page.getByText('"exitCode": 0').waitFor();

  await page.getByRole('link', { name: 'Inputs' }).click();
  const file = page.getByRole('button', { name: /config\.toml/ }).first();
  await file.click();
  await page.getByText('unet_lr').first().waitFor();
  await page.getByRole('searchbox', { name: 'Find a setting' }).fill('unet');
  await eventually(() => param('find')).toBe('unet');
  await page.reload();
  await eventually(() => file.getAttribute('aria-expanded')).toBe('true');
  expect(await page.getByRole('searchbox', { name: 'Find a setting' }).inputValue()).toBe('unet');
  // Back leads out of a part, to the one before as it was left.
  await page.goBack();
  await eventually(() => fact.getAttribute('aria-expanded')).toBe('true');

  await page.getByRole('link', { name: 'Charts' }).click();
  const raw = page.getByRole('button', { name: /\(raw\)/ }).first();
  await raw.click();
  await eventually(() => raw.getAttribute('aria-pressed')).toBe('false');
  await page
    .getByRole('button', { name: /^As a table/ })
    .first()
    .click();
  await page.getByRole('columnheader', { name: 'step' }).waitFor();
  await page.reload();
  await page.getByRole('columnheader', { name: 'step' }).waitFor();
  await page
    .getByRole('button', { name: /^As a table/ })
    .first()
    .click();
  await eventually(() => raw.getAttribute('aria-pressed')).toBe('false');
  expect([param('table'), param('hide')]).toEqual([null, expect.stringContaining('raw')]);
});

it('stays where it was scrolled to when the address changes with what is chosen', async () => {
  const [, id] = on.ids;
  const small = await visit(on.browser, on.served, { viewport: { width: 1280, height: 320 } });
  const top = () => small.page.evaluate('scrollY') as Promise<number>;
  for (const [path, choose, name] of [
    [`/runs/${id}/dataset`, () => small.page.getByRole('button', { name: /^grey wolf/ }).first(), 'tag'],
    [`/families/noob-wolf`, () => small.page.getByRole('group', { name: 'Outcome' }).getByText('Verdict'), 'against'],
  ] as const) {
    await small.go(path);
    await choose().waitFor();
    await small.page.evaluate('scrollTo(0, 20)');
    await eventually(top).toBe(20);
    // Without the pointer, which would have it scrolled to.
    await choose().dispatchEvent('click');
    await eventually(() => new URL(small.page.url()).searchParams.has(name)).toBe(true);
    await small.rest();
    expect(await top()).toBe(20);
  }
  await small.context.close();
});

it('is tagged, with the tags of others offered, and the tags are taken away again', async () => {
  const { page, go } = guest;
  const [first, id] = on.ids;
  await spoor(on.world, ['tag', first, '+keeper']);
  await go(`/runs/${id}`);
  await page.getByRole('button', { name: 'Tag', exact: true }).press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Tags of noob-wolf-v2s12' });
  const field = dialog.getByRole('combobox');
  await field.fill('ke');
  await dialog.getByRole('option', { name: 'keeper' }).waitFor();
  await field.press('ArrowDown');
  await field.press('Enter');
  expect(await field.inputValue()).toBe('keeper ');
  await field.pressSequentially('a:b');
  await dialog.getByRole('alert').waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await field.fill('keeper night');
  await field.press('Enter');
  await page.getByRole('heading', { level: 1 }).locator('..').getByText('night').waitFor();
  expect((await shown(on.world, id)).tags).toEqual(['keeper', 'night']);
  await page.getByRole('button', { name: 'Tag', exact: true }).click();
  await dialog.getByRole('button', { name: 'Take night away' }).click();
  await dialog.getByRole('button', { name: 'Take night away' }).waitFor({ state: 'detached' });
  await eventually(async () => (await shown(on.world, id)).tags).toEqual(['keeper']);
  await page.keyboard.press('Escape');
});

it('is found as a terminal calls it, by its name or the beginning of its id', async () => {
  const { page, go } = guest;
  const [first] = on.ids;
  for (const called of ['noob-wolf-v1s12', first.slice(0, 22)]) {
    await go(`/runs/${called}?tab=notes`);
    await page.getByRole('heading', { level: 1, name: 'noob-wolf-v1s12' }).waitFor();
    await eventually(() => new URL(page.url()).pathname).toBe(`/runs/${first}`);
    expect(new URL(page.url()).searchParams.get('tab')).toBe('notes');
  }
  await go('/runs/noob-wolf-v9');
  await page.getByText('no run is named "noob-wolf-v9"').waitFor();
});

it('goes to the trash and says so where it was, from where it comes back', async () => {
  const { page, go } = guest;
  await go(`/runs/${broken}`);
  await page.getByRole('button', { name: 'To the trash' }).click();
  await page.getByText('This run is in the trash').waitFor();
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.getByRole('link', { name: 'Overview' }).waitFor();
  await page.getByRole('button', { name: 'To the trash' }).click();
  await page.getByText('This run is in the trash').waitFor();
  await page.reload();
  await page.getByRole('heading', { level: 1, name: 'broken' }).waitFor();
  expect(await problemsOf(page)).toEqual([]);
  await page.getByRole('button', { name: 'Put back' }).click();
  await page.getByRole('region', { name: 'Diagnosis' }).waitFor();
  expect((await shown(on.world, broken)).status).toBe('failed');
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
