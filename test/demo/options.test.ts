import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOptions, UsageError, usage } from '../../demo/library/options.mjs';
import { parsePrompt } from '../../demo/library/sample-prompts.mjs';
import { parseFlatToml } from '../../demo/library/toml.mjs';

let directory: string;
beforeAll(() => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-demo-options-'));
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const read = (...argv: string[]) => {
  const options = readOptions(argv, () => {});
  if (options === 'help') throw new Error('help was asked for');
  return options;
};
const config = (text: string) => {
  const path = join(directory, 'config.toml');
  writeFileSync(path, text);
  return path;
};

describe('the options of the bundled trainer', () => {
  it('take explicit arguments over the file and the file over defaults', () => {
    const path = config('[training]\nlearning_rate = 1e-4\nnetwork_dim = 8 # rank\n');
    expect(read('--config_file', path, '--network_dim=2')).toMatchObject({
      learning_rate: 1e-4,
      network_dim: 2,
      optimizer_type: 'AdamW',
      unet_lr: null,
    });
  });

  it('find the file without its extension, and keep unknown keys of it silently', () => {
    const path = config('learnig_rate = 1\nseed = 7\n');
    expect(read('--config_file', path.replace('.toml', ''))).toMatchObject({ seed: 7, learnig_rate: 1 });
  });

  it('do not convert strings of the file', () => {
    expect(() => read('--config_file', config('learning_rate = "1e-4"\n'))).toThrow(/'float' and 'str'/);
  });

  it('name a file that is not there', () => {
    expect(() => read('--config_file', join(directory, 'none.toml'))).toThrow(
      `No such file or directory: '${join(directory, 'none.toml')}'`,
    );
  });

  it.each([
    [['--max_train_steps', 'abc'], "argument --max_train_steps: invalid int value: 'abc'"],
    [['--learning_rate', 'x'], "argument --learning_rate: invalid float value: 'x'"],
    [['--output_dir'], 'argument --output_dir: expected one argument'],
    [['--output_dir', '--seed'], 'argument --output_dir: expected one argument'],
    [['--shuffle_caption=1'], "argument --shuffle_caption: ignored explicit argument '1'"],
    [['--learning_rat3', '1', 'x'], 'unrecognized arguments: --learning_rat3 1 x'],
    [['--network_', '1'], /^ambiguous option: --network_ could match --network_module, --network_dim/],
  ])('refuse %j with the words of argparse', (argv, message) => {
    expect(() => read(...argv)).toThrow(UsageError);
    expect(() => read(...argv)).toThrow(message);
  });

  it('accept a unique prefix, a negative number, an empty value and a list', () => {
    expect(
      read('--max_train_s', '9', '--noise_offset', '-0.5', '--log_prefix=', '--network_args', 'a=1', 'b=2', '--seed=3'),
    ).toMatchObject({ max_train_steps: 9, noise_offset: -0.5, log_prefix: '', network_args: ['a=1', 'b=2'], seed: 3 });
  });

  it('are listed in the usage, within 100 columns', () => {
    expect(readOptions(['-h'], () => {})).toBe('help');
    const text = usage('train_network.mjs');
    expect(text).toContain('[--network_args [NETWORK_ARGS ...]]');
    expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(100);
  });
});

describe('the flat TOML reader', () => {
  it('reads strings, numbers, booleans and arrays, whatever the section', () => {
    const text = [
      '# comment',
      '[a] # section',
      'plain = "C:\\\\x \\"q\\" # no comment" # comment',
      "literal = 'C:\\x'",
      '"quoted key" = 1_000',
      'small = -1.5e-05',
      'yes = true',
      'list = ["a", "b,]", 3, ] # comment',
      'none = []',
      'not_a_number = nan',
    ].join('\r\n');
    expect(Object.fromEntries(parseFlatToml(text, 'x.toml'))).toEqual({
      plain: 'C:\\x "q" # no comment',
      literal: 'C:\\x',
      'quoted key': 1000,
      small: -1.5e-5,
      yes: true,
      list: ['a', 'b,]', 3],
      none: [],
      not_a_number: Number.NaN,
    });
  });

  it.each(['key', 'key =', 'key = bare', 'key = "open', 'key = [1, 2', 'key = 1 2', '= 3', '[[table]]', 'k = "\\q"'])(
    'names the line of %j',
    (line) => {
      expect(() => parseFlatToml(`good = 1\n${line}\n`, 'x.toml')).toThrow(/x\.toml, line 2/);
    },
  );
});

describe('sample prompts', () => {
  it('carry size, seed, steps, scale and negative prompt behind --', () => {
    expect(parsePrompt('a wolf, snow --n blurry, low --w 130 --h 72 --d 42 --l 5.5 --s 12')).toEqual({
      prompt: 'a wolf, snow',
      negative: 'blurry, low',
      width: 128,
      height: 72,
      seed: 42,
      scale: 5.5,
      steps: 12,
    });
  });

  it('have the defaults of sd-scripts, and its trap: the prompt itself is tested too', () => {
    expect(parsePrompt('n a cat --d -1')).toEqual({
      prompt: 'n a cat',
      negative: 'a cat',
      width: 512,
      height: 512,
      seed: null,
      scale: 7.5,
      steps: 30,
    });
  });

  it('bound what they ask for', () => {
    expect(parsePrompt('x --s 0 --w 1')).toMatchObject({ steps: 1, width: 64 });
    expect(parsePrompt('x --s 5000')).toMatchObject({ steps: 1000 });
  });
});
