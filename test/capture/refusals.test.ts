import { existsSync, lstatSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, safetensors, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

test.skipIf(process.platform !== 'linux')(
  'a home below a directory in which nothing can be made costs the record, not the training',
  async () => {
    const result = await spoor(world, ['run', '--', 'sh', '-c', 'echo trained; exit 3'], {
      env: { SPOOR_HOME: '/proc/spoor' },
      timeout: 20_000,
    });
    expect(result).toMatchObject({ exitCode: 3, stdout: 'trained\n' });
    expect(result.stderr).toContain('not recorded');
  },
);

test('--strict refuses an output directory that holds a model of any name', async () => {
  mkdirSync(world.output, { recursive: true });
  writeFileSync(join(world.output, 'someone-elses.safetensors'), safetensors(16));
  const result = await spoor(world, ['run', '--strict', '--', ...training(world)]);
  expect(result.exitCode).toBe(78);
  expect(result.stderr).toContain('someone-elses.safetensors');
});

test('what --strict refuses leaves nothing behind: no home, no output directory', async () => {
  world.write(join(world.trainer, 'train_network.py'), 'changed\n');
  const result = await spoor(world, ['run', '--strict', '--', ...training(world)]);
  expect(result.exitCode).toBe(78);
  expect(existsSync(world.spoorHome)).toBe(false);
  expect(existsSync(world.output)).toBe(false);
});

test('what --strict accepts is recorded', async () => {
  const { run, exitCode } = await recorded(world, training(world), { args: ['--strict'] });
  expect([exitCode, run.status]).toEqual([0, 'succeeded']);
});

test('the log beside the output has the mode of any new file there', async () => {
  await recorded(world, training(world));
  const mode = (name: string) => lstatSync(join(world.output, name)).mode;
  expect(mode('sdscripts.log')).toBe(mode('config.toml'));
});

test('the reasons of --strict break no line of the terminal', async () => {
  world.write(join(world.trainer, 'two\nlines\u001b[31m.py'), 'pass\n');
  const result = await spoor(world, ['run', '--strict', '--dry-run', '--', ...training(world)]);
  expect(result.exitCode).toBe(78);
  expect(result.stderr).toContain('two\\nlines\\e[31m.py');
});

test('a rate for the networks is found as lr, and the rate it hides has no effect', async () => {
  const { run } = await recorded(world, training(world, '--unet_lr=3e-4', '--text_encoder_lr=1e-5'));
  const rate = run.settings.find(({ key }) => key === 'learning_rate');
  expect(rate).toMatchObject({ effective: false, ignored: expect.any(String) });
  const found = await spoor(world, ['ls', 'lr>1e-4', '--json']);
  expect(JSON.parse(String(found.stdout))).toMatchObject([{ id: run.id }]);
});

test('a dataset that is not there has no digest', async () => {
  const { run } = await recorded(world, ['true'], { args: ['--dataset', join(world.root, 'gone')] });
  expect(run.dataset).toMatchObject({ files: 0, sha256: null });
  expect(run.warnings.map(({ code }) => code)).toContain('dataset-missing');
});

test('a dry run is shown as not started', async () => {
  const { stdout } = await spoor(world, ['run', '--dry-run', '--', ...training(world)]);
  expect(stdout).toContain('not started');
  expect(stdout).not.toContain('so far');
});
