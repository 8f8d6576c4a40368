import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { defaultSettings } from '../model/settings.ts';
import { declared } from './settings/declared.ts';
import { bytes, sizeText } from './settings/values.ts';
import { insist, readSettings } from './settings.ts';

function userHome(): string {
  const home = mkdtempSync(join(tmpdir(), 'spoor-settings-'));
  onTestFinished(() => rmSync(home, { recursive: true }));
  mkdirSync(join(home, '.config/spoor'), { recursive: true });
  return home;
}

async function read(text: string) {
  const home = userHome();
  const file = join(home, '.config/spoor/config.toml');
  writeFileSync(file, text);
  const found = await readSettings({}, home);
  const problems = found.problems.map(({ message, hint }) => `${message.replace(`${file}:`, '')} | ${hint}`);
  return { ...found, problems };
}

test('without a file everything is as it comes', async () => {
  expect(await readSettings({}, userHome())).toMatchObject({ settings: defaultSettings, exists: false, problems: [] });
});

test('the file is found where XDG says, and a relative place is ignored', async () => {
  const home = userHome();
  const elsewhere = join(home, 'elsewhere');
  mkdirSync(join(elsewhere, 'spoor'), { recursive: true });
  writeFileSync(join(elsewhere, 'spoor/config.toml'), '[price]\nper_gpu_hour = 2');
  expect((await readSettings({ XDG_CONFIG_HOME: elsewhere }, home)).settings.price.perGpuHour).toBe(2);
  expect((await readSettings({ XDG_CONFIG_HOME: 'elsewhere' }, home)).exists).toBe(false);
});

test('what the file says is in force, with its line; the rest is as it comes', async () => {
  const { settings, lines, problems } = await read(`
[keep]
samples_budget = "1.5 GB"
checkpoints = "starred"
[price]
per_gpu_hour = 0.79
currency = "EUR"
[stop]
on = ["stall", "nan", "nan"]
[limits]
untracked_file = 1_000_000
`);
  expect(problems).toEqual([]);
  expect(settings).toEqual({
    ...defaultSettings,
    keep: { samplesBudget: 1_500_000_000, checkpoints: 'starred' },
    price: { perGpuHour: 0.79, currency: 'EUR' },
    stop: { on: ['stall', 'nan'] },
    limits: { ...defaultSettings.limits, untrackedFile: 1_000_000 },
  });
  expect([...lines]).toContainEqual(['keep.checkpoints', 4]);
});

test('each type of receiver is read with what it needs', async () => {
  const { settings, problems } = await read(`
[notify]
disk_below = "1 GB"
[notify.desk]
type = "desktop"
on = ["failure"]
[notify.phone]
type = "ntfy"
url = "https://ntfy.example/topic"
token = "tk_x"
[notify.chat]
type = "discord"
url = "https://discord.com/api/webhooks/1/x"
prompts = true
[notify.hook]
type = "webhook"
url = "http://127.0.0.1:9/x"
allow_private = true
headers = { Authorization = "Bearer x" }
[notify.mine]
type = "command"
argv = ["tell"]
`);
  expect(problems).toEqual([]);
  const plain = { contactSheet: true, prompts: false };
  const usual = ['finish', 'failure', 'nan', 'stall', 'disk'];
  expect(settings.notify).toEqual({
    stallAfter: 10,
    diskBelow: 1e9,
    receivers: [
      { name: 'desk', type: 'desktop', on: ['failure'], ...plain },
      {
        name: 'phone',
        type: 'ntfy',
        on: usual,
        ...plain,
        url: 'https://ntfy.example/topic',
        allowPrivate: false,
        token: 'tk_x',
      },
      {
        name: 'chat',
        type: 'discord',
        on: usual,
        ...plain,
        prompts: true,
        url: 'https://discord.com/api/webhooks/1/x',
        allowPrivate: false,
      },
      {
        name: 'hook',
        type: 'webhook',
        on: usual,
        ...plain,
        url: 'http://127.0.0.1:9/x',
        allowPrivate: true,
        headers: { Authorization: 'Bearer x' },
      },
      { name: 'mine', type: 'command', on: usual, ...plain, argv: ['tell'] },
    ],
  });
});

describe('what cannot be understood is named with its line and remedy, and the rest holds', () => {
  test.each([
    ['[kep]\ncheckpoints = "all"', '1: there is no section [kep] | Did you mean [keep]?'],
    ['\n[keep]\ncheckpoint = "all"', '3: [keep] has no setting checkpoint | Did you mean checkpoints?'],
    [
      'keep.zzzzzzzz = 1',
      '1: [keep] has no setting zzzzzzzz | There are samples_budget, checkpoints; docs/settings.md',
    ],
    [
      '[keep]\ncheckpoints = "first"',
      '2: keep.checkpoints cannot be "first" | It takes "last", "starred", "all", "none"',
    ],
    ['[keep]\nsamples_budget = "lots"', '2: keep.samples_budget cannot be "lots" | It takes a size such as "500 MB"'],
    ['[price]\nper_gpu_hour = -1', '2: price.per_gpu_hour cannot be -1 | It takes a number, 0 or more.'],
    ['keep = 3', '1: keep is a section, not a setting | Begin it with [keep]'],
    ['colour = 3', '1: colour stands outside any section | There are [notify]'],
    ['[notify]\nphone = "x"', '2: [notify] has no setting phone | There are stall_after, disk_below'],
    ['[notify.a]\ntype = "ntfi"', '2: notify.a.type cannot be "ntfi" | It takes "desktop", "webhook"'],
    ['[notify.a]\nurl = "https://x"', '1: [notify.a] has no type | docs/settings.md'],
    ['[notify.a]\ntype = "ntfy"', '1: [notify.a] has no url | docs/settings.md'],
    ['[notify.a]\ntype = "ntfy"\nurl = "ftp://s3cret"', '3: notify.a.url cannot be this | It takes an address'],
    ['[notify.a]\ntype = "desktop"\nurll = 1', '3: [notify.a] has no setting urll | There are type, on, contact_sheet'],
    ['[notify.a]\ntype = "command"\nargv = []', '3: notify.a.argv cannot be this | It takes a list of texts'],
    ['[notify.a]\ntype = "desktop"\non = ["done"]', '3: notify.a.on cannot be ["done"] | It takes a list of "finish"'],
  ])('%j', async (text, expected) => {
    const { problems, settings } = await read(`${text}\n[limits]\ndataset_images = 7\n`);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(expected);
    expect(settings.limits.datasetImages).toBe(7);
    expect(problems[0]).not.toContain('s3cret');
  });

  test('a receiver with a key too many still receives', async () => {
    const { settings } = await read('[notify.a]\ntype = "desktop"\nloud = true');
    expect(settings.notify.receivers).toHaveLength(1);
  });

  test('a file that is no TOML has no effect at all', async () => {
    const { problems, settings } = await read('[keep]\ncheckpoints = "all"\n[[[\n');
    expect(problems[0]).toMatch(/cannot be understood: line 3/);
    expect(settings).toEqual(defaultSettings);
  });

  test('what is no file is not waited for', async () => {
    const home = userHome();
    execFileSync('mkfifo', [join(home, '.config/spoor/config.toml')]);
    const { problems } = await readSettings({}, home);
    expect(problems[0]?.message).toMatch(/config\.toml: cannot be read: it is no file$/);
    expect(() => insist({ problems })).toThrow(/it is no file$/);
  });
});

test('every setting, shown as in the file, is read as itself', async () => {
  const text = declared
    .filter(({ get }) => get(defaultSettings) !== null)
    .map(({ section, key, show, get }) => `${section}.${key} = ${show(get(defaultSettings))}`)
    .join('\n');
  const { settings, problems, lines } = await read(text);
  expect(problems).toEqual([]);
  expect(settings).toEqual(defaultSettings);
  expect(lines.size).toBe(declared.length - 1);
});

test('a size is shown as it is read', () => {
  fc.assert(fc.property(fc.nat({ max: 2 ** 50 }), (size) => bytes(sizeText(size)) === size));
  expect([20 * 2 ** 20, 2e9, 5e8, 1023, 0].map(sizeText)).toEqual(['20 MiB', '2 GB', '500 MB', '1023 B', '0 B']);
});

test('no text in place of a settings file is read for ever or breaks anything', async () => {
  const piece = fc.constantFrom(
    '[notify',
    '[keep]',
    '.a]',
    ']',
    '\n',
    'type',
    ' = ',
    '"ntfy"',
    '[',
    '{',
    '}',
    '1',
    '"',
    "'''",
    'url',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(piece, { maxLength: 40 }), async (pieces) => {
      const { settings } = await read(pieces.join(''));
      expect(settings.notify.stallAfter).toBeGreaterThanOrEqual(2);
    }),
    { numRuns: 60 },
  );
});
