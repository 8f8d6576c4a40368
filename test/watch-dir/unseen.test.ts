import { existsSync, mkdirSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { eventually, start, temporaryWorld } from '../run/play.ts';
import { safetensors, type World } from '../support/world.ts';
import { idsOf, over, runsOf, watching, workspaceOf } from './play.ts';

/** Event files as a training leaves them whose process cannot be seen: in another container, on another machine. */
function begun(world: World, directory: string, at: number): void {
  const seconds = Math.floor(at / 1000);
  const event = Buffer.concat([Buffer.from([9]), Buffer.alloc(8), Buffer.from('\x1a\x0dbrain.Event:2', 'latin1')]);
  event.writeDoubleLE(at / 1000, 1);
  const length = Buffer.alloc(12);
  length.writeUInt32LE(event.length);
  const path = world.write(
    join(directory, `events.out.tfevents.${seconds}.host.1.0`),
    Buffer.concat([length, event, Buffer.alloc(4)]),
  );
  utimesSync(path, seconds, seconds);
}

describe('a training whose process is not seen', () => {
  test('is over when it has its model and was silent for a while; what is not known is said', async () => {
    const world = temporaryWorld();
    const out = join(world.root, 'out');
    mkdirSync(out);
    const watcher = start(world, ['watch-dir', out, '--idle', '2']);
    begun(world, join(out, 'logs/wolf'), Date.now());
    const [id = ''] = await idsOf(watcher, 1);
    world.write(join(out, 'wolf.safetensors'), safetensors(8));
    const run = await over(world, id);
    expect(run).toMatchObject({
      status: 'lost',
      command: [],
      trainer: 'generic',
      name: { full: 'wolf' },
      outputDir: out,
    });
    expect(run).toMatchObject({ environment: null, dataset: null, repos: [], late: { by: 'traces' } });
    expect(run.artifacts.map(({ path }) => path)).toEqual([join(out, 'wolf.safetensors')]);
    expect(run.warnings.map(({ code }) => code)).toEqual(expect.arrayContaining(['captured-late', 'writer-unknown']));
  });

  test('is over when the next one starts beside it', async () => {
    const world = temporaryWorld();
    const out = join(world.root, 'out');
    mkdirSync(out);
    const watcher = start(world, ['watch-dir', out]);
    begun(world, join(out, 'logs/one'), Date.now() - 5_000);
    const [first = ''] = await idsOf(watcher, 1);
    begun(world, join(out, 'logs/two'), Date.now());
    expect((await over(world, first)).name.full).toBe('one');
    const ids = await idsOf(watcher, 2);
    expect(runsOf(world).sort()).toEqual([...ids].sort());
  });

  test('has the settings of the configuration beside it, whose paths begin where the workspace tells', async () => {
    const world = temporaryWorld();
    const workspace = workspaceOf(world);
    mkdirSync(workspace, { recursive: true });
    const watcher = await watching(world, '--idle', '2');
    const config = {
      workspace_dir: 'workspace/run',
      output_model_destination: 'models/wolf.safetensors',
      batch_size: 3,
    };
    begun(world, join(workspace, 'tensorboard/grey2026-11-24_10-00-00'), Date.now());
    world.write(join(workspace, 'config/grey2026-11-24_10-00-01.json'), JSON.stringify(config));
    const [id = ''] = await idsOf(watcher, 1);
    world.write(join(world.root, 'OneTrainer/models/wolf.safetensors'), safetensors(8));
    const run = await over(world, id);
    expect(run).toMatchObject({ status: 'succeeded', trainer: 'onetrainer', cwd: join(world.root, 'OneTrainer') });
    expect(run.settings.find(({ key }) => key === 'batch_size')?.value).toBe(3);
    expect(run.artifacts.map(({ final, path }) => [final, path])).toEqual([
      [true, join(world.root, 'OneTrainer/models/wolf.safetensors')],
    ]);
  });
});

test('a training that spoor run records already is not recorded again', async () => {
  const world = temporaryWorld();
  const out = join(world.root, 'out');
  const source = `
import os, struct, time
os.makedirs("${out}/logs")
event = open("${out}/logs/events.out.tfevents.1795467255.host.1.0", "wb")
event.write(struct.pack("<Q", 9) + bytes(4) + b"\\x09" + struct.pack("<d", time.time()) + bytes(4))
event.flush()
open("${out}/logs/ready", "w").close()
while not os.path.exists("${out}/go"):
    time.sleep(0.02)
`;
  mkdirSync(out);
  const script = world.write(join(world.root, 'own.py'), source);
  const run = start(world, ['run', '--', 'python3', script]);
  const watcher = start(world, ['watch-dir', out]);
  // The one that the watcher tells began later, so that it has looked at the first before.
  await eventually(() => existsSync(join(out, 'logs/ready')) && watcher.err().includes('watching'));
  begun(world, join(out, 'elsewhere/other'), Date.now());
  await idsOf(watcher, 1);
  world.write(join(out, 'go'), '');
  expect(await run.exit).toBe(0);
  expect(runsOf(world)).toHaveLength(2);
});
