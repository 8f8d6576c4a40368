/** What becomes of the output directory of a run that failed, by itself. */
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { endedFact, eventually, held, recorders, start, temporaryWorld } from '../run/play.ts';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { failing, trash } from './play.ts';

/** A trainer of which nothing is known but that it writes below `out` and fails. */
const failsAfter = (world: World, script: string) => {
  world.write(
    join(world.trainer, 'train_network.py'),
    `import os, sys\nout = "${world.output}"\n${script}\nsys.exit(1)\n`,
  );
  return training(world);
};
const make = (path: string, content = 'x') =>
  `os.makedirs(os.path.dirname(os.path.join(out, "${path}")), exist_ok=True)\nopen(os.path.join(out, "${path}"), "w").write("${content}")\n`;

test('a failed run that made nothing leaves its output directory in the trash, and its record whole', async () => {
  const world = temporaryWorld();
  const { run, exitCode, stderr } = await recorded(world, training(world), { env: failing });
  expect(exitCode).toBe(1);
  expect(stderr).toContain(`moved ${world.output} to the trash`);
  expect(stderr).toContain(`spoor trash restore ${run.id} brings it back`);
  expect(existsSync(world.output)).toBe(false);
  const reason = 'the run failed: out-of-memory, and nothing was made';
  expect(run.cleaned).toMatchObject({ state: 'removed', directory: world.output, reason });
  expect(run.diagnosis?.code).toBe('out-of-memory');
  const names = readdirSync(run.cleaned?.trash ?? '').sort();
  expect(names).toEqual(['config.toml', 'repos.git', 'sample', 'sample-prompts.txt', 'sdscripts.log', 'spoor.json']);
  expect(run.cleaned?.files).toBe(5);
  expect(String((await spoor(world, ['log', '@'])).stdout)).toContain('CUDA out of memory');
  const page = String((await spoor(world, ['show', '@'])).stdout).replace(/\s+/g, ' ');
  expect(page).toContain(`moved to the trash: ${reason}`);
  expect((await spoor(world, ['verify'])).exitCode).toBe(0);
});

test('an interrupted run is cleaned like a failed one', async () => {
  const world = temporaryWorld();
  const trainer = held(world);
  const started = start(world, ['run', '--', ...training(world)], { env: trainer.env });
  await eventually(trainer.ready, started.err);
  expect((await spoor(world, ['stop', '@'])).exitCode).toBe(0);
  await started.exit;
  await eventually(() => recorders(world).length === 0);
  const run = await shown(world, '@');
  expect([run.status, run.cleaned?.state]).toEqual(['interrupted', 'removed']);
  expect(existsSync(world.output)).toBe(false);
});

test('event files and their directories are the trainer’s own and go with the rest', async () => {
  const world = temporaryWorld();
  const logs = join(world.output, 'logs');
  const events = 'logs/20261123205507/network_train/events.out.tfevents.1763931307.lair.4711.0';
  const command = [...failsAfter(world, make(events) + make('logs/20261123205507/hparams.yml')), '--logging_dir', logs];
  const { run } = await recorded(world, command);
  expect(run.cleaned?.state).toBe('removed');
  expect(existsSync(join(run.cleaned?.trash ?? '', events))).toBe(true);
});

test.each([
  ['a checkpoint', make('wolf-000001.safetensors'), 'it holds wolf-000001.safetensors, a model'],
  ['half a checkpoint', make('wolf.safetensors', ''), 'it holds wolf.safetensors, a model'],
  ['a model of any other name', make('x/y.ckpt'), 'it holds x/y.ckpt, a model'],
  [
    'a sample',
    make('sample/wolf_000003_00_20261123205507_42.png'),
    'it holds sample/wolf_000003_00_20261123205507_42.png, a sample',
  ],
  ['a training state', make('wolf-000001-state/optimizer.bin'), 'it holds wolf-000001-state, a training state'],
  ['a nested repository', make('notes/.git/HEAD'), 'it holds notes/.git, a repository'],
  ['a file that nobody knows', make('notes.md'), 'it holds notes.md'],
  [
    'one of Spoor’s files that was changed',
    'import time\nwhile not os.path.exists(out + "/spoor.json"): time.sleep(0.01)\nopen(out + "/config.toml", "a").write("# mine")\n',
    'it holds config.toml, changed since Spoor wrote it',
  ],
])('a directory that holds %s is kept, and the run says so', async (_, script, reason) => {
  const world = temporaryWorld();
  const { run, stderr } = await recorded(world, failsAfter(world, script));
  expect(run.cleaned).toMatchObject({ state: 'kept', directory: world.output, reason });
  expect(stderr).toContain(`kept ${world.output}: ${reason}`);
  expect(existsSync(join(world.output, 'spoor.json'))).toBe(true);
  expect(await trash(world)).toEqual([]);
  expect(String((await spoor(world, ['show', '@'])).stdout).replace(/\s+/g, ' ')).toContain(`kept: ${reason}`);
});

describe('a directory is not touched', () => {
  test('that was there before the run, empty as it may be', async () => {
    const world = temporaryWorld();
    mkdirSync(world.output, { recursive: true });
    const { run, stderr } = await recorded(world, training(world), { env: failing });
    expect(run.cleaned).toMatchObject({ state: 'kept', reason: 'it was there before the run' });
    expect(existsSync(join(world.output, 'spoor.json'))).toBe(true);
    expect(stderr).not.toContain('trash');
  });

  test('of a run that succeeded, though all of its output was moved away', async () => {
    const world = temporaryWorld();
    const { run } = await recorded(world, training(world));
    expect([run.status, run.cleaned]).toEqual(['succeeded', null]);
    expect(existsSync(join(world.output, 'wolf.safetensors'))).toBe(true);
  });

  test.each([
    ['--no-clean', ['--no-clean'], {}],
    ['NO_CLEAN=1', [], { NO_CLEAN: '1' }],
  ])('with %s', async (_, args, env) => {
    const world = temporaryWorld();
    const { run } = await recorded(world, training(world), { args, env: { ...failing, ...env } });
    expect(run.cleaned).toMatchObject({ state: 'kept', reason: 'it was asked for' });
    expect(readFileSync(join(world.output, 'sdscripts.log'), 'utf8')).toContain('CUDA out of memory');
  });

  test('but NO_CLEAN=0 keeps nothing', async () => {
    const world = temporaryWorld();
    const { run } = await recorded(world, training(world), { env: { ...failing, NO_CLEAN: '0' } });
    expect(run.cleaned?.state).toBe('removed');
  });

  test('in which another run trains', async () => {
    const world = temporaryWorld();
    const trainer = held(world);
    const other = start(world, ['run', '--name', 'other', '--', ...training(world)], { env: trainer.env });
    await eventually(trainer.ready, other.err);
    const live = await shown(world, '@');
    // As if it had been there first: both found no directory.
    const journal = join(world.spoorHome, 'runs', live.id, 'journal.jsonl');
    await eventually(() => existsSync(journal) && readFileSync(journal, 'utf8').includes('"captured"'));
    const inside = join(world.output, 'inner');
    const { run } = await recorded(world, [...training(world), '--output_dir', inside], { env: failing });
    expect(run.cleaned).toMatchObject({ state: 'kept', reason: `run ${live.id} uses it too (running)` });
    expect(existsSync(inside)).toBe(true);
    trainer.go();
    await other.exit;
  });

  test('while a process that the launcher left behind may write there', async () => {
    const world = temporaryWorld();
    const orphan =
      'import subprocess\nsubprocess.Popen(["sh", "-c", "touch $0/ready; while ! test -e $0/go; do sleep 0.05; done", sys.path[0]], start_new_session=True)\n' +
      'import time\nwhile not os.path.exists(sys.path[0] + "/ready"): time.sleep(0.01)\n';
    const { run } = await recorded(world, failsAfter(world, orphan));
    expect(run.cleaned).toMatchObject({ state: 'kept', reason: 'a process of the run may still write there' });
    writeFileSync(join(world.trainer, 'go'), '');
  });
});

test('what a recorder that was killed did not clean is cleaned by the next command', async () => {
  const world = temporaryWorld();
  const trainer = held(world);
  const started = start(world, ['run', '--', ...training(world)], { env: { ...trainer.env, ...failing } });
  await eventually(trainer.ready, started.err);
  for (const pid of await eventually(() => (recorders(world).length > 0 ? recorders(world) : null))) {
    process.kill(pid, 'SIGKILL');
  }
  trainer.go();
  await started.exit;
  expect(endedFact(world)).toBeNull();
  const run = await shown(world, '@');
  expect([run.status, run.cleaned?.state]).toEqual(['failed', 'removed']);
  expect(existsSync(world.output)).toBe(false);
});
