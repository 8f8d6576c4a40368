import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfigValue, SettingSource } from '../model/facts.ts';
import type { Change, Compared } from './change.ts';
import { compareRuns, isIdentical } from './compare.ts';
import { compared, dataset, environment, file, image, repository, setting, settings } from './test-runs.ts';

const tell = (a: Compared, b: Compared) =>
  compareRuns(a, b).map(({ area, kind, subject, before, after, effective }) => {
    return `${effective ? '' : '('}${area} ${kind} ${subject}: ${JSON.stringify(before)} ${JSON.stringify(after)}${effective ? '' : ')'}`;
  });

const sources: SettingSource[] = [
  { kind: 'argument' },
  { kind: 'config-file', file: '/lora/c.toml', line: 3, section: 'x' },
  { kind: 'environment' },
];
const values: fc.Arbitrary<ConfigValue> = fc.oneof(
  fc.double({ noNaN: true, noDefaultInfinity: true }),
  fc.string(),
  fc.boolean(),
  fc.array(fc.constantFrom('conv_dim=4', 'algo=lokr', 'factor=8'), { maxLength: 3 }),
);
const someSettings = fc.uniqueArray(
  fc.record({ key: fc.constantFrom('unet_lr', 'seed', 'network_args', 'network_dim', 'shuffle'), value: values }),
  { selector: ({ key }) => key },
);

describe('the settings of two runs', () => {
  test('do not differ where the same values stand elsewhere, in another order', () => {
    fc.assert(
      fc.property(someSettings, fc.array(fc.nat(2), { minLength: 5, maxLength: 5 }), (given, places) => {
        const a = settings(...given.map(({ key, value }) => setting(key, value)));
        const moved = given.map(({ key, value }, i) => setting(key, value, { source: sources[places[i]!]! }));
        const b = settings(...moved.reverse());
        expect(compareRuns(a, b).filter(({ effective }) => effective)).toEqual([]);
      }),
    );
  });

  test('differ back as they differ forth', () => {
    const turned: Record<Change['kind'], Change['kind']> = {
      added: 'removed',
      removed: 'added',
      changed: 'changed',
      renamed: 'renamed',
      unknown: 'unknown',
    };
    fc.assert(
      fc.property(someSettings, someSettings, (left, right) => {
        const a = settings(...left.map(({ key, value }) => setting(key, value)));
        const b = settings(...right.map(({ key, value }) => setting(key, value)));
        const back = compareRuns(b, a).map((each) => ({
          ...each,
          kind: turned[each.kind],
          before: each.after,
          after: each.before,
        }));
        const key = ({ subject }: Change) => subject;
        const sorted = (changes: Change[]) => changes.sort((x, y) => key(x).localeCompare(key(y)));
        expect(sorted(back)).toEqual(sorted(compareRuns(a, b)));
      }),
    );
  });

  test('say each argument of a network by itself, whatever the order', () => {
    const a = settings(setting('network_args', ['algo=lokr', 'conv_dim=4', 'weight=0.01']));
    const b = settings(setting('network_args', ['weight=1e-2', 'conv_dim=8', 'algo=lokr']));
    expect(tell(a, b)).toEqual(['arguments changed network_args.conv_dim: 4 8']);
  });

  test('are equal where one says what the other leaves out', () => {
    const off = settings(setting('shuffle_caption', false), setting('noise_offset', null));
    expect(tell(off, settings())).toEqual([]);
  });

  test('name changes that cannot change the result, and say why', () => {
    const a = settings(
      setting('output_name', 'v1', { effective: false }),
      setting('learning_rate', 1, { effective: false, ignored: 'unet_lr stands for it' }),
    );
    const b = settings(
      setting('output_name', 'v2', { effective: false }),
      setting('learning_rate', 2, { effective: false, ignored: 'unet_lr stands for it' }),
    );
    expect(tell(a, b)).toEqual([
      '(arguments changed learning_rate: 1 2)',
      '(arguments changed output_name: "v1" "v2")',
    ]);
    expect(compareRuns(a, b)[0]?.detail).toBe('ignored: unet_lr stands for it');
    expect(isIdentical(compareRuns(a, b))).toBe(true);
  });

  test('are compared as configured until both trainers have told what they chose', () => {
    const confirmed = (value: number) => setting('seed', value, { source: { kind: 'confirmed' } });
    expect(tell(settings(confirmed(7)), settings())).toEqual([]);
    expect(tell(settings(confirmed(7)), settings(confirmed(8)))).toEqual(['arguments changed seed: 7 8']);
  });

  test('know a subset by what it reads, and what it does not set by the command line', () => {
    const subset = (at: number, dir: string, ...more: [string, ConfigValue][]) =>
      [['image_dir', dir] as [string, ConfigValue], ...more].map(([key, value]) =>
        setting(`datasets[0].subsets[${at}].${key}`, value, { source: { kind: 'dataset-config', file: '/d.toml' } }),
      );
    const a = settings(
      setting('keep_tokens', 1),
      ...subset(0, '/data/a', ['num_repeats', 2]),
      ...subset(1, '/data/b', ['num_repeats', 3]),
    );
    const b = settings(
      setting('keep_tokens', 0, { effective: false, ignored: 'dataset_config sets keep_tokens everywhere' }),
      ...subset(0, '/data/b', ['num_repeats', 3], ['keep_tokens', 1]),
      ...subset(1, '/data/a', ['num_repeats', 4], ['keep_tokens', 1]),
    );
    const effective = compareRuns(a, b).filter((each) => each.effective);
    expect(effective.map(({ subject, before, after }) => [subject, before, after])).toEqual([
      ['datasets[0].subsets[a].num_repeats', 2, 4],
    ]);
  });
});

describe('the commands of trainers that Spoor does not read', () => {
  const generic = (...command: string[]) => compared({ command, settings: [] });

  test('are compared word for word, and their files stay unknown', () => {
    const a = generic('python', 'run.py', 'a.yaml', '--lr', '1');
    expect(tell(a, generic('python', 'run.py', 'b.yaml', '--lr', '2'))).toEqual([
      'arguments changed command: "python run.py a.yaml" "python run.py b.yaml"',
      'config unknown configuration: null null',
    ]);
    expect(tell(a, generic('python', 'run.py', 'a.yaml', '--lr', '1'))).toEqual([
      'config unknown configuration: null null',
    ]);
  });
});

describe('repositories', () => {
  const code = (rest: Parameters<typeof repository>[0]) => compared({ repos: [repository(rest)] });
  const other = 'd'.repeat(40);

  test('are equal where their snapshots are, dirty or not', () => {
    expect(tell(code({ dirty: true }), code({ dirty: true }))).toEqual([]);
  });

  test('that are dirty with another snapshot have changed', () => {
    const paths = { changedPaths: [{ path: 'library/train_util.py', status: ' M' }] };
    const changes = compareRuns(code({}), code({ dirty: true, snapshot: other, ...paths }));
    expect(changes).toMatchObject([{ area: 'code', kind: 'changed', effective: true, detail: 'dirty' }]);
  });

  test('at one commit have one name for it, though only one of them was described', () => {
    const paths = { changedPaths: [{ path: 'library/train_util.py', status: ' M' }] };
    const [change] = compareRuns(code({}), code({ dirty: true, snapshot: other, describe: null, ...paths }));
    expect(change).toMatchObject({ before: 'v0.10.1', after: 'v0.10.1 (dirty)' });
  });

  test('whose only difference is an untracked picture train the same', () => {
    const paths = { changedPaths: [{ path: 'out/sample.png', status: '??' }] };
    const changes = compareRuns(code({}), code({ dirty: true, snapshot: other, ...paths }));
    expect(changes).toMatchObject([{ effective: false, detail: 'untracked files only' }]);
  });

  test('that hold only the dataset are not code that runs', () => {
    const [change] = compareRuns(
      code({ roles: ['dataset'] }),
      code({ roles: ['dataset'], head: other, snapshot: other }),
    );
    expect(change?.effective).toBe(false);
  });

  test('that are plain directories have changed where their files have', () => {
    const plain = { kind: 'directory' as const, head: null, dirty: null };
    const [change] = compareRuns(code(plain), code({ ...plain, snapshot: other }));
    expect(change).toMatchObject({ kind: 'changed', effective: true });
  });

  test('without snapshots are unknown, never unchanged', () => {
    const lost = { dirty: true, snapshot: null };
    expect(compareRuns(code(lost), code(lost))).toMatchObject([{ kind: 'unknown' }]);
    expect(tell(code({ dirty: null, snapshot: null }), code({}))).toHaveLength(1);
  });

  test('are found again where they were moved', () => {
    const remote = 'https://github.com/kohya-ss/sd-scripts';
    expect(tell(code({ remote }), code({ remote, path: '/srv/sd-scripts', name: 'kohya' }))).toEqual([]);
  });
});

describe('files', () => {
  const with_ = (...files: Parameters<typeof file>[]) => compared({ files: files.map((each) => file(...each)) });

  test('are what they contain, wherever they lie', () => {
    expect(
      tell(with_(['base-model', '/a/x.safetensors', '1']), with_(['base-model', '/b/x.safetensors', '1'])),
    ).toEqual(['(model renamed base-model: "/a/x.safetensors" "/b/x.safetensors")']);
    const [changed] = compareRuns(with_(['base-model', '/x', '1']), with_(['base-model', '/x', '2']));
    expect(changed).toMatchObject({ kind: 'changed', effective: true });
  });

  test('that are not hashed are unknown, unless their sizes differ', () => {
    expect(tell(with_(['vae', '/x', null]), with_(['vae', '/x', '2']))).toHaveLength(1);
    expect(compareRuns(with_(['vae', '/x', null]), with_(['vae', '/x', '2']))[0]?.kind).toBe('unknown');
    expect(compareRuns(with_(['vae', '/x', null]), with_(['vae', '/x', '2', { bytes: 5 }]))[0]?.kind).toBe('changed');
  });

  test('of prompts and scripts cannot change the weights', () => {
    const changes = compareRuns(
      with_(['prompts', '/p', '1'], ['script', '/s', '1']),
      with_(['prompts', '/p', '2'], ['script', '/s', '2']),
    );
    expect(changes.map(({ effective }) => effective)).toEqual([false, false]);
  });

  test('of configuration act through their settings, if those were read', () => {
    const read = (sha256: string, ...more: Parameters<typeof setting>[]) => ({
      ...compared({
        files: [file('config', '/lora/c.toml', sha256)],
        settings: more.map(([key, value]) =>
          setting(key, value, { source: { kind: 'config-file', file: '/lora/c.toml' } }),
        ),
      }),
    });
    const commented = compareRuns(read('1', ['seed', 1]), read('2', ['seed', 1]));
    expect(commented.find(({ area, kind }) => area === 'config' && kind === 'changed')?.effective).toBe(false);
    const unread = compareRuns(read('1'), read('2'));
    expect(unread.find(({ area, kind }) => area === 'config' && kind === 'changed')?.effective).toBe(true);
  });
});

describe('datasets', () => {
  const data = (files: ReturnType<typeof image>[], rest: Parameters<typeof dataset>[0] = {}) =>
    compared({ dataset: dataset({ images: files.length, ...rest }) }, files);

  test('say how many images came, went, changed and were renamed', () => {
    const a = data([image('1.png'), image('2.png'), image('3.png', 'c'), image('4.png')]);
    const b = data([image('1.png'), image('2.png', 'other'), image('three.png', 'c'), image('5.png'), image('6.png')]);
    expect(tell(a, b)).toEqual([
      'dataset added images: null 2',
      'dataset removed images: 1 null',
      'dataset changed images: 1 1',
      '(dataset renamed images: 1 1)',
    ]);
  });

  test('are the same in another place', () => {
    const roots = [{ path: '/other', kind: 'train' as const, repeats: 1, classTokens: null, captionExtension: '.txt' }];
    expect(tell(data([image('1.png')]), data([image('1.png')], { roots }))).toEqual([]);
  });

  test('whose folder is read more often have other repeats, not other images', () => {
    const foldered = (repeats: number) => {
      const path = `${repeats}_wolf`;
      const root = { path: '/d', kind: 'train' as const, repeats: null, classTokens: null, captionExtension: '.txt' };
      return data([image(`${path}/1.png`, 'x')], {
        roots: [{ ...root, folders: [{ path, repeats, classTokens: 'wolf' }] }],
      });
    };
    expect(tell(foldered(10), foldered(20))).toEqual(['dataset changed repeats of wolf: 10 20']);
  });

  test('that are not hashed are unknown', () => {
    expect(compareRuns(data([image('1.png')]), data([image('1.png', null)]))).toMatchObject([
      { kind: 'unknown', subject: 'images' },
    ]);
    expect(compareRuns(compared({ dataset: dataset() }), compared({ dataset: dataset() }))).toMatchObject([
      { kind: 'unknown', subject: 'content' },
    ]);
  });
});

test('counts that the trainer takes itself follow from other images, and act where nothing else tells', () => {
  const counts = (images: number, ...files: ReturnType<typeof image>[]) =>
    compared(
      {
        settings: [setting('num_train_images', images, { source: { kind: 'confirmed' } })],
        dataset: files.length > 0 ? dataset({ images: files.length }) : null,
      },
      files,
    );
  const [one, two] = [image('1.png'), image('2.png')];
  const told = compareRuns(counts(10, one), counts(20, one, two));
  expect(told.filter((each) => each.effective && each.kind !== 'unknown').map(({ subject }) => subject)).toEqual([
    'images',
  ]);
  expect(told.find(({ subject }) => subject === 'num_train_images')?.detail).toBe('follows from what else changed');
  const alone = compareRuns(counts(10), counts(20)).find(({ subject }) => subject === 'num_train_images');
  expect(alone?.effective).toBe(true);
});

describe('environments', () => {
  const env = (rest: Parameters<typeof environment>[0] = {}) => compared({ environment: environment(rest) });
  const packages = (...versions: [string, string][]) => ({
    packages: versions.map(([name, version]) => ({ name, version, editable: null, origin: null })),
  });

  test('know a package by any spelling of its name', () => {
    expect(tell(env(packages(['Lycoris_Lora', '3.1'])), env(packages(['lycoris-lora', '3.2'])))).toEqual([
      'environment changed lycoris-lora: "3.1" "3.2"',
    ]);
  });

  test('leave installers without effect', () => {
    const [change] = compareRuns(env(packages(['pip', '24'])), env(packages(['pip', '25'])));
    expect(change?.effective).toBe(false);
  });

  test('that were not recorded are unknown', () => {
    expect(compareRuns(compared(), env())).toMatchObject([{ kind: 'unknown', subject: 'environment' }]);
    expect(compareRuns(env(), env({ packages: [] }))).toContainEqual(
      expect.objectContaining({ kind: 'unknown', subject: 'packages' }),
    );
  });
});

test('a run does not differ from itself, whatever of it is unknown', () => {
  const run = compared({ dataset: dataset(), files: [file('vae', '/x', null)], settings: [] });
  expect(compareRuns(run, run)).toEqual([]);
});

test('what people look for first comes first', () => {
  const before = compared({
    settings: [setting('seed', 1), setting('unet_lr', 1), setting('output_name', 'a', { effective: false })],
    environment: environment(),
  });
  const after = compared({
    settings: [setting('seed', 2), setting('unet_lr', 2), setting('output_name', 'b', { effective: false })],
    environment: environment({ python: '3.11' }),
  });
  const known = compareRuns(before, after).filter(({ kind }) => kind !== 'unknown');
  expect(known.map(({ subject }) => subject)).toEqual(['unet_lr', 'seed', 'python', 'output_name']);
});
