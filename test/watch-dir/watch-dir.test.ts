import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, recorders, temporaryWorld } from '../run/play.ts';
import { shown, spoor } from '../support/spoor.ts';
import { idsOf, openGui, over, runsOf, watching, workspaceOf } from './play.ts';

const settingOf = (run: Awaited<ReturnType<typeof shown>>, key: string) =>
  run.settings.find((setting) => setting.key === key);

describe('a training that a program makes inside itself', () => {
  test('is a run with its configuration, code, dataset, samples, checkpoints and final model', async () => {
    const world = temporaryWorld();
    const gui = openGui(world);
    const watcher = await watching(world, '--reason', 'by hand', '--tag', 'gui');
    await gui.does('begin');
    const [id = ''] = await idsOf(watcher, 1);
    expect(await shown(world, id)).toMatchObject({ status: 'running', trainer: 'onetrainer' });
    await gui.does('save');
    await gui.does('end');
    const run = await over(world, id);
    expect(run).toMatchObject({ status: 'succeeded', exitCode: null, reason: 'by hand', tags: ['gui'] });
    expect(run).toMatchObject({
      name: { full: 'wolf-v1' },
      outputDir: workspaceOf(world),
      cwd: join(world.root, 'OneTrainer'),
    });
    const file = join(workspaceOf(world), 'config/2026-11-24_10-00-01.json');
    const line =
      readFileSync(file, 'utf8')
        .split('\n')
        .findIndex((each) => each.includes('"weight_decay"')) + 1;
    expect(settingOf(run, 'optimizer.weight_decay')).toMatchObject({
      value: 0.01,
      source: { kind: 'config-file', file, line },
    });
    expect(settingOf(run, 'workspace_dir')?.effective).toBe(false);
    expect(run.files.find(({ role }) => role === 'config')?.path).toBe(file);
    expect(run.dataset?.roots.map(({ path, repeats }) => [path, repeats])).toEqual([[world.dataset, 2]]);
    expect(run.repos.map(({ name, dirty, snapshot }) => [name, dirty, snapshot !== null])).toContainEqual([
      'OneTrainer',
      false,
      true,
    ]);
    expect(
      [...run.artifacts]
        .sort((a, b) => Number(a.final) - Number(b.final) || (a.kind < b.kind ? -1 : 1))
        .map(({ kind, path, step, epoch, final }) => [kind, path.slice(world.root.length), step, epoch, final]),
    ).toEqual([
      ['checkpoint', '/OneTrainer/workspace/run/save/2026-11-24_10-00-01-save-20-2-0.safetensors', 20, 2, false],
      [
        'sample',
        '/OneTrainer/workspace/run/samples/0 - a grey wolf/2026-11-24_10-00-01-training-sample-20-2-0.png',
        20,
        2,
        false,
      ],
      ['checkpoint', '/OneTrainer/models/wolf-v1.safetensors', null, null, true],
    ]);
    expect(run.late).toMatchObject({ by: 'traces', launchedAt: run.startedAt });
  });

  test('that is cancelled has an unknown end, and nothing is written into its workspace', async () => {
    const world = temporaryWorld();
    const gui = openGui(world);
    const watcher = await watching(world);
    await gui.does('begin');
    const [id = ''] = await idsOf(watcher, 1);
    await gui.does('cancel');
    expect(await over(world, id)).toMatchObject({ status: 'lost', exitCode: null, artifacts: [] });
    expect(readdirSync(workspaceOf(world)).sort()).toEqual(['config', 'keep', 'tensorboard']);
  });

  test('ends with the program that makes it', async () => {
    const world = temporaryWorld();
    const gui = openGui(world);
    const watcher = await watching(world);
    await gui.does('begin');
    const [id = ''] = await idsOf(watcher, 1);
    gui.kill();
    expect(await over(world, id)).toMatchObject({ status: 'lost', exitCode: null });
  });

  test('is not stopped by Spoor, which would end the program', async () => {
    const world = temporaryWorld();
    const gui = openGui(world);
    const watcher = await watching(world);
    await gui.does('begin');
    const [id = ''] = await idsOf(watcher, 1);
    const { exitCode, stderr } = await spoor(world, ['stop', id]);
    expect([exitCode, String(stderr)]).toEqual([69, expect.stringContaining('Stop it where it was started')]);
    await gui.does('end');
    expect((await over(world, id)).status).toBe('succeeded');
  });
});

test('several trainings of one program are runs of their own, each with its own configuration', async () => {
  const world = temporaryWorld();
  const gui = openGui(world);
  const watcher = await watching(world);
  for (const count of [1, 2]) {
    await gui.does('begin');
    await idsOf(watcher, count);
    await gui.does('end');
  }
  const ids = await idsOf(watcher, 2);
  const runs = await Promise.all(ids.map((id) => over(world, id)));
  expect(runs.map((run) => settingOf(run, 'batch_size')?.value)).toEqual([1, 2]);
  expect(runs.map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
});

describe('the watching', () => {
  test('that is ended leaves a training to its recorder, and begun again makes no second run of it', async () => {
    const world = temporaryWorld();
    const gui = openGui(world);
    const first = await watching(world);
    await gui.does('begin');
    const [id = ''] = await idsOf(first, 1);
    await eventually(() => recorders(world).length === 1);
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
    const second = await watching(world);
    await gui.does('save');
    await gui.does('end');
    const run = await over(world, id);
    expect(run.status).toBe('succeeded');
    await gui.does('begin');
    const [other] = await idsOf(second, 1);
    expect(runsOf(world).sort()).toEqual([id, other].sort());
  });

  test('that begins while a training goes on records that, but not those that were over', async () => {
    const world = temporaryWorld();
    const gui = openGui(world);
    await gui.does('begin');
    await gui.does('end');
    await gui.does('begin');
    const watcher = await watching(world);
    const [id = ''] = await idsOf(watcher, 1);
    expect(settingOf(await shown(world, id), 'batch_size')?.value).toBe(2);
    await gui.does('end');
    await over(world, id);
    expect(runsOf(world)).toEqual([id]);
  });

  test('and a killed recorder lose nothing: the next command goes on', async () => {
    const world = temporaryWorld();
    const gui = openGui(world);
    const watcher = await watching(world);
    await gui.does('begin');
    const [id = ''] = await idsOf(watcher, 1);
    await eventually(
      () => recorders(world).length === 1 && existsSync(join(world.spoorHome, 'runs', id, 'journal.jsonl')),
    );
    process.kill(recorders(world)[0]!, 'SIGKILL');
    await eventually(() => recorders(world).length === 0);
    expect(await shown(world, id)).toMatchObject({ status: 'running' });
    await gui.does('save');
    await gui.does('end');
    await spoor(world, ['ls']);
    const run = await over(world, id);
    expect(run.status).toBe('succeeded');
    expect(run.artifacts.map(({ kind }) => kind).sort()).toEqual(['checkpoint', 'checkpoint', 'sample']);
  });

  test('of what is no directory is refused', async () => {
    const world = temporaryWorld();
    const { exitCode, stderr } = await spoor(world, ['watch-dir', 'nowhere']);
    expect([exitCode, String(stderr)]).toEqual([66, expect.stringContaining('nowhere is no directory')]);
  });
});
