/** Names, notes, captions, prompts and a log that would take the page over, were they anything but text. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, png } from '../support/world.ts';
import { eventually, type Open, open, type Visit, visit } from './browser.ts';

const markup = '<img src=x onerror="window.struck=1"><script>window.struck=1</script>';
const controls = '\u001b]0;struck\u0007\u001b[31m\u202eevil';
/** What would be drawn otherwise than it is written, and how it is seen. */
const [turned, seen] = ['safe\u202egnp.exe', 'safe\\u202egnp.exe'];
let on: Open;
let guest: Visit;
let id: string;
let other: string;

beforeAll(async () => {
  const world = makeWorld();
  world.write(join(world.dataset, '2_grey wolf/one.txt'), `${markup}, ${controls}, [a](javascript:window.struck=1)`);
  world.write(world.prompts, `${markup} ${controls} --w 64 --h 64 --d 42\n`);
  world.write(world.config, readFileSync(world.config, 'utf8').replace('"wolf"', "'''w\"><b onclick=alert(1)>'''"));
  const trainer = join(world.trainer, 'train_network.py');
  const source = readFileSync(trainer, 'utf8');
  world.write(
    trainer,
    source.replace('\ndef main():\n', `\ndef main():\n    print(${JSON.stringify(`${markup} WARNING ${controls}`)})\n`),
  );
  const picture = world.write(join(world.root, 'picture.png'), png('picture'));
  const { run } = await recorded(world, training(world, '--output_name', 'w'), {
    args: ['--name', `noob-${markup.replaceAll('/', '')}-v1`, '--reason', `${markup}${controls}`, '--tag', '<b>tag'],
    env: { T_SAMPLE: picture },
  });
  id = run.id;
  const more = ['--output_name', 'x', '--output_dir', join(world.root, 'out-x')];
  const second = await recorded(world, training(world, ...more), {
    args: ['--name', `${turned}-v1`, '--reason', `${turned}${controls}`, '--tag', turned],
    env: { T_SAMPLE: picture },
  });
  other = second.run.id;
  await spoor(world, [
    'note',
    id,
    `${markup}\n\n[click](javascript:window.struck=1) ![x](http://example.org/x.png) ${controls}`,
  ]);
  await spoor(world, ['verdict', id, 'failed', '--why', markup]);
  on = await open(world);
  guest = await visit(on.browser, on.served);
});
afterAll(() => on?.[Symbol.asyncDispose]());

const tabs = ['overview', 'charts', 'samples', 'log', 'inputs', 'checkpoints', 'notes', 'journal'];
const pages = [
  '/',
  '/?group=off',
  ...tabs.map((tab) => `/runs/ID?tab=${tab}`),
  '/runs/ID/dataset',
  '/families',
  `/families/${encodeURIComponent(turned)}`,
  '/runs/OTHER',
  '/compare?run=BOTH',
  ...['matrix', 'blind'].map((view) => `/samples?run=BOTH&view=${view}`),
  '/storage',
];

const addressOf = (path: string) =>
  path
    .replace('ID', id)
    .replace('OTHER', other)
    .replace('BOTH', encodeURIComponent(JSON.stringify([id, other])));

/** Characters that are shown, or read out, and turn others round or control a terminal. */
const hidden = `(() => {
  const found = [];
  const look = (text) => { if (/[\\u0000-\\u0008\\u000e-\\u001f\\u202a-\\u202e\\u2066-\\u2069]/.test(text)) found.push(text); };
  look(document.title);
  const all = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = all.nextNode(); node; node = all.nextNode()) look(node.data);
  for (const element of document.querySelectorAll('[title], [alt], [aria-label]'))
    for (const name of ['title', 'alt', 'aria-label']) look(element.getAttribute(name) ?? '');
  return found;
})()`;

it.each(pages)('%s shows all of it as text', async (path) => {
  const { page, faults, go, rest } = guest;
  faults.length = 0;
  await go(addressOf(path));
  await rest();
  expect(await page.evaluate(hidden)).toEqual([]);
  expect(await page.evaluate('window.struck')).toBe(undefined);
  expect(await page.locator('main b, main script, main img[src="x"], main [onerror], main [onclick]').count()).toBe(0);
  expect(await page.locator('main a[href^="javascript:" i]').count()).toBe(0);
  expect(faults).toEqual([]);
});

it('shows the markup of a note, of a log and of a caption as it was written', async () => {
  const { page, go } = guest;
  await go(`/runs/${id}?tab=notes`);
  await page.locator('main ol').getByText('<script>window.struck=1</script>').waitFor();
  await go(`/runs/${id}?tab=log`);
  await page.getByRole('log').getByText('<img src=x onerror').first().waitFor();
  await go(`/runs/${id}/dataset`);
  await page.locator('main li').getByText('<img src=x onerror').first().waitFor();
});

it.each(['/', '/families', `/families/${encodeURIComponent(turned)}`, '/runs/OTHER', '/compare?run=BOTH'])(
  '%s shows a name that would turn itself round as it is written',
  async (path) => {
    const { page, go } = guest;
    await go(addressOf(path));
    await page.locator('main').getByText(seen).first().waitFor();
    if (!path.startsWith('/runs')) return;
    await eventually(() => page.title()).toContain(seen);
    await page.keyboard.press('Control+k');
    await page.getByRole('dialog').getByRole('combobox').fill('gnp.exe');
    await page.getByRole('option').filter({ hasText: seen }).first().waitFor();
    expect(await page.evaluate(hidden)).toEqual([]);
    await page.keyboard.press('Escape');
  },
);
