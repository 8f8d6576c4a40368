/** Every page on genuine trainings, imported from what sd-scripts left of them: what they hold is there, and no more. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { fixtures } from '../import/play.ts';
import { noViolations, violationsByTheme } from './axe.ts';
import { enter, eventually, type Visit } from './browser.ts';
import { type Imports, imports } from './imports.ts';
import { runsParam } from './stage.ts';

let on: Imports;
beforeAll(async () => {
  on = await imports();
}, 120_000);
afterAll(() => on?.[Symbol.asyncDispose]());

const [a, b, interrupted, nan, missing] = [
  'A-good-lora-pty',
  'B-lr-and-captions-pty',
  'E1-sigint-pty',
  'F1-nan-loss-pty',
  'D1-missing-model-pty',
] as const;
const run = (name: typeof a | typeof b | typeof interrupted | typeof nan | typeof missing, tab = 'overview') =>
  `/runs/${on.ids[name]}?tab=${tab}`;
const both = () => runsParam([on.ids[a], on.ids[b]]);

/** What of the fixtures stands on each page. Times in UTC. */
const pages: [name: string, path: () => string, shown: (string | RegExp)[]][] = [
  ['the list of runs', () => '/', ['kumo', 'nan-loss', 'file-not-found', 'interrupted', 'NaN', '1.07', '1.08']],
  ['the list, ungrouped', () => '/?group=off', ['nan-loss', '1.07', 'A-good-lora-pty']],
  [
    'the overview',
    () => run(a),
    [/Nov 23, 2026, 8:53:49\s?PM/, '4m 6s', 'sd-scripts', 'vm', '1.08', 'networks.lora', '1e-4', '64,64'],
  ],
  ['one that was interrupted', () => run(interrupted), ['Stopped at step 6 of 30', '1.01']],
  ['one whose loss became NaN', () => run(nan), ['The loss was NaN in 11 of 12 steps', '1e+8']],
  ['one that never began', () => run(missing), ['does-not-exist.safetensors is not there', 'No curves yet']],
  ['its charts', () => run(a, 'charts'), ['loss/average', 'loss/current', 'loss/epoch', 'lr']],
  ['charts of NaN', () => run(nan, 'charts'), ['loss/average']],
  ['its samples', () => run(a, 'samples'), ['kumo, a grey cat on a chair', 'kumo, cat in space, stars']],
  ['its log', () => run(a, 'log'), ['epoch is incremented. current_epoch: 1', 'model saved.']],
  ['its inputs', () => run(a, 'inputs'), ['sd15-random.safetensors', 'lr_warmup_steps', 'config.toml:28', '8f4ee8f']],
  ['its checkpoints', () => run(a, 'checkpoints'), ['kumo-step00000008.safetensors', 'kumo.safetensors', 'final']],
  ['its notes', () => run(a, 'notes'), []],
  ['its journal', () => run(a, 'journal'), ['dataset', 'A-good-lora-pty']],
  ['the matrix of samples', () => `/samples?run=${both()}`, ['kumo, a grey cat on a chair', 'step 8', 'step 24']],
  ['a step of the samples', () => `/samples?run=${both()}&view=step`, ['step 24']],
  ['a pair of samples', () => `/samples?run=${both()}&view=pair`, ['kumo, a grey cat on a chair']],
  ['the blind test', () => `/samples?run=${both()}&view=blind`, []],
  ['a comparison', () => `/compare?run=${both()}`, ['unet_lr', '1e-4', '2e-4', 'detailed fur']],
  ['its curves', () => `/compare?run=${both()}&tab=charts`, ['loss/average']],
  ['its code', () => `/compare?run=${both()}&tab=code`, ['sd-scripts']],
  ['the families', () => '/families', ['kumo', /5 runs/]],
  ['a family', () => '/families/kumo', ['unet_lr', '1.07', 'Stopped at step 6 of 30']],
  ['a dataset', () => `/runs/${on.ids[a]}/dataset`, []],
  ['the files', () => '/files', []],
  ['the storage', () => '/storage', ['A-good-lora-pty', 'F1-nan-loss-pty']],
  ['the settings', () => '/settings', ['git']],
];

/** As it is read, without what is hidden. */
const textOf = (page: Visit['page']) => page.evaluate('document.querySelector("main").innerText') as Promise<string>;

describe('in light and in dark', () => {
  let guest: Visit;
  beforeAll(async () => {
    guest = await enter(on.browser, on.served, { timezoneId: 'UTC' });
  });
  afterAll(() => guest?.context.close());

  test.each(pages)('%s shows what the trainer left, and can be used by everyone', async (_, path, shown) => {
    const { page, faults, go } = guest;
    faults.length = 0;
    await go(path());
    const text = () => textOf(page);
    for (const each of shown) {
      const there = eventually(text);
      await (typeof each === 'string' ? there.toContain(each) : there.toMatch(each));
    }
    expect(await violationsByTheme(page)).toEqual(noViolations);
    expect(faults).toEqual([]);
  });
});

describe('what was not recorded', () => {
  let guest: Visit;
  beforeAll(async () => {
    guest = await enter(on.browser, on.served, { timezoneId: 'UTC' });
  });
  afterAll(() => guest?.context.close());
  beforeEach(() => {
    guest.faults.length = 0;
  });
  const text = () => textOf(guest.page);

  test('is unknown: no exit status, no environment, no command', async () => {
    await guest.go(run(a));
    await eventually(text).toContain('networks.lora');
    expect(await text()).not.toMatch(/Exit\s+0/);
    await guest.go(run(a, 'inputs'));
    await eventually(text).toContain('state unknown');
  });

  test('is unknown in a comparison, never unchanged', async () => {
    await guest.go(`/compare?run=${both()}`);
    await eventually(text).toMatch(/dataset\s+unknown/);
    await eventually(text).toMatch(/sd-scripts\s+unknown/);
    await guest.go(`/compare?run=${both()}&tab=code`);
    await eventually(text).toContain('sd-scripts');
    expect(await text()).not.toMatch(/is the same/);
  });

  test('leaves a dataset without files, and says so', async () => {
    await guest.go(`/runs/${on.ids[a]}/dataset`);
    await eventually(text).toMatch(/not known|not recorded/);
  });
});

describe('genuine samples', () => {
  test('are drawn, six of each run, each by its own step, prompt and seed', async () => {
    const { page, go, faults, context } = await enter(on.browser, on.served);
    await go(`/samples?run=${both()}`);
    const pictures = page.getByRole('grid', { name: 'Matrix' }).getByRole('img');
    await eventually(() => pictures.count()).toBe(12);
    const widths = () =>
      pictures.evaluateAll((all) => all.map((each) => (each as unknown as { naturalWidth: number }).naturalWidth));
    await eventually(widths).toEqual(Array(12).fill(64));
    await eventually(() => textOf(page)).toMatch(/seed 42[\s\S]*seed 43/);
    expect(faults).toEqual([]);
    await context.close();
  });
});

test('a picture of a fixture that is dropped on the page is known for the run that drew it', async () => {
  const { page, go, faults, context } = await enter(on.browser, on.served);
  await go('/files');
  const picture = 'kumo_000016_01_20261123205635_43.png';
  const buffer = readFileSync(join(fixtures, 'kohya', a, 'sample', picture));
  await page.locator('input[type=file]').setInputFiles({ name: 'cat.png', mimeType: 'image/png', buffer });
  await page.locator(`main a[href*="${on.ids[a]}"]`).first().waitFor();
  await eventually(() => textOf(page)).toContain('16');
  expect(faults).toEqual([]);
  await context.close();
});

describe.each([
  [
    'Hungarian',
    'hu-HU',
    {
      failure: 'Nincs meg az alapmodell: /home/lab/lora/models/does-not-exist.safetensors',
      remedy: 'Ellenőrizd: pretrained_model_name_or_path.',
      unknown: 'a fájljai nincsenek rögzítve',
      home: '(a SPOOR_HOME szerint)',
      query: ['„lr>”: hiányzik az értéke', 'Írd például így: lr:ÉRTÉK'],
      missing: 'nincs ilyen nevű futás: „nobody-v1s1”',
      list: 'hiányzó fájl',
    },
  ],
  [
    'Japanese',
    'ja-JP',
    {
      failure: 'ベースモデル /home/lab/lora/models/does-not-exist.safetensors がありません',
      remedy: 'pretrained_model_name_or_path を確認してください。',
      unknown: 'ファイルが記録されていません',
      home: '（SPOOR_HOME の指定）',
      query: ['「lr>」に値がありません', '例: lr:値'],
      missing: '「nobody-v1s1」という名前の実行はありません',
      list: 'ファイルなし',
    },
  ],
] as const)('in %s', (_, locale, words) => {
  let guest: Visit;
  beforeAll(async () => {
    guest = await enter(on.browser, on.served, { locale });
  });
  afterAll(() => guest?.context.close());
  const shows = async (path: string, ...texts: string[]) => {
    await guest.page.goto(on.served.origin + path);
    for (const text of texts) await eventually(() => textOf(guest.page)).toContain(text);
  };

  test('a failure is told with its remedy, by its record, in short in the list, and in the journal', async () => {
    await shows('/', words.list);
    await shows(run('D1-missing-model-pty'), words.failure, words.remedy);
    await shows(run('D1-missing-model-pty', 'journal'), words.failure);
  });

  test('a comparison says why what is unknown is', async () => {
    await shows(`/compare?run=${both()}`, words.unknown);
  });

  test('the doctor says what it finds', async () => {
    await shows('/settings', words.home);
  });

  test('what the server refuses is told at the query, and in place of a page', async () => {
    await shows('/?q=lr%3E', ...words.query);
    await shows('/runs/nobody-v1s1', words.missing);
  });
});
