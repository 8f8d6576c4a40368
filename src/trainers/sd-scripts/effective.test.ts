import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ConfigFile } from '../../model/config-file.ts';
import { seeThrough } from '../see-through.ts';
import { config, fixture, genuineRun, inForce } from '../testing/genuine-runs.ts';
import { readArguments } from './arguments.ts';
import { nearest } from './nearest.ts';
import { optionsOf } from './recognise.ts';
import { sdScripts } from './sd-scripts.ts';

const invoke = (...args: string[]) => seeThrough(['python', 'train_network.py', ...args], '/lora');
const withConfig = (toml: string, ...args: string[]) =>
  sdScripts.effective(invoke('--config_file=c', ...args), [config(toml, '/lora/c.toml')]);

describe('precedence', () => {
  test('is command line, then configuration file, then default, each shown with its place', () => {
    const effective = withConfig('[a]\nlearning_rate = 2e-4\nseed = 7\n', '--learning_rate', '3e-4');
    expect(effective.settings.find(({ key }) => key === 'learning_rate')).toEqual({
      key: 'learning_rate',
      value: 3e-4,
      source: { kind: 'argument' },
      effective: true,
      known: true,
      shadowed: [
        { value: 2e-4, source: { kind: 'config-file', file: '/lora/c.toml', line: 2, section: 'a' } },
        { value: 2e-6, source: { kind: 'default' } },
      ],
    });
    expect(inForce(effective, 'seed')).toBe(7);
    expect(inForce(effective, 'max_train_steps')).toBe(1600);
  });

  test('forgets the names of sections, and of two equal keys the later wins', () => {
    const effective = withConfig('seed = 1\n[a]\nseed = 2\n[b]\nseed = 3\n');
    expect(inForce(effective, 'seed')).toBe(3);
    expect(effective.warnings.map(({ code }) => code)).toEqual(['duplicate-setting', 'duplicate-setting']);
  });

  test('lets a list on the command line replace that of the file', () => {
    const effective = withConfig('network_args = ["algo=lokr", "factor=8"]', '--network_args', 'algo=loha');
    expect(inForce(effective, 'network_args')).toEqual(['algo=loha']);
  });

  test('gives each script its own defaults and options', () => {
    const flux = seeThrough(['python', 'flux_train_network.py', '--t5xxl=/t5.safetensors'], '/lora');
    expect(inForce(sdScripts.effective(flux, []), 'discrete_flow_shift')).toBe(3);
    expect(sdScripts.effective(flux, []).files).toContainEqual({
      role: 'text-encoder',
      key: 't5xxl',
      path: '/t5.safetensors',
      remote: false,
    });
  });
});

describe('warnings', () => {
  test('name a misspelt key, its line and the nearest that exists', () => {
    const effective = withConfig('[n]\nnetwrk_dim = 8\n');
    expect(effective.warnings).toEqual([
      {
        code: 'unknown-setting',
        message: 'train_network has no option "netwrk_dim" (/lora/c.toml:2); it is ignored without a word',
        hint: 'Did you mean network_dim?',
      },
    ]);
    expect(effective.settings.find(({ key }) => key === 'netwrk_dim')).toMatchObject({
      known: false,
      effective: false,
    });
  });

  test('name a number that is quoted, and keep it as the text that the trainer gets', () => {
    const effective = withConfig('learning_rate = "1e-3"');
    expect(inForce(effective, 'learning_rate')).toBe('1e-3');
    expect(effective.warnings[0]).toMatchObject({ code: 'wrong-type', hint: 'Write learning_rate without quotes.' });
  });

  test('say what argparse would', () => {
    const run = genuineRun('D2-bad-argument-pty');
    const messages = sdScripts
      .effective(run.invocation, run.files)
      .warnings.map(({ message, hint }) => [message, hint]);
    expect(messages).toEqual([
      ['train_network: error: unrecognized arguments: --netwrk_dim=1', 'Did you mean --network_dim?'],
      ["train_network: error: argument --max_train_steps: invalid int value: 'abc'", null],
    ]);
  });

  test('say that a flag of the file cannot be turned off', () => {
    const effective = withConfig('flip_aug = true', '--no_flip_aug');
    expect(inForce(effective, 'flip_aug')).toBe(true);
    expect(effective.warnings[0]?.hint).toContain('cannot be turned off on the command line');
  });

  test('name settings that the trainer refuses beside each other', () => {
    const codes = (toml: string) => withConfig(toml).warnings.map(({ code }) => code);
    expect(codes('lr_warmup_steps = 5')).toEqual(['conflicting-settings']);
    expect(codes('lr_warmup_steps = 5\nlr_scheduler = "cosine"')).toEqual([]);
    expect(codes('adaptive_noise_scale = 0.1')).toEqual(['conflicting-settings']);
  });

  test('name a configuration that cannot be read', () => {
    const broken: ConfigFile = {
      role: 'config',
      path: '/lora/c.toml',
      format: 'toml',
      value: null,
      lines: new Map(),
      error: 'line 1: invalid key',
      fault: 'invalid',
    };
    expect(sdScripts.effective(invoke('--config_file=c'), [broken]).warnings[0]?.code).toBe('config-unreadable');
  });
});

describe('arguments', () => {
  const read = (...args: string[]) => {
    const { given, problems } = readArguments(args, optionsOf('train_network'));
    const values = Object.fromEntries([...given].map(([key, { value }]) => [key, value]));
    return { values, problems: problems.map(({ message }) => message) };
  };

  test('take values with = or a blank, unique beginnings, lists and negative numbers; the last wins', () => {
    const { values, problems } = read(
      ...['--seed', '1', '--seed=2', '--network_di', '8', '--network_args', 'a=1', 'b=2', '--shuffle_caption'],
      ...[
        '--adaptive_noise_scale',
        '-0.5',
        '--max_train_steps',
        '1_000',
        '--lr_warmup_steps=10%',
        '--output_name',
        'a b',
      ],
    );
    expect(problems).toEqual([]);
    expect(values).toEqual({
      seed: 2,
      network_dim: 8,
      network_args: ['a=1', 'b=2'],
      shuffle_caption: true,
      adaptive_noise_scale: -0.5,
      max_train_steps: 1000,
      lr_warmup_steps: 0.1,
      output_name: 'a b',
    });
  });

  test('keep integers beyond 2^53 exactly', () => {
    expect(read('--seed', '9007199254740993').values).toEqual({ seed: 'int:9007199254740993' });
  });

  test.each([
    [['--net', '1'], 'ambiguous option: --net could match'],
    [['--seed'], 'expected one argument'],
    [['--seed', '--xformers'], 'expected one argument'],
    [['--xformers=1'], "ignored explicit argument '1'"],
    [['stray'], 'unrecognized arguments: stray'],
    [['--unet-lr', '1'], 'unrecognized arguments: --unet-lr'],
  ])('%j is refused', (args, message) => {
    expect(read(...args).problems[0]).toContain(message);
  });

  test('never throw', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(fc.string(), fc.constantFrom('--', '--seed', '--network_args', '-1', '--n')), {
          maxLength: 20,
        }),
        (args) => {
          readArguments(args, optionsOf('sdxl_train'));
        },
      ),
    );
  });
});

describe('what is read and passed over', () => {
  const ignored = (toml: string, key: string) =>
    withConfig(toml).settings.find((setting) => setting.key === key)?.ignored;

  test.each([
    [
      'unet_lr = 1e-4\ntext_encoder_lr = 5e-5\nlearning_rate = 1',
      'learning_rate',
      'unet_lr and text_encoder_lr stand for it',
    ],
    ['unet_lr = 1e-4\nlearning_rate = 1', 'learning_rate', undefined],
    ['unet_lr = 1e-4\nnetwork_train_unet_only = true\nlearning_rate = 1', 'learning_rate', 'unet_lr stands for it'],
    ['max_train_epochs = 2\nmax_train_steps = 9', 'max_train_steps', 'max_train_epochs decides the number of steps'],
    ['dataset_config = "d.toml"\ntrain_data_dir = "/d"', 'train_data_dir', 'dataset_config stands for it'],
  ])('%j: %s', (toml, key, reason) => {
    expect(ignored(toml, key)).toBe(reason);
  });

  test('only names output: no effect; save_precision changes the file', () => {
    const { settings } = withConfig(
      'output_name = "a"\nsave_every_n_steps = 5\nsave_precision = "fp16"\nmetadata_title = "t"',
    );
    const effect = Object.fromEntries(settings.map((setting) => [setting.key, setting.effective]));
    expect(effect).toMatchObject({
      output_name: false,
      save_every_n_steps: false,
      metadata_title: false,
      save_precision: true,
    });
  });
});

describe('a dataset configuration', () => {
  const dataset = (toml: string, main = '', ...args: string[]) =>
    sdScripts.effective(invoke('--config_file=c', '--dataset_config=d.toml', ...args), [
      config(main, '/lora/c.toml'),
      config(toml, '/lora/d.toml', 'dataset-config'),
    ]);
  const toml = `[general]
shuffle_caption = true
caption_extension = ".txt"
[[datasets]]
batch_size = 4
[[datasets.subsets]]
image_dir = "a"
num_repeats = 3
[[datasets.subsets]]
image_dir = "/b"
is_reg = true
shuffle_caption = false
`;

  test('puts subset over dataset over general over the command line', () => {
    const effective = dataset(toml, 'keep_tokens = 2', '--shuffle_caption', '--train_batch_size=2');
    expect(inForce(effective, 'datasets[0].batch_size')).toBe(4);
    expect(inForce(effective, 'datasets[0].subsets[0].shuffle_caption')).toBe(true);
    const second = effective.settings.find(({ key }) => key === 'datasets[0].subsets[1].shuffle_caption');
    expect(second?.value).toBe(false);
    expect(second?.shadowed?.map(({ value, source }) => [value, source.kind])).toEqual([
      [true, 'dataset-config'],
      [true, 'argument'],
      [false, 'default'],
    ]);
    expect(effective.settings.find(({ key }) => key === 'train_batch_size')?.ignored).toBe(
      'dataset_config sets batch_size everywhere',
    );
  });

  test('names its directories', () => {
    expect(dataset(toml, 'train_data_dir = "/not/this"').datasets).toEqual([
      { path: '/lora/a', kind: 'train', layout: 'flat', repeats: 3, classTokens: null, captionExtension: '.txt' },
      { path: '/b', kind: 'regularisation', layout: 'flat', repeats: 1, classTokens: null, captionExtension: '.txt' },
    ]);
  });

  test('is refused by the trainer for a key that it does not know', () => {
    const effective = dataset('[[datasets]]\n[[datasets.subsets]]\nimage_dir = "a"\nnum_repeat = 2\nbatch_size = 1\n');
    expect(effective.warnings.map(({ code, hint }) => [code, hint])).toEqual([
      ['unknown-dataset-setting', 'Did you mean num_repeats?'],
      ['unknown-dataset-setting', 'It belongs to [general] or a [[datasets]].'],
    ]);
  });

  test.each(['kohya_ss-gui/dataset-multires.toml', 'lycoris/dataset_config.toml'])('%s has nothing wrong', (path) => {
    expect(dataset(fixture(path).toString()).warnings).toEqual([]);
  });
});

describe('files to read', () => {
  test('come one after the other: configuration (its .toml added), then the dataset it names', () => {
    const invocation = invoke('--config_file=c');
    const first = sdScripts.wants(invocation, []);
    expect(first).toEqual([{ role: 'config', key: 'config_file', path: '/lora/c.toml', optional: false }]);
    const read = [config('dataset_config = "d.toml"', '/lora/c.toml')];
    expect(sdScripts.wants(invocation, read).map(({ path }) => path)).toEqual(['/lora/d.toml']);
    expect(sdScripts.wants(invocation, [...read, config('', '/lora/d.toml', 'dataset-config')])).toEqual([]);
  });

  test('are none with --output_config, which writes', () => {
    expect(sdScripts.wants(invoke('--config_file=c', '--output_config'), [])).toEqual([]);
  });

  const launched = seeThrough('accelerate launch --mixed_precision=bf16 train_network.py'.split(' '), '/lora');
  const surroundings = { home: '/home/lab', variables: {} };

  test("include accelerate's default configuration, first as YAML, then as JSON", () => {
    const [yaml] = sdScripts.wants(launched, [], surroundings);
    expect(yaml).toMatchObject({ path: '/home/lab/.cache/huggingface/accelerate/default_config.yaml', optional: true });
    const missing: ConfigFile = { ...config('', yaml!.path, 'accelerate'), value: null, fault: 'missing' };
    expect(sdScripts.wants(launched, [missing], surroundings)[0]?.path).toMatch(/default_config\.json$/);
    const moved = sdScripts.wants(launched, [], { home: '/home/lab', variables: { HF_HOME: '/hf' } });
    expect(moved[0]?.path).toBe('/hf/accelerate/default_config.yaml');
  });

  test("put accelerate's options over its file over its defaults", () => {
    const file = config(
      'num_processes = 2\nmixed_precision = "fp16"\n[fsdp_config]\nversion = 2',
      '/a.yaml',
      'accelerate',
    );
    const { settings } = sdScripts.effective(launched, [file]);
    const mixed = settings.find(({ key }) => key === 'accelerate.mixed_precision');
    expect(mixed).toMatchObject({ value: 'bf16', ignored: 'sd-scripts sets it by its own mixed_precision' });
    expect(mixed?.shadowed?.map(({ value }) => value)).toEqual(['fp16', 'no']);
    expect(settings.find(({ key }) => key === 'accelerate.num_processes')?.value).toBe(2);
    expect(settings.find(({ key }) => key === 'accelerate.fsdp_version')?.value).toBe(2);
  });
});

test('a repository of the hub is told from a file', () => {
  const base = (value: string) =>
    sdScripts
      .effective(invoke(`--pretrained_model_name_or_path=${value}`), [])
      .files.find(({ role }) => role === 'base-model');
  expect(base('stabilityai/sdxl-base-1.0')).toMatchObject({ remote: true, path: 'stabilityai/sdxl-base-1.0' });
  expect(base('models/base.safetensors')).toMatchObject({ remote: false, path: '/lora/models/base.safetensors' });
});

describe.each(['loha_config', 'lokr_config', 'lora_config', 'lycoris_full_config'])('LyCORIS example %s', (name) => {
  test('is understood key by key', () => {
    const effective = withConfig(fixture(`lycoris/${name}.toml`).toString());
    const fromFile = effective.settings.filter(({ source }) => source.kind === 'config-file');
    expect(fromFile.length).toBeGreaterThan(30);
    expect(fromFile.filter(({ known }) => !known).map(({ key }) => key)).toEqual([]);
    expect(inForce(effective, 'network_module')).toBe(fromFile.find(({ key }) => key === 'network_module')?.value);
  });
});

test('the nearest name is within a few edits or none', () => {
  const names = [...optionsOf('train_network').keys()];
  expect(nearest('learning_rat', names)).toBe('learning_rate');
  expect(nearest('lerning_raet', names)).toBe('learning_rate');
  expect(nearest('completely_else', names)).toBeNull();
});
