import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Finding } from '../../src/tracker/doctor/finding.ts';
import { program } from '../support/programs.ts';
import { spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

async function examined(env: Record<string, string> = {}) {
  const { stdout, exitCode } = await spoor(world, ['doctor', '--json'], { env });
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  const of = (check: string) => findings.filter((each) => each.check === check);
  return { findings, exitCode, of, one: (check: string) => of(check)[0] };
}

test('each thing that recording needs is examined, and a sound machine is said to be so', async () => {
  const { findings, exitCode, one } = await examined();
  expect(exitCode).toBe(0);
  expect(findings.filter(({ state }) => state === 'error')).toEqual([]);
  expect(one('git')).toMatchObject({ state: 'ok', message: expect.stringMatching(/^git \d+\.\d+/) });
  expect(one('python')?.message).toMatch(/^Python 3\.\d+/);
  expect(one('home')).toMatchObject({ state: 'ok', message: expect.stringContaining('as SPOOR_HOME says') });
  expect(one('runs')).toMatchObject({ state: 'ok', message: '0 recorded' });
  expect(one('space')?.message).toMatch(/ GiB of .* GiB free/);
});

test('uncommitted changes are told of the repositories that the latest runs used', async () => {
  await spoor(world, ['run', '--', ...training(world)]);
  const clean = await examined();
  expect(clean.one('runs')?.message).toBe('1 recorded');
  expect(clean.of('code')).toMatchObject([
    { state: 'ok', message: expect.stringMatching(/sd-scripts .*is committed/) },
  ]);
  world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
  world.write(join(world.trainer, 'hack.py'), 'HACK = 1\n');
  expect((await examined()).of('code')).toMatchObject([
    { state: 'warning', message: expect.stringMatching(/uncommitted changes: 1 unstaged, 1 untracked$/) },
  ]);
  expect(world.git(world.trainer, 'status', '--porcelain').trim().split('\n')).toHaveLength(2);
});

test('a machine without git cannot record code, which is an error with its remedy', async () => {
  const bin = join(world.root, 'few');
  mkdirSync(bin);
  for (const name of ['sh', 'env']) symlinkSync(join('/bin', name), join(bin, name));
  const { exitCode, one } = await examined({ PATH: bin });
  expect(exitCode).toBe(69);
  expect(one('git')).toMatchObject({ state: 'error', hint: expect.stringContaining('install git') });
  expect(one('python')).toMatchObject({ state: 'note', message: 'no python is on PATH' });
});

test('an old git, a silent driver and a home open to others are named with what mends them', async () => {
  program(world, 'git', 'echo git version 2.17.1');
  program(world, 'nvidia-smi', 'echo "NVIDIA-SMI has failed" >&2; exit 9');
  await spoor(world, ['ls']);
  chmodSync(world.spoorHome, 0o755);
  const { exitCode, one } = await examined({ PATH: `${join(world.root, 'bin')}:${world.env.PATH}` });
  expect(exitCode).toBe(0);
  expect(one('git')).toMatchObject({ state: 'warning', message: expect.stringContaining('git 2.17.1') });
  expect(one('gpu')).toMatchObject({ state: 'warning', message: 'nvidia-smi is there but does not answer' });
  expect(one('home')).toMatchObject({ state: 'warning', hint: `chmod 700 ${world.spoorHome}` });
});

test('a library of shell functions that is not of this Spoor is told', async () => {
  expect((await examined()).one('library')).toMatchObject({ state: 'note' });
  await spoor(world, ['shell', 'zsh', '--install']);
  expect((await examined()).one('library')).toMatchObject({ state: 'ok' });
  const path = join(world.env.HOME!, 'toolkit/zsh/train_functions.zsh');
  writeFileSync(path, `${readFileSync(path, 'utf8')}\n# mine\n`);
  expect((await examined()).one('library')).toMatchObject({
    state: 'warning',
    message: '~/toolkit/zsh/train_functions.zsh was changed by hand',
    hint: 'spoor shell zsh --install',
  });
});

test('GPUs and conda environments are listed', async () => {
  program(world, 'nvidia-smi', "echo 'NVIDIA GeForce RTX 4090, GPU-1, 24564, 560.35'");
  const conda = join(world.env.HOME!, 'miniconda3');
  world.write(join(conda, 'bin/conda'), '#!/bin/sh\n');
  chmodSync(join(conda, 'bin/conda'), 0o755);
  mkdirSync(join(conda, 'conda-meta'), { recursive: true });
  mkdirSync(join(conda, 'envs/sdscripts/conda-meta'), { recursive: true });
  const { one } = await examined({ PATH: `${join(world.root, 'bin')}:${world.env.PATH}` });
  expect(one('gpu')?.message).toBe('NVIDIA GeForce RTX 4090 (24 GiB), driver 560.35');
  expect(one('conda')?.message).toBe(`conda (${conda}/bin/conda), environments: base, sdscripts`);
});

test('a damaged home is an error, and everything else is examined all the same', async () => {
  await spoor(world, ['ls']);
  chmodSync(join(world.spoorHome, 'home.json'), 0o600);
  writeFileSync(join(world.spoorHome, 'home.json'), '{');
  const { exitCode, one } = await examined();
  expect(exitCode).toBe(69);
  expect(one('home')).toMatchObject({ state: 'error', message: expect.stringContaining('is damaged') });
  expect(one('git')?.state).toBe('ok');
});

test('no line is wider than the terminal', async () => {
  const { stdout } = await spoor(world, ['doctor'], { env: { COLUMNS: '80' } });
  expect(stdout).toMatch(/^✓ git {10}git 2/m);
  const typed = `stty cols 60; '${process.execPath}' '${new URL('../../bin/spoor.js', import.meta.url).pathname}' doctor`;
  const script = await execa('script', ['-qec', typed, '/dev/null'], {
    env: world.env,
    extendEnv: false,
    cwd: world.root,
  });
  const shown = script.stdout.replace(/\u001b\[[\d;]*m/g, '').split(/\r?\n/);
  expect(shown.length).toBeGreaterThan(9);
  for (const line of shown) expect(line.length, line).toBeLessThanOrEqual(60);
});
