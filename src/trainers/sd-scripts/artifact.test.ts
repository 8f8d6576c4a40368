import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { OutputPlan } from '../trainer.ts';
import { artifactOf } from './artifact.ts';

const outputs = (outputName: string | null): OutputPlan => ({
  outputDir: '/out',
  outputName,
  loggingDir: null,
  logPrefix: null,
  suggestedName: null,
  mustBeEmpty: false,
});
const none = { step: null, epoch: null, prompt: null, seed: null, final: false };

describe('a name in the output directory', () => {
  test.each([
    ['kumo', 'kumo-000001.safetensors', { kind: 'checkpoint', epoch: 1 }],
    ['kumo', 'kumo-step00000024.safetensors', { kind: 'checkpoint', step: 24 }],
    ['kumo', 'kumo.ckpt', { kind: 'checkpoint', final: true }],
    ['kumo', 'kumo-000001-state', { kind: 'state', epoch: 1 }],
    ['kumo', 'kumo-step00000024-state', { kind: 'state', step: 24 }],
    ['kumo', 'kumo-state', { kind: 'state', final: true }],
    ['kumo', 'sample/kumo_000008_00_20261123205507_42.png', { kind: 'sample', step: 8, prompt: 0, seed: 42 }],
    ['kumo', 'sample/kumo_e000002_01_20261123205507.png', { kind: 'sample', epoch: 2, prompt: 1 }],
    ['a+b (v1)', 'a+b (v1)-000003.safetensors', { kind: 'checkpoint', epoch: 3 }],
    [null, 'at-step00000024.safetensors', { kind: 'checkpoint', step: 24 }],
    [null, 'epoch-000001.safetensors', { kind: 'checkpoint', epoch: 1 }],
    [null, 'last.safetensors', { kind: 'checkpoint', final: true }],
    [null, 'last-state', { kind: 'state', final: true }],
    [null, 'sample/000008_00_20261123205507.png', { kind: 'sample', step: 8, prompt: 0 }],
  ])('of %s: %s', (name, path, expected) => {
    expect(artifactOf(path, outputs(name))).toEqual({ ...none, ...expected });
  });

  test.each([
    'kumo-state/model.safetensors',
    'other.safetensors',
    'kumo.toml',
    'config.toml',
    'sample/prompt.txt',
    'sample/other_000008_00_20261123205507.png',
    'kumo-1.safetensors',
  ])('%s is none of the trainer’s', (path) => {
    expect(artifactOf(path, outputs('kumo'))).toBeNull();
  });

  test('is no pattern', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat(99_999_999), (name, step) => {
        const path = `${name}-step${String(step).padStart(8, '0')}.safetensors`;
        expect(artifactOf(path, outputs(name))).toEqual({ ...none, kind: 'checkpoint', step });
      }),
    );
  });
});
