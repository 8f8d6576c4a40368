import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  chmodSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const repo = (run: Run, name: string) => run.repos.find((each) => each.name === name)!;
const own = (code: string, ...args: string[]) =>
  execFileSync('git', ['--git-dir', join(world.spoorHome, 'code', `${code}.git`), ...args], { env: world.env });
const object = (sha256: string | null) =>
  readFileSync(join(world.spoorHome, 'objects', sha256!.slice(0, 2), sha256!), 'utf8');

describe('code', () => {
  test('one of each change stands in the snapshot, byte for byte', async () => {
    const at = (path: string) => join(world.trainer, path);
    for (const name of ['gone.py', 'old.py', 'run.sh']) world.write(at(name), `# ${name}\n`);
    world.git(world.trainer, 'add', '.');
    world.git(world.trainer, 'commit', '-q', '-m', 'more');
    writeFileSync(at('library/train_util.py'), 'VALUE = 2\r\n');
    world.git(world.trainer, 'add', 'library/train_util.py');
    appendFileSync(at('library/train_util.py'), 'VALUE = 3\n');
    rmSync(at('gone.py'));
    renameSync(at('old.py'), at('new.py'));
    chmodSync(at('run.sh'), 0o755);
    symlinkSync('library', at('link'));
    writeFileSync(at('odd "name"\n.bin'), Buffer.from([0, 255, 13, 10]));
    world.write(at('.gitignore'), '*.log\nlocal.py\n');
    world.write(at('noise.log'), 'noise');
    world.write(at('local.py'), 'LOCAL = 1\n');
    world.write(at('.env'), 'HF_TOKEN=hunter2hunter2\n');
    const status = world.git(world.trainer, 'status', '--porcelain');
    const { run } = await recorded(world, training(world));
    const { snapshot, code, dirty, head, branch, omitted } = repo(run, 'sd-scripts');
    expect({ dirty, branch, head }).toEqual({
      dirty: true,
      branch: 'main',
      head: world.git(world.trainer, 'rev-parse', 'HEAD').trim(),
    });
    const tree = String(own(code!, 'ls-tree', '-r', '-z', snapshot!))
      .split('\0')
      .filter(Boolean);
    const modes = Object.fromEntries(tree.map((line) => [line.split('\t')[1], line.slice(0, 6)]));
    expect(modes).toMatchObject({ 'run.sh': '100755', link: '120000', 'new.py': '100644', 'local.py': '100644' });
    for (const absent of ['gone.py', 'old.py', 'noise.log', '.env']) expect(modes).not.toHaveProperty(absent);
    for (const path of ['library/train_util.py', 'odd "name"\n.bin']) {
      expect(own(code!, 'cat-file', 'blob', `${snapshot}:${path}`)).toEqual(readFileSync(at(path)));
    }
    expect(omitted).toContainEqual(expect.objectContaining({ path: '.env', reason: 'secret' }));
    expect(world.git(world.trainer, 'status', '--porcelain')).toBe(status);
  });

  test('survives the deletion of its repository, history and all', async () => {
    appendFileSync(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
    world.git(world.trainer, 'commit', '-q', '-a', '-m', 'second');
    const { run } = await recorded(world, training(world));
    rmSync(world.trainer, { recursive: true });
    const { head, code } = repo(run, 'sd-scripts');
    expect(
      String(own(code!, 'log', '--format=%s', head!))
        .trim()
        .split('\n'),
    ).toEqual(['second', 'trainer']);
  });

  test('every repository concerned is found: submodule, editable LyCORIS, dataset, --script, --repo', async () => {
    const make = (path: string, files: Record<string, string>) => {
      for (const [name, text] of Object.entries(files)) world.write(join(world.root, path, name), text);
      world.git(join(world.root, path), 'init', '-q', '-b', 'main');
      world.git(join(world.root, path), 'add', '.');
      world.git(join(world.root, path), 'commit', '-q', '-m', path);
      return join(world.root, path);
    };
    const lycoris = make('LyCORIS', { 'lycoris/__init__.py': '' });
    const scripts = make('my-scripts', { 'train.sh': 'echo\n' });
    const extra = make('extra', { 'a.txt': 'a' });
    make('datasets/wolf', { 'README.md': 'wolves\n' });
    const gui = make('gui', { 'gui.py': '' });
    world.git(gui, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', world.trainer, 'sd-scripts');
    world.git(gui, 'commit', '-q', '-m', 'submodule');
    const venv = join(world.root, 'venv');
    execFileSync('python3', ['-m', 'venv', '--without-pip', venv]);
    const version = execFileSync('python3', ['-c', 'import sys; print("%d.%d" % sys.version_info[:2])'])
      .toString()
      .trim();
    const site = join(venv, 'lib', `python${version}`, 'site-packages');
    world.write(join(site, '__editable__.lycoris.pth'), `${lycoris}\n`);
    world.write(join(site, 'lycoris_lora-3.1.0.dist-info/METADATA'), 'Name: lycoris-lora\nVersion: 3.1.0\n');
    world.write(
      join(site, 'lycoris_lora-3.1.0.dist-info/direct_url.json'),
      JSON.stringify({ url: `file://${lycoris}`, dir_info: { editable: true } }),
    );
    world.write(join(site, 'torch/version.py'), "__version__ = '2.5.1+cu124'\ncuda = '12.4'\n");
    const { run } = await recorded(
      world,
      [join(venv, 'bin/python'), join(gui, 'sd-scripts/train_network.py'), '--config_file', world.config],
      { args: ['--script', join(scripts, 'train.sh'), '--repo', extra] },
    );
    expect(run.repos.map(({ path }) => path.slice(world.root.length + 1)).sort()).toEqual(
      ['LyCORIS', 'datasets/wolf', 'extra', 'gui', 'gui/sd-scripts', 'my-scripts'].sort(),
    );
    expect(repo(run, 'gui').nested).toMatchObject([{ path: 'sd-scripts', submodule: true }]);
    expect(run.environment).toMatchObject({ venv, torch: '2.5.1+cu124', cuda: '12.4' });
    expect(run.environment?.python).toContain(version);
    expect(run.environment?.packages).toContainEqual(
      expect.objectContaining({ name: 'lycoris-lora', version: '3.1.0', editable: lycoris }),
    );
  });
});

describe('dataset', () => {
  const folder = () => join(world.dataset, '2_grey wolf');
  const digest = async () => (await recorded(world, training(world))).run.dataset!.sha256;
  const sameTime = (path: string, change: () => void) => {
    const { atime, mtime } = statSync(path);
    change();
    utimesSync(path, atime, mtime);
  };

  test.each<[string, boolean, () => void]>([
    ['nothing', false, () => {}],
    ['caches of latents', false, () => writeFileSync(join(folder(), 'one.npz'), 'cache')],
    [
      'a caption of the same size and time',
      true,
      () =>
        sameTime(join(folder(), 'one.txt'), () => writeFileSync(join(folder(), 'one.txt'), 'grey wolf, one, insiders')),
    ],
    ['an image cropped in place', true, () => writeFileSync(join(folder(), 'one.png'), png('cropped'))],
    ['an image added', true, () => writeFileSync(join(folder(), 'four.png'), png('four'))],
    ['an image removed', true, () => rmSync(join(folder(), 'one.png'))],
    ['an image renamed', true, () => renameSync(join(folder(), 'one.png'), join(folder(), 'uno.png'))],
  ])('%s changes its digest: %s', async (_, changes, change) => {
    const before = await digest();
    expect(before).toMatch(/^[0-9a-f]{64}$/);
    change();
    const after = await digest();
    expect(after !== before).toBe(changes);
  });
});

describe('files and environment', () => {
  test('small files are kept with both hashes, secrets neither there nor in variables', async () => {
    appendFileSync(world.config, 'wandb_api_key = "abcdef0123456789"\n');
    const { run } = await recorded(world, training(world), {
      env: { HF_HOME: '/hf', OMP_NUM_THREADS: '2', HF_TOKEN: 'hunter2hunter2', CATS: '9' },
    });
    const config = run.files.find(({ role }) => role === 'config')!;
    const hash = (program: string) => execFileSync(program, [world.config]).toString().split(' ')[0];
    expect(config).toMatchObject({ sha1: hash('sha1sum'), sha256: hash('sha256sum'), redactedKeys: ['wandb_api_key'] });
    expect(object(config.object)).toContain('network_dim = 4');
    expect(object(config.object)).not.toContain('abcdef0123456789');
    expect(run.environment?.variables).toMatchObject({ HF_HOME: '/hf', OMP_NUM_THREADS: '2' });
    expect(run.environment?.variables).not.toHaveProperty('CATS');
    expect(JSON.stringify(run)).not.toMatch(/hunter2hunter2|abcdef0123456789/);
  });

  test('prompts edited during the run are recorded again', async () => {
    const hold = join(world.root, 'hold');
    const ready = join(world.root, 'ready');
    const ended = spoor(world, ['run', '--', ...training(world)], { env: { T_HOLD: hold, T_READY: ready } });
    while (!existsSync(ready)) await new Promise((settle) => setTimeout(settle, 20));
    writeFileSync(world.prompts, 'a black wolf --d 43\n');
    writeFileSync(hold, '');
    await ended;
    const { stdout } = await spoor(world, ['show', '@', '--json']);
    const prompts = (JSON.parse(String(stdout)) as Run).files.filter(({ role }) => role === 'prompts');
    expect(prompts.map((file) => object(file.object))).toEqual([
      'a grey wolf --w 64 --h 64 --d 42\n',
      'a black wolf --d 43\n',
    ]);
  });
});
