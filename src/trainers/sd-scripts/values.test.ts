/** What sd-scripts makes of a value, whichever way it is written. */
import { describe, expect, test } from 'vitest';
import { seeThrough } from '../see-through.ts';
import { config, inForce, readLog } from '../testing/genuine-runs.ts';
import { sdScripts } from './sd-scripts.ts';

const effective = (toml: string, ...args: string[]) =>
  sdScripts.effective(seeThrough(['python', 'sd3_train_network.py', '--config_file=c', ...args], '/lora'), [
    config(toml, '/lora/c.toml'),
  ]);

describe('text_encoder_lr', () => {
  test.each<[string, string[], unknown]>([
    ['text_encoder_lr = 1e-5', [], 1e-5],
    ['text_encoder_lr = [1e-5]', [], 1e-5],
    ['', ['--text_encoder_lr', '1e-5'], 1e-5],
    ['', ['--text_encoder_lr=1e-5'], 1e-5],
    ['text_encoder_lr = [1e-5, 2e-5]', [], [1e-5, 2e-5]],
    ['', ['--text_encoder_lr', '1e-5', '2e-5'], [1e-5, 2e-5]],
    ['text_encoder_lr = []', [], null],
  ])('%j with %j is %j', (toml, args, value) => {
    expect(inForce(effective(toml, ...args), 'text_encoder_lr')).toEqual(value);
  });

  test('of other lists the one stays a list', () => {
    expect(inForce(effective('', '--network_args', 'dropout=0.1'), 'network_args')).toEqual(['dropout=0.1']);
  });
});

describe('a value outside its choices', () => {
  test('is refused by argparse on the command line', () => {
    const { warnings } = effective('', '--loss_type=hubert', '--max_token_length', '200');
    expect(warnings).toEqual([
      {
        code: 'bad-argument',
        message:
          "sd3_train_network: error: argument --loss_type: invalid choice: 'hubert' (choose from 'l1', 'l2', 'huber', 'smooth_l1')",
        hint: 'Did you mean huber?',
      },
      {
        code: 'bad-argument',
        message: 'sd3_train_network: error: argument --max_token_length: invalid choice: 200 (choose from 150, 225)',
        hint: 'Choose one of 150, 225.',
      },
    ]);
  });

  test('is not checked by sd-scripts in its configuration file, and told with its line', () => {
    const { warnings, settings } = effective('[a]\nmixed_precision = "fp17"\n');
    expect(warnings).toEqual([
      {
        code: 'wrong-choice',
        message:
          'mixed_precision is "fp17", not one of no, fp16, bf16, and sd-scripts does not check it (/lora/c.toml:2)',
        hint: 'Did you mean fp16?',
      },
    ]);
    expect(settings.find(({ key }) => key === 'mixed_precision')?.value).toBe('fp17');
  });

  test.each(['mixed_precision = "bf16"', 'max_token_length = 225', 'save_model_as = "ckpt"'])(
    '%s is inside',
    (toml) => {
      expect(effective(toml).warnings).toEqual([]);
    },
  );
});

describe('a run that goes on with --skip_until_initial_step', () => {
  const log = (...lines: string[]) =>
    readLog(
      sdScripts,
      [
        '  num batches per epoch / 1epochのバッチ数: 12',
        '  gradient accumulation steps / 勾配を合計するステップ数 = 1',
        '  total optimization steps / 学習ステップ数: 36',
        ...lines,
        '',
      ].join('\n'),
      '\rsteps:  20%|██        | 6/30 [00:01<00:04, 6.00it/s, avr_loss=0.1]\r',
    );
  const skipping =
    '                    INFO     skipping 18 steps / 18ステップをスキップします               train_network.py:816';
  const epoch =
    '                    INFO     skipping epoch 1 because initial_step (multiplied) is 18        train_network.py:886';

  test('counts its steps from there, as its checkpoints do', () => {
    expect(log('                    INFO     skipping 8 steps / 8ステップをスキップします').progress).toMatchObject({
      step: 14,
      total: 36,
    });
  });

  test('counts from within the epoch where whole epochs are skipped', () => {
    expect(log(skipping, epoch).progress).toMatchObject({ step: 12, total: 36 });
  });

  test('counts from 0 without it', () => {
    expect(log().progress).toMatchObject({ step: 6, total: 36 });
  });
});
