import { describe, expect, test } from 'vitest';
import { trainerFor } from '../registry.ts';
import { evidence, fixture, genuineRun, readLog } from '../testing/genuine-runs.ts';
import { sdScripts } from './sd-scripts.ts';

const runs = {
  'A-good-lora-pty': { steps: 24, total: 24, epochs: 2, saved: 5, status: 'succeeded', code: null },
  'A2-good-lora-pipe': { steps: 12, total: 12, epochs: 1, saved: 2, status: 'succeeded', code: null },
  'B-lr-and-captions-pty': { steps: 24, total: 24, epochs: 2, saved: 5, status: 'succeeded', code: null },
  'C0-lycoris-traceback-pty': { steps: 0, total: 20, epochs: 2, saved: 0, status: 'failed', code: 'exception' },
  'D1-missing-model-pty': {
    steps: null,
    total: null,
    epochs: null,
    saved: 0,
    status: 'failed',
    code: 'file-not-found',
  },
  'D2-bad-argument-pty': { steps: null, total: null, epochs: null, saved: 0, status: 'failed', code: 'bad-argument' },
  'D4-oom-midrun-pty': { steps: 0, total: 24, epochs: 5, saved: 0, status: 'failed', code: 'host-out-of-memory' },
  'E1-sigint-pty': { steps: 6, total: 30, epochs: 3, saved: 1, status: 'interrupted', code: 'interrupted' },
  'F1-nan-loss-pty': { steps: 12, total: 12, epochs: 1, saved: 2, status: 'failed', code: 'nan-loss' },
  'G2-accelerate-fail-pty': {
    steps: null,
    total: null,
    epochs: null,
    saved: 0,
    status: 'failed',
    code: 'file-not-found',
  },
  'H2-resume-pty': { steps: 16, total: 16, epochs: 2, saved: 6, status: 'succeeded', code: null },
} as const;

describe.each(Object.entries(runs))('the genuine run %s', (name, expected) => {
  const run = genuineRun(name);
  const log = readLog(sdScripts, run.log);

  test('is recognised through whatever starts it', () => {
    expect(trainerFor(run.invocation).id).toBe('sd-scripts');
  });

  test('tells its steps, epochs and checkpoints', () => {
    const { step, total, epochs } = log.progress;
    expect({ step, total, epochs, saved: log.saved.length }).toEqual({
      step: expected.steps,
      total: expected.total,
      epochs: expected.epochs,
      saved: expected.saved,
    });
  });

  test('is judged as it ended', () => {
    const { exitCode, signal } = run;
    const settings = sdScripts.effective(run.invocation, run.files).settings;
    const judgement = sdScripts.judge(evidence(log, { exitCode, signal, settings }));
    expect([judgement.status, judgement.diagnosis?.code ?? null]).toEqual([expected.status, expected.code]);
  });

  test('is judged alike without an exit status', () => {
    const judgement = sdScripts.judge(evidence(log, { exitCode: null }));
    expect(judgement.status).toBe(expected.status);
  });

  test('gives the same record in pieces', () => {
    const reader = sdScripts.logReader();
    for (let at = 0; at < run.log.length; at += 37) reader.push(run.log.subarray(at, at + 37));
    expect(reader.state()).toEqual(log);
  });
});

describe.each(['A-good-lora-pty', 'A2-good-lora-pipe', 'B-lr-and-captions-pty', 'E1-sigint-pty', 'H2-resume-pty'])(
  'the losses of %s',
  (name) => {
    const log = readLog(sdScripts, genuineRun(name).log);
    const expected = JSON.parse(fixture(`kohya/${name}/loss-average.json`).toString()) as [number, number][];

    test('are those of TensorBoard, one a step', () => {
      const series = log.series.find(({ tag }) => tag === 'loss/average')!;
      const values = expected.map(([, value]) => Number(value.toPrecision(3)));
      expect(series).toEqual({
        tag: 'loss/average',
        points: values.length,
        first: values[0],
        last: values.at(-1),
        min: Math.min(...values),
        max: Math.max(...values),
      });
    });
  },
);

describe('a diagnosis', () => {
  const diagnose = (name: string) => {
    const run = genuineRun(name);
    return sdScripts.judge(evidence(readLog(sdScripts, run.log), { exitCode: run.exitCode, signal: run.signal }));
  };

  test('names the model that is missing', () => {
    expect(diagnose('D1-missing-model-pty').diagnosis?.message).toBe(
      'The base model /home/lab/lora/models/does-not-exist.safetensors is not there',
    );
  });

  test('names the argument and its value', () => {
    expect(diagnose('D2-bad-argument-pty').diagnosis?.message).toContain("--max_train_steps: invalid int value: 'abc'");
  });

  test('says how much memory was asked for', () => {
    expect(diagnose('D4-oom-midrun-pty').diagnosis?.message).toContain('(it asked for 2.0 GiB more)');
  });

  test("gives the child's status where the launcher hides it", () => {
    expect(diagnose('G2-accelerate-fail-pty').childStatus).toBe(1);
  });

  test('quotes the last exception of a traceback though a bar stands after it', () => {
    expect(diagnose('C0-lycoris-traceback-pty').diagnosis?.message).toBe(
      "RuntimeError: shape '[1, 18, 3, 3]' is invalid for input of size 18",
    );
  });
});

describe('what a checkpoint confirms', () => {
  test.each(['A-good-lora-pty', 'B-lr-and-captions-pty', 'E1-sigint-pty', 'F1-nan-loss-pty'])(
    'agrees with the prediction for %s',
    (name) => {
      const run = genuineRun(name);
      const metadata = JSON.parse(fixture(`kohya/${name}/metadata.json`).toString()) as Record<string, string>;
      const settings = sdScripts.effective(run.invocation, run.files).settings;
      const confirmations = sdScripts.confirm(settings, metadata, readLog(sdScripts, run.log));
      expect(confirmations.filter((each) => each.disagrees)).toEqual([]);
      expect(confirmations).toContainEqual({ key: 'num_train_images', predicted: null, actual: 12, disagrees: false });
    },
  );

  test('gives the seed that the trainer chose by itself', () => {
    const found = sdScripts.confirm([], { ss_seed: '4242' }, readLog(sdScripts));
    expect(found).toContainEqual({ key: 'seed', predicted: null, actual: 4242, disagrees: false });
  });

  test('says where the prediction was wrong', () => {
    const setting = {
      key: 'unet_lr',
      value: 1e-4,
      source: { kind: 'argument' as const },
      effective: true,
      known: true,
    };
    const found = sdScripts.confirm([setting], { ss_unet_lr: '0.0002' }, readLog(sdScripts));
    expect(found).toEqual([{ key: 'unet_lr', predicted: 1e-4, actual: 2e-4, disagrees: true }]);
  });

  test('takes steps from max_train_epochs as open, and reads None, True and lists', () => {
    const run = genuineRun('A-good-lora-pty');
    const argued = { ...run.invocation, arguments: [...run.invocation.arguments, '--max_train_epochs=3'] };
    const settings = sdScripts.effective(argued, run.files).settings;
    const metadata = { ss_max_train_steps: '36', ss_clip_skip: 'None', ss_text_encoder_lr: '[5e-05]', ss_v2: 'False' };
    expect(sdScripts.confirm(settings, metadata, readLog(sdScripts))).toEqual([
      { key: 'max_train_steps', predicted: 24, actual: 36, disagrees: false },
    ]);
  });
});
