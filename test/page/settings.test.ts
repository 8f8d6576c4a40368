/** The settings of this machine, changed in the page: what comes of it in the file, and in other browsers. */
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { spoor } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { noViolations, violationsByTheme } from './axe.ts';
import { enter, eventually, type Open, open, type Visit } from './browser.ts';

const mine = `# my settings, kept in git
[keep]
samples_budget = "2 GB"     # the disk is large

[notify.phone]              # always with me
type = "ntfy"
url = "https://ntfy.example/secret-topic"
token = "tk_s3cret"
on = ["failure", "nan"]

[notify.mine]
type = "command"
argv = ["/bin/true", "s3cret"]
`;

let world: World;
let on: Open;
let guest: Visit;
let file: string;
/** What came to a server of the user's own. */
let received: { path: string; authorization: string | undefined; body: string }[];
const hook = createServer((request, response) => {
  let body = '';
  request.on('data', (chunk) => {
    body += chunk;
  });
  request.on('end', () => {
    received.push({ path: request.url ?? '', authorization: request.headers.authorization, body });
    response.end();
  });
});

beforeAll(async () => {
  world = makeWorld();
  await spoor(world, ['ls']);
  file = join(world.env.XDG_CONFIG_HOME ?? join(world.env.HOME!, '.config'), 'spoor/config.toml');
  mkdirSync(join(file, '..'), { recursive: true });
  await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve));
  on = await open(world);
});
afterAll(async () => {
  await on?.[Symbol.asyncDispose]();
  hook.close();
});
beforeEach(async () => {
  received = [];
  writeFileSync(file, mine);
  guest = await enter(on.browser, on.served);
  await guest.go('/settings');
});
afterEach(() => guest?.context.close());

const text = () => readFileSync(file, 'utf8');
const field = (page: Page, name: string) => page.getByRole('textbox', { name, exact: true });
/** One of a few, all in sight. */
const choose = (page: Page | Locator, name: string) =>
  page.locator('fieldset label').getByText(name, { exact: true }).click();
/** Not a note in the corner. */
const dialogOf = (page: Page) => page.locator('[role=dialog]:not([aria-modal=false])');
const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });

describe('a setting', () => {
  test('is saved by Enter where it stands in the file, and taken back by Undo', async () => {
    const { page, faults } = guest;
    const budget = field(page, 'Sample pictures of one run');
    await eventually(() => budget.inputValue()).toBe('2 GB');
    await budget.fill('1.5 GB');
    await budget.press('Enter');
    await page.getByText('Sample pictures of one run: 1.5 GB').waitFor();
    expect(text()).toBe(mine.replace('"2 GB"', '"1.5 GB"'));
    await button(page, 'Undo').click();
    await eventually(text).toBe(mine);
    await eventually(() => budget.inputValue()).toBe('2 GB');
    expect(faults).toEqual([]);
  });

  test('is saved when one leaves its field, and given up by Escape', async () => {
    const { page } = guest;
    const price = field(page, 'An hour of one GPU');
    await price.fill('9');
    await price.press('Escape');
    await eventually(() => price.inputValue()).toBe('');
    await price.fill('0,79');
    await price.press('Tab');
    await eventually(text).toBe(`${mine}\n[price]\nper_gpu_hour = 0.79\n`);
    await eventually(() => price.inputValue()).toBe('0.79');
  });

  test('is chosen by keyboard, and goes back to what is usual', async () => {
    const { page } = guest;
    await page.getByRole('radio', { name: 'starred' }).focus();
    await page.keyboard.press('ArrowRight');
    await eventually(text).toContain('samples_budget = "2 GB"     # the disk is large\ncheckpoints = "all"\n');
    await page.getByRole('checkbox', { name: 'NaN' }).press('Space');
    await eventually(text).toContain('[stop]\non = ["nan"]\n');
    await button(page, 'Checkpoints that are copied: back to the usual, starred').click();
    await eventually(text).toBe(`${mine}\n[stop]\non = ["nan"]\n`);
    await eventually(() => page.getByRole('radio', { name: 'starred' }).isChecked()).toBe(true);
  });

  test('that cannot be is told beside its field, with the remedy, and what was typed stays', async () => {
    const { page } = guest;
    const budget = field(page, 'Sample pictures of one run');
    await budget.fill('1 pound');
    await budget.press('Enter');
    const told = page.getByRole('alert');
    expect(await told.textContent()).toBe(
      'keep.samples_budget cannot be "1 pound"It takes a size such as "500 MB", "20 MiB" or "2 GB", or a number of bytes.',
    );
    expect([await budget.inputValue(), await budget.getAttribute('aria-invalid')]).toEqual(['1 pound', 'true']);
    expect(await budget.getAttribute('aria-describedby')).toContain(await told.getAttribute('id'));
    expect(text()).toBe(mine);
    await budget.fill('1 GB');
    await told.waitFor({ state: 'detached' });
    await budget.press('Enter');
    await eventually(text).toBe(mine.replace('"2 GB"', '"1 GB"'));
  });

  test('is changed beside what somebody else changed meanwhile, but never over it', async () => {
    const { page, faults } = guest;
    const meanwhile = mine
      .replace('# my settings', '# our settings')
      .replace('[keep]', '[price]\ncurrency = "EUR"\n\n[keep]');
    writeFileSync(file, meanwhile);
    await choose(page, 'all');
    await eventually(text).toBe(meanwhile.replace('is large\n', 'is large\ncheckpoints = "all"\n'));
    await page.getByText('Checkpoints that are copied: all').waitFor();
    writeFileSync(file, mine.replace('"2 GB"', '"3 GB"'));
    const budget = field(page, 'Sample pictures of one run');
    await budget.fill('4 GB');
    await budget.press('Enter');
    expect(await page.getByRole('alert').textContent()).toContain('was changed meanwhile');
    expect(text()).toBe(mine.replace('"2 GB"', '"3 GB"'));
    // The answer that says so, and no other fault.
    expect(faults.filter((fault) => !/409/.test(fault))).toEqual([]);
  });
});

describe('a receiver of messages', () => {
  const address = () => `http://127.0.0.1:${(hook.address() as AddressInfo).port}/topic`;

  test('shows nothing that is secret, and one that runs a program is not changed here', async () => {
    const { page } = guest;
    await page.getByText('https://ntfy.example/…').waitFor();
    await page.getByText('must not get to run programs by it').waitFor();
    expect(await page.locator('main').innerHTML()).not.toMatch(/s3cret|secret-topic/);
    expect(await button(page, 'Change mine').count()).toBe(0);
    expect(await button(page, 'Remove mine').count()).toBe(0);
    await button(page, 'Send a test to mine').click();
    await page.getByText('mine: sent, exit 0').waitFor();
  });

  test('is added, told a test, changed without giving its secrets anew, and removed', async () => {
    const { page, faults } = guest;
    await button(page, 'Add a receiver').click();
    const dialog = dialogOf(page);
    await choose(dialog, 'Webhook');
    await field(page, 'Name').fill('my house');
    await field(page, 'Address').fill(address());
    await button(page, 'Add a header').click();
    await field(page, 'Name of the header').fill('Authorization');
    await dialog.getByLabel('Value of Authorization').fill('Bearer s3cret');
    await dialog.getByRole('checkbox', { name: /^interruption/ }).check();
    await button(page, 'Save').click();
    await dialog.waitFor({ state: 'detached' });
    const on = '["finish", "failure", "interrupted", "nan", "stall", "disk"]';
    const table = `\n[notify."my house"]\ntype = "webhook"\nurl = "${address()}"\non = ${on}\nheaders = { Authorization = "Bearer s3cret" }\n`;
    expect(text()).toBe(mine + table);

    await button(page, 'Send a test to my house').click();
    expect(
      await page
        .getByText(/^my house: not sent, /)
        .first()
        .textContent(),
    ).toContain('private');
    await button(page, 'Change my house').click();
    await dialog.getByRole('checkbox', { name: /private network/ }).check();
    await button(page, 'Save').click();
    await dialog.waitFor({ state: 'detached' });
    expect(text()).toBe(`${mine + table}allow_private = true\n`);
    await button(page, 'Send a test to my house').click();
    await page.getByText('my house: sent, status 200').waitFor();
    expect(received).toMatchObject([{ path: '/topic', authorization: 'Bearer s3cret' }]);
    expect(JSON.parse(received[0]!.body)).toMatchObject({ event: 'test' });

    await button(page, 'Remove my house').click();
    await page.getByText('cannot be brought back from here').waitFor();
    await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
    await eventually(text).toBe(mine);
    expect(faults).toEqual([]);
  });

  test('has its secrets given anew where its address leads to another server', async () => {
    const { page } = guest;
    await button(page, 'Change phone').click();
    await button(page, 'Replace Address').click();
    const dialog = dialogOf(page);
    const url = field(page, 'Address');
    await url.and(page.locator(':focus')).waitFor();
    await url.fill('https://elsewhere.example/x');
    await button(page, 'Save').click();
    expect(await page.getByRole('alert').textContent()).toContain('another server than that which this was given for');
    expect(text()).toBe(mine);
    await button(page, 'Replace Access token').click();
    await dialog.locator('input:focus:not([type=checkbox])').waitFor();
    await page.keyboard.type('tk_new');
    await page.keyboard.press('Enter');
    await dialog.waitFor({ state: 'detached' });
    expect(text()).toBe(
      mine.replace('ntfy.example/secret-topic', 'elsewhere.example/x').replace('tk_s3cret', 'tk_new'),
    );
  });
});

test('what is wrong in the file is told where it is, and nothing is changed until a file that is no TOML is mended', async () => {
  const { page, go } = guest;
  writeFileSync(file, `${mine.replace('"2 GB"', '"lots"')}\n[notify.half]\ntype = "ntfy"\n[kep]\n`);
  await go('/settings');
  const told = async () => (await page.getByRole('alert').allTextContents()).map((each) => each.slice(0, 40));
  await eventually(told).toEqual([
    'there is no section [kep]Did you mean [k',
    '[notify.half] has no urldocs/settings.md',
    'keep.samples_budget cannot be "lots"It t',
  ]);
  await button(page, 'Remove half').click();
  await dialogOf(page).getByRole('button', { name: 'Remove', exact: true }).click();
  await eventually(text).not.toContain('half');

  writeFileSync(file, '[keep\n');
  await go('/settings');
  expect(await page.getByRole('alert').textContent()).toContain('cannot be understood: line 1');
  expect(await field(page, 'Currency').isDisabled()).toBe(true);
  expect(await button(page, 'Add a receiver').isDisabled()).toBe(true);
});

/** Notes each heading with the language and the theme that it is shown in. */
const watchLooks = `
  globalThis.seen = new Set();
  const look = () => {
    const title = document.querySelector('h1')?.textContent;
    const { lang, dataset } = document.documentElement ?? {};
    if (title) seen.add(title + ' ' + lang + ' ' + dataset.theme);
    requestAnimationFrame(look);
  };
  look();
`;

test('how the page looks is remembered in the home: another browser has it from its first picture on', async () => {
  const { page } = guest;
  const { browser, served } = on;
  await choose(page, 'Dark');
  await choose(page, 'Magyar');
  await page.locator('#appearance input[type=checkbox]').check();
  const askUi = async () => {
    const headers = { authorization: `Bearer ${served.token}` };
    return (await (await fetch(`${served.origin}/api/ui`, { headers })).json()) as { ui: object; revision: string };
  };
  const ui = async () => (await askUi()).ui;
  await eventually(ui).toMatchObject({ theme: 'dark', language: 'hu', blur: true });

  const context = await browser.newContext({ viewport: { width: 1280, height: 800 }, locale: 'en-GB' });
  try {
    const other = await context.newPage();
    const writes: string[] = [];
    other.on('request', (request) => {
      if (request.method() === 'PUT') writes.push(request.url());
    });
    // Whatever is drawn, from the first heading on.
    await other.addInitScript({ content: watchLooks });
    await other.goto(await served.link());
    await other.locator('h1').waitFor();
    await other.goto(`${served.origin}/settings`);
    await other.getByRole('heading', { name: 'Beállítások' }).waitFor();
    await eventually(() => other.evaluate('[...seen]')).toEqual(['Beállítások hu dark']);
    expect(await other.locator('#appearance input[type=checkbox]').isChecked()).toBe(true);
    expect(writes).toEqual([]);

    // What was chosen there holds here when one comes back.
    await choose(other, 'Világos');
    await eventually(ui).toMatchObject({ theme: 'light' });
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange', { bubbles: true }))");
    await eventually(() => page.locator('html').getAttribute('data-theme')).toBe('light');
  } finally {
    await context.close();
    const { revision } = await askUi();
    const nothing = { theme: null, language: null, blur: null, views: [], more: {} };
    const body = JSON.stringify({ ui: nothing, revision });
    const headers = { authorization: `Bearer ${served.token}`, 'content-type': 'application/json' };
    await fetch(`${served.origin}/api/ui`, { method: 'PUT', headers, body });
  }
});

test('the machine is examined again when one asks, and each command can be copied', async () => {
  const { page, context } = guest;
  const home = page.locator('#doctor').getByText(`chmod 700 ${world.spoorHome}`).last();
  await page.getByRole('button', { name: 'Examine again' }).waitFor();
  expect(await home.count()).toBe(0);
  chmodSync(world.spoorHome, 0o755);
  try {
    await page.getByRole('button', { name: 'Examine again' }).click();
    await home.waitFor();
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await button(page, `chmod 700 ${world.spoorHome}`).click();
    await eventually(() => page.evaluate('navigator.clipboard.readText()')).toBe(`chmod 700 ${world.spoorHome}`);
  } finally {
    chmodSync(world.spoorHome, 0o700);
  }
});

test('each dialog can be used by everyone, in light and in dark', async () => {
  const { page, faults } = guest;
  const dialog = dialogOf(page);
  await field(page, 'Currency').waitFor();
  for (const open of ['Add a receiver', 'Change phone', 'Remove phone']) {
    await button(page, open).click();
    await dialog.waitFor();
    if (open === 'Add a receiver') {
      await choose(dialog, 'Webhook');
      await button(page, 'Add a header').click();
      await button(page, 'Save').click();
      await dialog.getByRole('alert').waitFor();
    }
    expect([open, await violationsByTheme(page)]).toEqual([open, noViolations]);
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
  }
  expect(faults).toEqual([]);
});
