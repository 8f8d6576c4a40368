import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { layOut } from '../support/replay.ts';
import { recorded } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const steps = (...numbers: number[]) => numbers.map((step) => `kumo-step${String(step).padStart(8, '0')}.safetensors`);
const samples = ['sample/kumo_000008_00_20261123205507_42.png', 'sample/kumo_000008_01_20261123205513_43.png'];

interface Expected {
  outputs?: string[];
  exitCode: number | null;
  signal?: string;
  passedOn?: number;
  status: string;
  diagnosis: string | null;
  says?: RegExp;
  /** Last step, of how many, average loss as the bar shows it. */
  progress: [number | null, number | null, unknown] | null;
  checkpoints?: number[];
}

const good = { exitCode: 0, status: 'succeeded', diagnosis: null };
const runs: Record<string, Expected> = {
  'A-good-lora-pty': {
    ...good,
    outputs: ['kumo-000001.safetensors', ...steps(8, 16, 24), 'kumo.safetensors', ...samples],
    progress: [24, 24, 1.08],
    checkpoints: [8, 16, 24],
  },
  'A2-good-lora-pipe': {
    ...good,
    outputs: [...steps(8), 'kumo.safetensors'],
    progress: [12, 12, expect.any(Number)],
    checkpoints: [8],
  },
  'B-lr-and-captions-pty': {
    ...good,
    outputs: ['kumo-000001.safetensors', ...steps(8, 16, 24), 'kumo.safetensors'],
    progress: [24, 24, expect.any(Number)],
    checkpoints: [8, 16, 24],
  },
  'C0-lycoris-traceback-pty': {
    exitCode: 1,
    status: 'failed',
    diagnosis: 'exception',
    progress: [0, 20, null],
  },
  'D1-missing-model-pty': {
    exitCode: 1,
    status: 'failed',
    diagnosis: 'file-not-found',
    progress: expect.anything() as never,
  },
  'D2-bad-argument-pty': { exitCode: 2, status: 'failed', diagnosis: 'bad-argument', progress: null },
  'D4-oom-midrun-pty': {
    exitCode: 1,
    status: 'failed',
    diagnosis: 'host-out-of-memory',
    progress: [0, 24, null],
  },
  'E1-sigint-pty': {
    outputs: steps(4),
    exitCode: null,
    signal: 'SIGINT',
    passedOn: 130,
    status: 'interrupted',
    diagnosis: 'interrupted',
    progress: [6, 30, expect.any(Number)],
    checkpoints: [4],
  },
  'F1-nan-loss-pty': {
    outputs: [...steps(8), 'kumo.safetensors'],
    exitCode: 0,
    status: 'failed',
    diagnosis: 'nan-loss',
    progress: [12, 12, 'NaN'],
    checkpoints: [8],
  },
  'G2-accelerate-fail-pty': {
    exitCode: 1,
    status: 'failed',
    diagnosis: 'file-not-found',
    progress: expect.anything() as never,
  },
  'H2-resume-pty': {
    ...good,
    outputs: [
      'kumo-000001.safetensors',
      'kumo-000001-state/model.safetensors',
      'kumo-000001-state/train_state.json',
      'kumo-state/model.safetensors',
      'kumo.safetensors',
    ],
    progress: [16, 16, expect.any(Number)],
  },
};

describe('a genuine run of sd-scripts, played again under spoor run', () => {
  test.each(Object.entries(runs))('%s is judged, diagnosed and measured', async (name, expected) => {
    const replay = layOut(world, name, expected.outputs ?? []);
    const { run, exitCode } = await recorded(world, replay.command, { cwd: replay.cwd, env: replay.env });
    expect(run).toMatchObject({
      trainer: 'sd-scripts',
      status: expected.status,
      exitCode: expected.exitCode,
      signal: expected.signal ?? null,
    });
    expect(exitCode).toBe(expected.passedOn ?? expected.exitCode);
    expect(run.diagnosis?.code ?? null).toBe(expected.diagnosis);
    if (Array.isArray(expected.progress)) {
      const { step, total, loss } = run.progress!;
      expect([step, total, loss]).toEqual(expected.progress);
    }
    const checkpoints = run.artifacts.filter(({ kind }) => kind === 'checkpoint');
    expect(checkpoints).toHaveLength(
      (expected.outputs ?? []).filter((path) => /^[^/]*\.safetensors$/.test(path)).length,
    );
    expect(checkpoints.flatMap(({ step, path }) => (path.includes('-step') ? [step] : []))).toEqual(
      expected.checkpoints ?? [],
    );
    for (const each of checkpoints) expect(each.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(run.warnings.filter(({ code }) => code.endsWith('-failed'))).toEqual([]);
  });

  test('states are no checkpoints, and are found', async () => {
    const replay = layOut(world, 'H2-resume-pty', runs['H2-resume-pty']!.outputs!);
    const { run } = await recorded(world, replay.command, { cwd: replay.cwd, env: replay.env });
    const states = run.artifacts.filter(({ kind }) => kind === 'state');
    expect(states.map(({ path, final }) => [path.slice(replay.output.length + 1), final])).toEqual([
      ['kumo-000001-state', false],
      ['kumo-state', true],
    ]);
  });

  test("the first checkpoint's metadata confirms what was predicted and contradicts nothing", async () => {
    const replay = layOut(world, 'A-good-lora-pty', runs['A-good-lora-pty']!.outputs!);
    const { run } = await recorded(world, replay.command, { cwd: replay.cwd, env: replay.env });
    expect(run.warnings.filter(({ code }) => code === 'prediction-wrong')).toEqual([]);
    const value = (key: string) => run.settings.find((setting) => setting.key === key)?.value;
    expect([value('seed'), value('max_train_steps'), value('unet_lr')]).toEqual([42, 24, 0.0001]);
    const loss = run.series.find(({ tag }) => tag === 'loss/average')!;
    expect(loss).toMatchObject({ points: 24, last: 1.08 });
    const named = run.artifacts.find(({ path }) => path.endsWith('/kumo.safetensors'));
    expect(named).toMatchObject({ final: true, sessionId: expect.stringMatching(/^\d+$/) });
    expect(run.artifacts.filter(({ kind }) => kind === 'sample')).toMatchObject([
      { step: 8, prompt: 0, seed: 42 },
      { step: 8, prompt: 1, seed: 43 },
    ]);
  });
});
