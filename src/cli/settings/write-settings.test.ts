import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import type { SettingsChange } from '../../server/context.ts';
import { readSettings, settingsFile } from '../settings.ts';
import { settingsDocument } from './document.ts';
import { writeSettings } from './write-settings.ts';

const mine = `# My settings. Do not touch!
[keep]
samples_budget = "2 GB"   # the disk is large

[notify.phone]            # always with me
type = "ntfy"
url = "https://ntfy.example/secret-topic"
token = "tk_s3cret"

[notify.hook]
type = "webhook"
url = "https://home.example/api/s3cret"
headers = { Authorization = "Bearer s3cret", X-From = "spoor" }

[notify.mine]
type = "command"
argv = ["/usr/local/bin/tell", "--token=s3cret"]
`;

function place(text: string | null = mine) {
  const home = mkdtempSync(join(tmpdir(), 'spoor-settings-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  const file = settingsFile({}, home);
  if (text !== null) {
    mkdirSync(join(home, '.config/spoor'), { recursive: true });
    writeFileSync(file, text);
  }
  const look = async () => settingsDocument(await readSettings({}, home));
  return {
    home,
    file,
    look,
    text: () => readFileSync(file, 'utf8'),
    async change(change: Partial<SettingsChange>) {
      return writeSettings(file, { settings: {}, receivers: {}, ...change }, (await look()).revision);
    },
  };
}

const phone = (change: SettingsChange['receivers'][string]) => ({ receivers: { phone: change } });

test('of what is secret nothing is shown, only that it is there', async () => {
  const { receivers, settings } = await place().look();
  expect(JSON.stringify([receivers, settings])).not.toMatch(/s3cret|secret-topic/);
  expect(receivers).toMatchObject([
    { name: 'phone', type: 'ntfy', url: 'https://ntfy.example/…', token: true, editable: true, line: 5 },
    { name: 'hook', headers: ['Authorization', 'X-From'], token: false, editable: true },
    { name: 'mine', type: 'command', program: '/usr/local/bin/tell', editable: false },
  ]);
  expect(settings.find(({ key }) => key === 'keep.samples_budget')).toEqual({
    key: 'keep.samples_budget',
    kind: 'size',
    choices: [],
    least: null,
    value: '2 GB',
    usual: '500 MB',
    line: 3,
  });
});

describe('a change', () => {
  test('is made where the setting stands, and all else stays as it was written', async () => {
    const { change, text, look } = place();
    expect(await change({ settings: { 'keep.samples_budget': '1 GB', 'stop.on': ['nan'] } })).toEqual([]);
    expect(text()).toBe(`${mine.replace('"2 GB"', '"1 GB"')}\n[stop]\non = ["nan"]\n`);
    expect((await look()).settings.find(({ key }) => key === 'stop.on')?.value).toEqual(['nan']);
  });

  test('makes the file where there is none, for its owner alone', async () => {
    const { change, text, file } = place(null);
    expect(await change({ settings: { 'price.per_gpu_hour': 0.79, 'price.currency': 'EUR' } })).toEqual([]);
    expect(text()).toBe('[price]\nper_gpu_hour = 0.79\ncurrency = "EUR"\n');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('of nothing writes nothing', async () => {
    const { change, text, file } = place('[limits]\nuntracked_file = 1_000_000\n');
    const { ino } = statSync(file);
    expect(await change({ settings: { 'limits.untracked_file': 1_000_000, 'price.currency': null } })).toEqual([]);
    expect([text(), statSync(file).ino]).toEqual(['[limits]\nuntracked_file = 1_000_000\n', ino]);
  });

  test('to what is usual takes the line out, and leaves what was noted beside it', async () => {
    const { change, text } = place();
    expect(await change({ settings: { 'keep.samples_budget': null } })).toEqual([]);
    expect(text()).toBe(mine.replace('samples_budget = "2 GB"   # the', '# the'));
  });

  test('keeps the rights of the file, and a link to it', async () => {
    const { change, file, home, text } = place();
    const elsewhere = join(home, 'dotfiles.toml');
    writeFileSync(elsewhere, mine);
    chmodSync(elsewhere, 0o640);
    rmSync(file);
    symlinkSync(elsewhere, file);
    expect(await change({ settings: { 'keep.checkpoints': 'all' } })).toEqual([]);
    expect(lstatSync(file).isSymbolicLink()).toBe(true);
    expect(statSync(elsewhere).mode & 0o777).toBe(0o640);
    expect(text()).toContain('checkpoints = "all"');
    expect(readdirSync(home)).toEqual(['.config', 'dotfiles.toml']);
  });

  test('keeps a byte-order mark and the ends of lines of Windows', async () => {
    const { change, text } = place('\uFEFF# hi\r\n[keep]\r\ncheckpoints = "all"\r\n');
    expect(await change({ settings: { 'keep.samples_budget': '1 GB' } })).toEqual([]);
    expect(text()).toBe('\uFEFF# hi\r\n[keep]\r\ncheckpoints = "all"\r\nsamples_budget = "1 GB"\r\n');
  });
});

describe('what cannot be is told at its setting, with the remedy, and nothing is written', () => {
  test.each([
    [{ settings: { 'keep.checkpoints': 'first' } }, 'keep.checkpoints', 'cannot be "first"', '"last", "starred"'],
    [{ settings: { 'keep.samples_budget': '1 pound' } }, 'keep.samples_budget', 'cannot be "1 pound"', '"500 MB"'],
    [{ settings: { 'notify.stall_after': 1 } }, 'notify.stall_after', 'cannot be 1', 'a number, 2 or more'],
    [{ settings: { 'price.per_gpu_hour': 'much' } }, 'price.per_gpu_hour', 'cannot be "much"', '0 or more'],
    [{ settings: { 'keep.nothing': 1 } }, 'keep.nothing', 'there is no setting', 'docs/settings.md'],
    [{ settings: { 'notify.phone.url': 'https://x' } }, 'notify.phone.url', 'there is no setting', 'docs/'],
    [phone({ url: 'ftp://x' }), 'notify.phone.url', 'cannot be this', 'https://'],
    [phone({ on: ['done'] }), 'notify.phone.on', 'cannot be ["done"]', '"finish"'],
    [phone({ type: 'desktop' }), 'notify.phone.type', 'another type', 'Take it out'],
    [{ receivers: { desk: { on: [] } } }, 'notify.desk.type', 'has no type', 'docs/'],
    [{ receivers: { desk: { type: 'desktop', url: 'https://x' } } }, 'notify.desk.url', 'no setting url', 'type'],
    [{ receivers: { disk_below: { type: 'desktop' } } }, 'notify.disk_below', 'name of a setting', 'another'],
    [{ receivers: { 'a]\nb': { type: 'desktop' } } }, 'notify.a]\nb', 'is no name', 'letters'],
  ] as [Partial<SettingsChange>, string, string, string][])('%j', async (change, at, message, hint) => {
    const { change: make, text } = place();
    const faults = await make(change);
    expect(faults[0]).toMatchObject({ at });
    expect(faults[0]?.message).toContain(message);
    expect(faults[0]?.hint).toContain(hint);
    expect(text()).toBe(mine);
  });

  test('what was wrong before stands in the way of no other change', async () => {
    const { change, text } = place('[keep]\nchekpoints = "all"\n');
    expect(await change({ settings: { 'price.currency': '€' } })).toEqual([]);
    expect(text()).toBe('[keep]\nchekpoints = "all"\n\n[price]\ncurrency = "€"\n');
  });
});

describe('receivers', () => {
  test('are added, changed and taken out, each in its table', async () => {
    const { change, text, look } = place();
    const token = 'tk_new';
    const desk = { type: 'desktop', on: ['failure'] };
    const chat = { type: 'webhook', url: 'https://chat.example/x', headers: { Authorization: 'Bearer y' } };
    expect(await change({ receivers: { phone: { token, on: ['nan'] }, desk, 'my chat': chat, hook: null } })).toEqual(
      [],
    );
    expect(text()).toBe(
      mine
        .replace('"tk_s3cret"\n', '"tk_new"\non = ["nan"]\n')
        .replace(/\[notify\.hook\][^[]+/, '')
        .concat(
          '\n[notify.desk]\ntype = "desktop"\non = ["failure"]\n',
          '\n[notify."my chat"]\ntype = "webhook"\nurl = "https://chat.example/x"\n',
          'headers = { Authorization = "Bearer y" }\n',
        ),
    );
    expect((await look()).receivers.map(({ name, usable }) => [name, usable])).toEqual([
      ['phone', true],
      ['mine', true],
      ['desk', true],
      ['my chat', true],
    ]);
  });

  test('have single headers set and taken out, the others stay unread', async () => {
    const { change, text } = place();
    expect(await change({ receivers: { hook: { headers: { 'X-From': null, 'X-To': 'me' } } } })).toEqual([]);
    expect(text()).toContain('headers = { Authorization = "Bearer s3cret", X-To = "me" }');
  });

  test('do not give their secrets to another server', async () => {
    const { change, text } = place();
    const url = 'https://elsewhere.example/x';
    const told = await change({ receivers: { phone: { url }, hook: { url, headers: { 'X-From': 'me' } } } });
    expect(told.map(({ at, message }) => [at, message])).toEqual([
      ['notify.phone.token', expect.stringContaining('another server')],
      ['notify.hook.headers', expect.stringMatching(/Authorization$/)],
    ]);
    expect(text()).toBe(mine);
    expect(await change(phone({ url, token: null }))).toEqual([]);
    expect(text()).not.toContain('tk_s3cret');
    expect(await change(phone({ url: 'https://elsewhere.example/y' }))).toEqual([]);
  });

  test.each([
    [{ mine: { on: ['nan'] } }],
    [{ mine: null }],
    [{ mine: { type: 'desktop' } }],
    [{ other: { type: 'command' } }],
    [{ half: { type: 'command' } }],
    [{ half: { on: ['nan'] } }],
  ] as [SettingsChange['receivers']][])('that run a program are left to the file: %j', async (receivers) => {
    const { change, text } = place(`${mine}[notify.half]\nargv = ["rm"]\n`);
    const before = text();
    await expect(change({ receivers })).rejects.toMatchObject({ code: 'set-in-the-file' });
    expect(text()).toBe(before);
  });

  test('that cannot be used are shown, and can be taken out', async () => {
    const { change, look, text } = place('[notify.a]\ntype = "ntfy"\nurl = 3\n[notify.b]\n');
    expect((await look()).receivers).toMatchObject([
      { name: 'a', type: 'ntfy', usable: false, editable: true },
      { name: 'b', type: null, usable: false, editable: true },
    ]);
    expect(await change({ receivers: { a: null, b: null } })).toEqual([]);
    expect(text()).toBe('');
  });
});

test('a file that was changed meanwhile is not overwritten', async () => {
  const { look, file, text } = place();
  const { revision } = await look();
  writeFileSync(file, `${mine}# mine too\n`);
  const change = { settings: { 'keep.checkpoints': 'all' }, receivers: {} };
  await expect(writeSettings(file, change, revision)).rejects.toMatchObject({
    kind: 'busy',
    code: 'written-meanwhile',
  });
  expect(text()).toBe(`${mine}# mine too\n`);
});

test('a file does not grow beyond what is read of it', async () => {
  const long = `# ${'x'.repeat((1 << 20) - 20)}\n`;
  const { change, text } = place(long);
  await expect(change({ settings: { 'keep.checkpoints': 'all' } })).rejects.toMatchObject({
    code: 'cannot-edit-settings',
  });
  expect(text()).toBe(long);
});

test.each([['[keep\n'], ['[keep]\nx = "\xff"\n']])('a file that is no TOML is left alone: %j', async (broken) => {
  const { change, file } = place('');
  writeFileSync(file, Buffer.from(broken, 'latin1'));
  await expect(change({ settings: { 'keep.checkpoints': 'all' } })).rejects.toMatchObject({ code: 'bad-settings' });
  expect(readFileSync(file, 'latin1')).toBe(broken);
});

test.skipIf(process.getuid?.() === 0)('a file that may not be written is left alone, with the reason', async () => {
  const { change, file, text } = place();
  chmodSync(file, 0o400);
  await expect(change({ settings: { 'keep.checkpoints': 'all' } })).rejects.toMatchObject({ code: 'cannot-write' });
  expect(text()).toBe(mine);
  expect(existsSync(file)).toBe(true);
});
