/** The `sitecustomize` that `spoor wrap` puts in front, and the variables by which it gets there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { temporaryWorld } from '../run/play.ts';
import { spoor, spoorBin } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { python } from './play.ts';

const hook = join(spoorBin, '../../hook/python');
const versions = join(python, '../../..');
const pythons = ['2.7', '3.6', '3.8', '3.9', '3.10', '3.11', '3.12', '3.13'].map((version) => {
  const found = existsSync(versions)
    ? execFileSync('sh', [
        '-c',
        `ls -d "$1/${version}".*/bin/python "$1/../bin/python${version}" 2>/dev/null | head -1`,
        'sh',
        versions,
      ])
    : '';
  return [version, found.toString().trim()] as const;
});

function hooked(program: string, args: string[], path = '', env: Record<string, string> = {}) {
  const PYTHONPATH = path === '' ? hook : `${hook}:${path}`;
  return execa(program, args, { env: { PYTHONPATH, SPOOR_WRAP: '/nowhere', ...env }, reject: false });
}

describe.each(pythons)('Python %s', (_, program) => {
  test.skipIf(program === '')('starts as if the hook were not there, and hands PYTHONPATH on', async () => {
    const show = 'import os, sys; print(sys.path); print(os.environ["PYTHONPATH"])';
    const { stdout, stderr, exitCode } = await hooked(program, ['-c', show]);
    expect([exitCode, stderr]).toEqual([0, '']);
    const [path, variable] = stdout.split('\n');
    expect(path).not.toContain(hook);
    expect(variable).toBe(hook);
  });

  test.skipIf(program === '')('still runs the sitecustomize that stood first', async () => {
    const world = temporaryWorld();
    world.write(join(world.root, 'theirs/sitecustomize.py'), 'import sys\nsys.stdout.write("theirs\\n")\nMARK = 1\n');
    const show = 'import sitecustomize; print(sitecustomize.MARK)';
    const { stdout, stderr } = await hooked(program, ['-c', show], join(world.root, 'theirs'));
    expect([stdout, stderr]).toEqual(['theirs\n1', '']);
  });
});

test('what is wrong with the next sitecustomize is told as it would be', async () => {
  const world = temporaryWorld();
  world.write(join(world.root, 'theirs/sitecustomize.py'), 'import not_there\n');
  const path = join(world.root, 'theirs');
  const ours = await hooked(python, ['-c', 'pass'], path);
  const bare = await execa(python, ['-c', 'pass'], { env: { PYTHONPATH: path } });
  expect(bare.stderr).toContain('not_there');
  expect(ours.stderr.split('\n').slice(0, 2)).toEqual(bare.stderr.split('\n').slice(0, 2));
});

test.each(['-S', '-I', '-E'])('python %s does not see it', async (option) => {
  const { stdout, exitCode } = await hooked(python, [option, '-c', 'print("spoor_hook" in __import__("sys").modules)']);
  expect([stdout, exitCode]).toEqual(['False', 0]);
});

test('a Python in a directory that is gone starts', async () => {
  const world = temporaryWorld();
  const script = world.write(join(world.root, 'x.py'), 'print(1)\n');
  const gone = 'mkdir gone && cd gone && rmdir ../gone && exec "$@"';
  const { stdout } = await execa('sh', ['-c', gone, 'sh', python, script], {
    cwd: world.root,
    env: { PYTHONPATH: hook, SPOOR_WRAP: '/nowhere' },
  });
  expect(stdout).toBe('1');
});

test('the variables are printed as the shell sets them, with what PYTHONPATH held behind', async () => {
  const world = temporaryWorld();
  const env = { PYTHONPATH: `/a b:${hook}:/it's`, SHELL: '/usr/bin/zsh' };
  const posix = await spoor(world, ['hook', 'env'], { env });
  const { stdout } = await execa('zsh', [
    '-fc',
    'eval "$1"; print -rl -- $PYTHONPATH $SPOOR_WRAP',
    'zsh',
    posix.stdout,
  ]);
  expect(stdout).toBe(`${hook}:/a b:/it's\n${process.execPath}`);
  const fish = await spoor(world, ['hook', 'env', '--shell', 'fish'], { env });
  expect(fish.stdout).toContain(`set -gx PYTHONPATH '${hook}:/a b:/it\\'s'\n`);
  const unknown = await spoor(world, ['hook', 'env', '--shell', 'csh']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([64, expect.stringContaining('--shell csh is not known')]);
});

describe('a Jupyter kernel', () => {
  const kernel = (world: World, text: string) => world.write(join(world.root, 'kernels/python3/kernel.json'), text);
  const plain = { argv: ['python', '-m', 'ipykernel_launcher', '-f', '{connection_file}'], display_name: 'Python 3' };
  const read = (path: string) => JSON.parse(readFileSync(path, 'utf8'));

  test('gets the variables, keeps what it has, and loses them again', async () => {
    const world = temporaryWorld();
    const path = kernel(world, JSON.stringify({ ...plain, env: { CUDA_VISIBLE_DEVICES: '1' } }));
    expect((await spoor(world, ['hook', 'jupyter', join(path, '..')])).exitCode).toBe(0);
    const once = read(path);
    expect(once).toMatchObject({ ...plain, env: { CUDA_VISIBLE_DEVICES: '1', SPOOR_HOME: world.spoorHome } });
    expect(once.env.PYTHONPATH).toBe(`${hook}:\${PYTHONPATH}`);
    await spoor(world, ['hook', 'jupyter', path]);
    expect(read(path)).toEqual(once);
    await spoor(world, ['hook', 'jupyter', path, '--remove']);
    expect(read(path)).toEqual({ ...plain, env: { CUDA_VISIBLE_DEVICES: '1' } });
  });

  test('is not touched where it is none, and without one the variables are printed', async () => {
    const world = temporaryWorld();
    const path = kernel(world, '{"argv": ');
    const { exitCode, stderr } = await spoor(world, ['hook', 'jupyter', path]);
    expect([exitCode, stderr]).toEqual([65, expect.stringContaining(`${path} is no kernel of Jupyter`)]);
    expect(readFileSync(path, 'utf8')).toBe('{"argv": ');
    expect((await spoor(world, ['hook', 'jupyter', join(world.root, 'none')])).exitCode).toBe(66);
    const { stdout } = await spoor(world, ['hook', 'jupyter']);
    expect(JSON.parse(String(stdout)).env.SPOOR_WRAP).toBe(process.execPath);
  });
});
