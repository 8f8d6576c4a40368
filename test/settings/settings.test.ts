import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
const file = () => join(world.env.HOME ?? '', '.config/spoor/config.toml');
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

test('a mistake in the settings never stops a training, is told and recorded; other commands refuse', async () => {
  world.write(file(), '[keep]\ncheckpoint = "all"\n[limits]\nuntracked_file = "1 kB"\n');
  const { exitCode, stderr } = await spoor(world, ['run', '--', ...training(world)]);
  expect(exitCode).toBe(0);
  expect(stderr).toContain('config.toml:2: [keep] has no setting checkpoint');
  expect(stderr.match(/has no setting checkpoint/g)).toHaveLength(1);
  const listed = await spoor(world, ['ls', '--json']);
  expect(listed.exitCode).toBe(65);
  expect(JSON.parse(listed.stderr).error).toEqual({
    code: 'bad-settings',
    message: `${file()}:2: [keep] has no setting checkpoint`,
    hint: 'Did you mean checkpoints?',
  });
  world.write(file(), '');
  const { stdout } = await spoor(world, ['show', '@', '--json']);
  expect(JSON.parse(stdout).warnings).toContainEqual(expect.objectContaining({ code: 'bad-settings' }));
});

test('the limits of what is kept are those of the settings', async () => {
  world.write(file(), '[limits]\nuntracked_file = "1 kB"\ndataset_images = 0\n');
  world.write(join(world.trainer, 'notes.txt'), 'x'.repeat(1001));
  const { run } = await recorded(world, training(world));
  expect(run.repos[0]?.omitted).toMatchObject([{ path: 'notes.txt', reason: 'too-large', bytes: 1001 }]);
  expect(run.dataset).toMatchObject({ images: 3, imagesKept: 0 });
});

test('the settings in force are shown with where they come from, and no secret of theirs', async () => {
  const absent = await spoor(world, ['config']);
  expect(absent.exitCode).toBe(0);
  expect(absent.stdout).toContain('not there');
  expect(existsSync(file())).toBe(false);
  world.write(
    file(),
    '[price]\nper_gpu_hour = 0.79\n[notify.chat]\ntype = "discord"\nurl = "https://discord.com/api/webhooks/1/s3cret"\n' +
      '[notify.phone]\ntype = "ntfy"\nurl = "https://ntfy.example/s3cret"\ntoken = "s3cret"\n' +
      '[notify.hook]\ntype = "webhook"\nurl = "https://u:s3cret@hook.example/"\nheaders = { Authorization = "s3cret" }\n' +
      '[notify.mine]\ntype = "command"\nargv = ["tell", "--password=s3cret"]\n',
  );
  const text = await spoor(world, ['config']);
  expect(text.stdout).toMatch(/per_gpu_hour +0\.79 +line 2/);
  expect(text.stdout).toMatch(/checkpoints +"\w+" +default/);
  const json = await spoor(world, ['config', '--json']);
  const shown = JSON.parse(json.stdout);
  expect(shown.settings).toContainEqual({ key: 'price.per_gpu_hour', value: 0.79, source: { kind: 'file', line: 2 } });
  expect(shown.receivers[0]).toMatchObject({ name: 'chat', url: 'https://discord.com/…', source: { line: 3 } });
  expect(text.stdout + json.stdout).not.toContain('s3cret');
  world.write(file(), `${readFileSync(file(), 'utf8')}x = 1\n`);
  expect((await spoor(world, ['config'])).exitCode).toBe(65);
  const doctor = await spoor(world, ['doctor', '--json']);
  expect(JSON.parse(doctor.stdout).findings).toContainEqual(
    expect.objectContaining({ check: 'settings', state: 'warning', message: expect.stringContaining('no setting x') }),
  );
});
