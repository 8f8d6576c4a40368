import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { MetricsWriter } from '../../src/store/metrics/metrics-writer.ts';
import { folderOf } from '../run/play.ts';
import { shown, spoor } from '../support/spoor.ts';
import { objectAt, studio } from './play.ts';

describe('a star', () => {
  it('stays with its step, keeps the checkpoint there, and can be taken back', async () => {
    const { world, train } = await studio();
    await train();
    expect(await spoor(world, ['star', '@', '3'])).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    await spoor(world, ['star', '@', 'last']);
    const run = await shown(world, '@');
    expect(run.stars.map(({ step }) => step)).toEqual([3, 6]);
    const kept = run.artifacts.filter(({ kind, object }) => kind === 'checkpoint' && object);
    expect(kept.map(({ step }) => step)).toEqual([3, 6, 6]);
    for (const { object } of kept) expect(existsSync(objectAt(world, object!))).toBe(true);
    expect((await spoor(world, ['show'])).stdout).toContain('★ step 3');
    expect((await spoor(world, ['samples'])).stdout).toContain('★ step 3');
    await spoor(world, ['star', '@', 'wolf-step00000003.safetensors', '--remove']);
    expect((await shown(world, '@')).stars.map(({ step }) => step)).toEqual([6]);
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  });

  it('is refused where the run made nothing, with what there is', async () => {
    const { world, train } = await studio();
    await train();
    const wrong = await spoor(world, ['star', '@', '4']);
    expect(wrong.exitCode).toBe(66);
    expect(wrong.stderr).toContain('made nothing at "4"');
    expect(wrong.stderr).toContain('step 3, step 6');
  });

  it('copies nothing of a run that was told to keep nothing', async () => {
    const { world, train } = await studio();
    await train({ args: ['--keep-checkpoints', 'none'] });
    await spoor(world, ['star', '@', '3']);
    const { stars, artifacts } = await shown(world, '@');
    expect(stars).toHaveLength(1);
    expect(artifacts.some(({ kind, object }) => kind === 'checkpoint' && object)).toBe(false);
  });
});

describe('spoor best', () => {
  const ranked = async (stdout: string) => {
    const { basis, ranked: found } = JSON.parse(stdout);
    return { basis, steps: found.map(({ rank, step }: { rank: number; step: number }) => [rank, step]) };
  };

  it('has no basis where nothing but training loss is known', async () => {
    const { world, train } = await studio();
    await train();
    const said = await spoor(world, ['best']);
    expect(said).toMatchObject({ exitCode: 0, stdout: '' });
    expect(said.stderr).toContain('Nothing ranks the 3 checkpoints');
    expect(JSON.parse((await spoor(world, ['best', '--json'])).stdout)).toEqual({ basis: [], ranked: [] });
  });

  it('ranks by stars, then by validation loss, equals sharing a rank', async () => {
    const { world, train } = await studio();
    await train();
    const writer = new MetricsWriter(join(folderOf(world), 'metrics'), 'zz');
    const time = Date.now() / 1000;
    // The training loss would have it the other way round.
    for (const [step, training, validation] of [
      [3, 0.9, 0.2],
      [6, 0.1, 0.5],
    ] as const) {
      writer.add('loss/average', 'step', step, time + step, training);
      writer.add('loss/validation/step_average', 'step', step, time + step, validation);
    }
    writer.close();
    const byLoss = await ranked((await spoor(world, ['best', '--json'])).stdout);
    expect(byLoss).toEqual({
      basis: ['validation-loss'],
      steps: [
        [1, 3],
        [2, 6],
        [2, 6],
      ],
    });
    await spoor(world, ['star', '@', 'last']);
    const byStar = await ranked((await spoor(world, ['best', '--json'])).stdout);
    expect(byStar).toEqual({
      basis: ['stars', 'validation-loss'],
      steps: [
        [1, 6],
        [1, 6],
        [3, 3],
      ],
    });
    const table = await spoor(world, ['best']);
    expect(table.stdout).toContain('0.2');
    expect(table.stderr).toContain('ranked by stars, then validation loss');
  });

  it('ranks the checkpoints of several runs by the verdicts on them', async () => {
    const { world, train } = await studio();
    for (const [name, verdict] of [
      ['wolf-v1', 'failed'],
      ['wolf-v2', 'worked'],
    ] as const) {
      await train({ args: ['--name', name], more: ['--output_dir', join(world.root, 'output', name)] });
      await spoor(world, ['verdict', '@', verdict]);
    }
    const { basis, ranked: found } = JSON.parse((await spoor(world, ['best', 'wolf-v1', 'wolf-v2', '--json'])).stdout);
    expect(basis).toEqual(['verdict']);
    expect(found.slice(0, 3).map(({ rank, run }: { rank: number; run: { name: string } }) => [rank, run.name])).toEqual(
      [
        [1, 'wolf-v2'],
        [1, 'wolf-v2'],
        [1, 'wolf-v2'],
      ],
    );
  });
});
