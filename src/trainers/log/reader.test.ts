import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sdScripts } from '../sd-scripts/sd-scripts.ts';
import { readLog } from '../testing/genuine-runs.ts';

const read = (...chunks: (string | Uint8Array)[]) => readLog(sdScripts, ...chunks);
const bar = (step: number, total: number, postfix = '') =>
  `\rsteps:  40%|████      | ${step}/${total} [00:01<00:02, 48.99it/s${postfix}]`;
const loss = (log: ReturnType<typeof read>) => log.series.find(({ tag }) => tag === 'loss/average');

describe('bars', () => {
  test.each([
    [bar(2, 5, ', avr_loss=0.0928'), { step: 2, total: 5, rate: 48.99, loss: 0.0928 }],
    [bar(2, 5, ', loss=1.2e-5   '), { step: 2, total: 5, rate: 48.99, loss: 1.2e-5 }],
    [bar(2, 5, ', Average key norm=0.1, Keys Scaled=3, avr_loss=nan'), { step: 2, total: 5, rate: 48.99, loss: 'NaN' }],
    ['\rsteps:   0%|          | 0/5 [00:00<?, ?it/s]', { step: 0, total: 5, rate: null, loss: null }],
    ['\rsteps:  40%|██        | 2/5 [1:02:03<10:00:00,  4.00s/it]', { step: 2, total: 5, rate: 0.25, loss: null }],
    ['\rsteps: 9it [00:56,  2.00it/s, avr_loss=1.08]', { step: 9, total: null, rate: 2, loss: 1.08 }],
  ])('%j', (text, expected) => {
    expect(read(text).progress).toMatchObject(expected);
  });

  test('of sampling and caching are not the training', () => {
    expect(read('\r  0%|          | 0/6 [00:00<?, ?it/s]\n').progress.step).toBeNull();
  });

  test('give one point a step though a step is drawn first with the loss of the one before', () => {
    const log = read(bar(1, 3), bar(1, 3, ', avr_loss=1'), bar(2, 3, ', avr_loss=1'), bar(2, 3, ', avr_loss=0.5'));
    expect(loss(log)).toMatchObject({ points: 2, first: 1, last: 0.5 });
  });

  test('give no point to a step that was only drawn with what stood before', () => {
    expect(loss(read(bar(1, 3, ', avr_loss=1'), bar(2, 3, ', avr_loss=1')))).toMatchObject({ points: 1 });
  });

  test('are read on after a traceback that did not end the training', () => {
    const traceback = '\nTraceback (most recent call last):\n  File "x"\nOSError: network\n';
    const log = read(bar(1, 3, ', avr_loss=1'), traceback, bar(2, 3, ', avr_loss=0.5'), bar(3, 3, ', avr_loss=0.4'));
    expect(loss(log)).toMatchObject({ points: 3, last: 0.4 });
  });

  test.each([
    ['a traceback', 'Traceback (most recent call last):'],
    ['what ends like a bar', 'RuntimeError: CUDA out of memory [rank 0]'],
  ])('drawn again and again hide nothing that is glued to one of them: %s', (_, text) => {
    const drawn = bar(2, 3, ', avr_loss=1').repeat(1000);
    expect(read(drawn, bar(2, 3, ', avr_loss=1'), `${text}\n`, drawn).tail).toEqual([text]);
  });

  test('drawn again without end, or in halves, leave what was drawn whole', () => {
    const log = read(
      bar(1, 3, ', avr_loss=1'),
      bar(1, 3, ', avr_loss=2'),
      bar(1, 3, ', avr_loss=3').slice(0, -4),
      '\n',
    );
    expect(log.progress).toMatchObject({ step: 1, loss: 2 });
    expect(loss(log)).toMatchObject({ points: 1, last: 2 });
  });

  test('count the NaN at the end', () => {
    const steps = [1, 2, 3, 4].map((step) => bar(step, 4, `, avr_loss=${step < 3 ? step : 'nan'}`));
    expect(read(...steps, bar(4, 4, ', avr_loss=nan')).nanStreak).toBe(2);
  });
});

describe('messages', () => {
  test('are taken from either language', () => {
    const log = read('学習開始\n  total optimization steps / 学習ステップ数: 24\n  num epochs / epoch数: 2\n');
    expect(log.anchors.trainingStarted).toBe(true);
    expect(log.announced).toEqual({ total_steps: 24, num_epochs: 2 });
  });

  test('are put together where rich wrapped them, glued to a bar or not', () => {
    const wrapped = [
      `${bar(3, 5)}2026-11-23 21:13:32 INFO     removing old checkpoint:         train_util.py:4012`,
      '                             /home/lab/lora/out/A2-good-lora-p                   ',
      '                             ipe/kumo.safetensors                                ',
      '                    INFO     model saved.                      train_util.py:4031',
      '',
    ].join('\n');
    const log = read(wrapped);
    expect(log.removed).toEqual(['/home/lab/lora/out/A2-good-lora-pipe/kumo.safetensors']);
    expect(log.anchors.modelSaved).toBe(true);
  });

  test('of the bundled demonstration are the same', () => {
    expect(
      read('                    INFO     model saved.                       training.mjs:134\n').anchors.modelSaved,
    ).toBe(true);
  });

  test('are freed of colours and links', () => {
    const link = '\x1b]8;id=1;file:///x.py\x1b\\\x1b[2mx.py\x1b[0m\x1b]8;;\x1b\\';
    expect(read(`\x1b[31mhello\x1b[0m ${link}\n`).tail).toEqual(['hello x.py']);
  });

  test('without line end stand in the tail, but announce nothing yet', () => {
    const log = read('saving checkpoint: /home/la');
    expect(log.saved).toEqual([]);
    expect(log.tail).toEqual(['saving checkpoint: /home/la']);
  });
});

test('the same text gives the same state however it is cut', () => {
  const piece = fc.oneof(
    fc.constantFrom(
      '\r',
      '\n',
      '\r\n',
      '\x1b[A',
      '\x1b]8;;x\x1b\\',
      'epoch 1/2\n',
      'Traceback (most recent call last):\n',
      '学習開始\n',
    ),
    fc.constantFrom(
      '2026-11-23 21:13:32 INFO     saving checkpoint: /a    x.py:1\n',
      '                             /b\n',
      'nan',
      '^C',
    ),
    fc.nat(5).map((step) => bar(step, 5, `, avr_loss=0.${step}`)),
    fc.nat(9).map((loss) => bar(3, 5, `, avr_loss=0.${loss}`)),
    fc.constantFrom(bar(3, 5), bar(3, 5).replace('48.99it', '?it')),
    fc.tuple(fc.nat(7), fc.nat(90)).map(([step, second]) => bar(step, 5).replace('00:01', `00:${second}`)),
    fc.constantFrom(
      '2026-11-23 21:13:32 INFO     generating sample images at step / サンプル画像生成 ステップ: 8   x.py:1\n',
      '                    INFO     prompt: a cat     x.py:1\n',
      'caching latents...\n',
      'model saved.\n',
      '\rsteps: 9it [00:56,  2.00it/s, avr_loss=1.08]',
    ),
    fc.nat(30).map((done) => `\n\r 40%|████      | ${done}/30 [00:01<00:02,  2.15s/it]\x1b[A\r`),
    fc.nat(9).map((done) => `\rvalidation steps: 40%|████ | ${done}/9 [00:01<00:02,  2.15s/it, val_avg_loss=0.1]`),
    fc.string({ unit: 'binary' }),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), fc.array(fc.nat(200), { maxLength: 20 }), (pieces, cuts) => {
      const bytes = Buffer.from(pieces.join(''));
      const whole = read(bytes);
      const reader = sdScripts.logReader();
      let at = 0;
      for (const cut of cuts) {
        reader.push(bytes.subarray(at, at + cut));
        reader.state();
        at += cut;
      }
      reader.push(bytes.subarray(at));
      expect(reader.state()).toEqual(whole);
    }),
  );
});

test('times of any length are finite', () => {
  const long = '9'.repeat(500);
  const bars = [1, 2, 3].map((step) => bar(step, 900).replace('00:01<00:02', `${long}:0${step}<${long}`));
  const { progress } = read(...bars, bar(4, 900), bar(5, 900));
  for (const value of [progress.eta, progress.barEta, progress.stepSeconds]) {
    expect(value === null || Number.isFinite(value)).toBe(true);
  }
});

test('a hostile log costs bounded memory and time', () => {
  const reader = sdScripts.logReader();
  const lines = [
    Buffer.alloc(1 << 20, 'x'),
    Buffer.alloc(1 << 20, ' '),
    Buffer.alloc(1 << 20, '\x1b]8;'),
    Buffer.alloc(1 << 20, '1%|'),
  ];
  const started = performance.now();
  for (let i = 0; i < 32; i++) reader.push(lines[i % 4]!);
  reader.push(Buffer.from('\n'));
  for (const line of lines)
    for (let i = 0; i < 64; i++) reader.push(Buffer.concat([line.subarray(0, 60_000), Buffer.from('\n')]));
  const state = reader.state();
  expect(JSON.stringify(state).length).toBeLessThan(2_000_000);
  expect(performance.now() - started).toBeLessThan(10_000);
});
