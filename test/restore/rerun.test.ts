/** `spoor rerun`: the same inputs again, as a new run, and what came of it beside the first. */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import { makeWorld, safetensors, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

function deleteOriginals() {
  for (const path of [world.trainer, join(world.root, 'datasets'), join(world.root, 'output')]) {
    rmSync(path, { recursive: true, force: true });
  }
}

async function rerun(...args: string[]) {
  const result = await spoor(world, ['rerun', ...args]);
  return { exitCode: result.exitCode, stderr: String(result.stderr), stdout: String(result.stdout) };
}

function edit(path: string, from: string | RegExp, to: string) {
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}

test('runs with identical inputs when the originals are gone, and the outcome is compared', async () => {
  world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
  const { run: first } = await recorded(world, training(world), { cwd: world.trainer });
  deleteOriginals();

  const { exitCode, stderr } = await rerun('@');

  expect(stderr).toContain(`the inputs are identical to those of ${first.name.full} (${first.id})`);
  expect(stderr).toContain('the final tensors are the same, bit for bit');
  expect(stderr).toMatch(/final loss [\d.e-]+, the same/);
  expect(exitCode).toBe(0);
  const again = await shown(world, '@');
  expect(again).toMatchObject({ parent: first.id, name: first.name, status: 'succeeded' });
  expect(again.repos[0]?.snapshot).toBe(first.repos[0]?.snapshot);
  expect(again.dataset?.sha256).toBe(first.dataset?.sha256);
  expect(again.outputDir).toBe(join(world.spoorHome, 'restored', first.id, 'output'));
  expect(existsSync(world.output)).toBe(false);
});

test('uses the seed that the trainer chose by itself the first time', async () => {
  edit(world.config, 'seed = 7\n', '');
  const { run: first } = await recorded(world, training(world));
  expect(first.settings.find(({ key }) => key === 'seed')).toMatchObject({
    value: 1234567,
    source: { kind: 'confirmed' },
  });
  const { stderr } = await rerun('@');
  const again = await shown(world, '@');
  expect(again.command.at(-1)).toBe('--seed=1234567');
  expect(stderr).toContain('the inputs are identical');
});

test('a setting is overridden as on the command line, and only that is told to differ', async () => {
  await recorded(world, training(world, '--learning_rate', '3e-4'));
  const { exitCode, stderr } = await rerun(
    '@',
    '--set',
    'learning_rate=5e-5',
    '--name',
    'wolf-v9',
    '--reason',
    'slower',
  );
  expect(exitCode).toBe(0);
  expect(stderr).toMatch(/the inputs differ from those of wolf \(\w+\): learning_rate 3e-4→5e-5$/m);
  const again = await shown(world, '@');
  expect(again).toMatchObject({ reason: 'slower', name: { full: 'wolf-v9' } });
  expect(again.settings.find(({ key }) => key === 'learning_rate')).toMatchObject({
    value: 5e-5,
    source: { kind: 'argument' },
  });
});

test('a switch of the configuration file is turned off in its copy', async () => {
  edit(world.config, 'seed = 7', 'seed = 7\ncache_latents = true # faster');
  const config = readFileSync(world.config, 'utf8');
  const { run: first } = await recorded(world, training(world));
  await rerun('@', '--set', 'cache_latents=false');
  const again = await shown(world, '@');
  expect(again.settings.find(({ key }) => key === 'cache_latents')?.value).toBe(false);
  const restored = join(world.spoorHome, 'restored', first.id);
  expect(readFileSync(join(restored, 'rewritten/config.toml'), 'utf8')).toContain('cache_latents = false # faster');
  expect(readFileSync(join(restored, 'config.toml'), 'utf8')).toBe(config);
});

test('another base model is refused by name, with nothing left behind, and --force goes on', async () => {
  const { run: first } = await recorded(world, training(world));
  const base = join(world.root, 'models/base.safetensors');
  writeFileSync(base, safetensors(4096, { other: 'model' }));
  const { exitCode, stderr } = await rerun('@');
  expect(exitCode).toBe(78);
  expect(stderr).toContain(`model ${base}: `);
  expect(stderr.match(/base\.safetensors/g)).toHaveLength(1);
  expect(readdirSync(join(world.spoorHome, 'restored'))).toEqual([]);
  expect((await shown(world, '@')).id).toBe(first.id);

  const forced = await rerun('@', '--force');
  expect(forced.exitCode).toBe(0);
  expect((await shown(world, '@')).parent).toBe(first.id);
});

test('another environment is refused by what differs', async () => {
  await recorded(world, training(world), { env: { CUBLAS_WORKSPACE_CONFIG: ':4096:8' } });
  const same = await rerun('@');
  expect(same.stderr).toContain('the inputs are identical');
  const journal = join(world.spoorHome, 'runs', (await shown(world, '@')).id, 'journal.jsonl');
  edit(journal, /"python":"[^"]*"/g, '"python":"2.7.18"');
  const { exitCode, stderr } = await rerun('@');
  expect(exitCode).toBe(78);
  expect(stderr).toContain('python 2.7.18→');
});

test('images that are nowhere any more are refused', async () => {
  await recorded(world, training(world));
  const { dataset } = await shown(world, '@');
  const objects = join(world.spoorHome, 'objects');
  const manifest = readFileSync(join(objects, dataset!.manifest!.slice(0, 2), dataset!.manifest!), 'utf8');
  const image = JSON.parse(manifest.split('\n').find((line) => line.includes('one.png'))!).object;
  rmSync(join(objects, image.slice(0, 2), image));
  deleteOriginals();
  const { exitCode, stderr } = await rerun('@');
  expect(exitCode).toBe(78);
  expect(stderr).toContain('image dataset/2_grey wolf/one.png');
});

test('a setting that the trainer does not have is refused before anything is restored', async () => {
  await recorded(world, training(world));
  const { exitCode, stderr } = await rerun('@', '--set', 'lerning_rate=1');
  expect(exitCode).toBe(64);
  expect(stderr).toContain('lerning_rate');
  expect((await rerun('@', '--set', 'nothing')).exitCode).toBe(64);
  expect(existsSync(join(world.spoorHome, 'restored'))).toBe(false);
});

test('a secret of the command is asked for, and given by the environment', async () => {
  await recorded(world, training(world, '--wandb_api_key', '0123456789abcdef'));
  const refused = await rerun('@');
  expect(refused.exitCode).toBe(78);
  expect(refused.stderr).toContain('WANDB_API_KEY');
  const { exitCode } = await spoor(world, ['rerun', '@'], { env: { WANDB_API_KEY: '0123456789abcdef' } });
  expect(exitCode).toBe(0);
  expect((await shown(world, '@')).command.join(' ')).not.toContain('0123456789abcdef');
});

test.each(['no commit yet', 'no repository at all', 'a repository named by hand'])(
  '%s: identical inputs all the same',
  async (state) => {
    rmSync(join(world.trainer, '.git'), { recursive: true });
    world.write(join(world.trainer, 'notes.txt'), 'notes\n');
    if (state !== 'no repository at all') world.git(world.trainer, 'init', '-q', '-b', 'new');
    const extra = join(world.root, 'extra');
    world.write(join(extra, 'x.py'), 'x\n');
    world.git(extra, 'init', '-q');
    await recorded(world, training(world), { args: state === 'a repository named by hand' ? ['--repo', extra] : [] });
    deleteOriginals();
    rmSync(extra, { recursive: true });
    const { stderr } = await rerun('@');
    expect(stderr).toContain('the inputs are identical');
  },
);

/** A virtual environment in which a package is installed in editable mode. @returns its Python */
function environmentWith(name: string, directory: string): string {
  const venv = join(world.root, 'venv');
  execFileSync('python3', ['-m', 'venv', '--without-pip', venv], { env: world.env });
  const [python = ''] = readdirSync(join(venv, 'lib'));
  const site = join(venv, 'lib', python, 'site-packages');
  const info = join(site, `${name}-1.0.dist-info`);
  world.write(join(info, 'METADATA'), `Metadata-Version: 2.1\nName: ${name}\nVersion: 1.0\n`);
  const url = { url: `file://${directory}`, dir_info: { editable: true } };
  world.write(join(info, 'direct_url.json'), JSON.stringify(url));
  world.write(join(site, `__editable__.${name}.pth`), `${directory}\n`);
  return join(venv, 'bin/python');
}

test('an editable install counts by the code that is imported: refused once it is another', async () => {
  const lycoris = join(world.root, 'LyCORIS');
  world.write(join(lycoris, 'lycoris/__init__.py'), 'VALUE = 1\n');
  world.git(lycoris, 'init', '-q', '-b', 'main');
  world.git(lycoris, 'add', '.');
  world.git(lycoris, 'commit', '-q', '-m', 'lycoris');
  const python = environmentWith('lycoris_lora', lycoris);
  const { run: first } = await recorded(world, [python, ...training(world).slice(1)]);
  expect(first.repos.map(({ name }) => name).sort()).toEqual(['LyCORIS', 'sd-scripts']);
  expect((await rerun('@')).stderr).toContain('the inputs are identical');

  world.write(join(lycoris, 'lycoris/__init__.py'), 'VALUE = 2\n');
  const { exitCode, stderr } = await rerun(first.id);
  expect(exitCode).toBe(78);
  expect(stderr).toContain('LyCORIS dirty');

  const into = join(world.root, 'back');
  await spoor(world, ['restore', first.id, '--into', into]);
  expect(readFileSync(join(into, 'environment.txt'), 'utf8')).toContain(`-e ${join(into, 'repos/LyCORIS')}`);
  expect(readFileSync(join(into, 'repos/LyCORIS/lycoris/__init__.py'), 'utf8')).toBe('VALUE = 1\n');
});
