import { describe, expect, test } from 'vitest';
import { generic, trainerById, trainerFor } from './registry.ts';
import { seeThrough } from './see-through.ts';
import { evidence, inForce, readLog } from './testing/genuine-runs.ts';

describe('a command that is no known trainer', () => {
  const invocation = seeThrough(['python', 'my.py', '--lr=0.1', '--flag', '--output-dir', 'out', '-o'], '/lora');

  test('has its options and output directory read as far as words tell', () => {
    const effective = generic.effective(invocation, []);
    expect(trainerFor(invocation)).toBe(generic);
    expect(inForce(effective, 'lr')).toBe('0.1');
    expect(inForce(effective, 'flag')).toBe(true);
    expect(effective.outputs).toMatchObject({ outputDir: '/lora/out', suggestedName: 'out' });
  });

  test('has any bar with a loss followed', () => {
    const log = readLog(generic, '\rSteps:  10%|█         | 1/10 [00:01<00:09, 1.00it/s, loss=0.5, lr=1e-5]\r');
    expect(log.progress).toMatchObject({ step: 1, total: 10, loss: 0.5 });
    expect(log.series.map(({ tag }) => tag)).toEqual(['loss/average', 'lr']);
  });

  test.each([
    ['a/model.safetensors', { kind: 'checkpoint', step: null }],
    ['checkpoint-500/pytorch_lora_weights.safetensors', { step: 500 }],
    ['epoch3.pt', { epoch: 3 }],
  ])('has %s for a checkpoint', (path, expected) => {
    expect(generic.artifact(path, generic.effective(invocation, []).outputs)).toMatchObject(expected);
  });

  test.each(['x-state/model.safetensors', 'optimizer.pt', 'readme.md'])('has %s for none', (path) => {
    expect(generic.artifact(path, generic.effective(invocation, []).outputs)).toBeNull();
  });

  test('is judged by its status', () => {
    const log = readLog(generic, '');
    expect(generic.judge(evidence(log)).status).toBe('succeeded');
    expect(generic.judge(evidence(log, { exitCode: 3 })).status).toBe('failed');
    expect(generic.judge(evidence(log, { exitCode: null, signal: 'SIGINT' })).status).toBe('interrupted');
    expect(generic.judge(evidence(log, { exitCode: null })).status).toBe('lost');
  });
});

test('a record of an unknown trainer is read as generic', () => {
  expect(trainerById('of-the-future')).toBe(generic);
  expect(trainerById('sd-scripts').id).toBe('sd-scripts');
});
