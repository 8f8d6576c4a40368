/** What a wrapped trainer and its launcher see is what they would see without Spoor. */
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually, start } from '../run/play.ts';
import { recorded, spoor, spoorBin, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { python, runsOf, wrapWorld } from './play.ts';

/** A trainer that says what it sees. */
const witness = `
import json, os, signal, sys
seen = {
    "argv": sys.argv, "cwd": os.getcwd(), "unbuffered": sys.stdout.write_through, "warn": sys.warnoptions,
    "utf8": sys.flags.utf8_mode, "path": os.environ.get("PYTHONPATH"), "node": os.environ.get("NODE_OPTIONS"),
    "extra": sorted(key for key in os.environ if key.startswith("SPOOR_")), "first": sys.path[0],
    "ignored": [name for name in ("SIGHUP", "SIGINT", "SIGQUIT") if signal.getsignal(getattr(signal, name)) == signal.SIG_IGN],
}
open(os.environ["SEEN"], "w").write(json.dumps(seen))
sys.stdout.write(sys.stdin.read())
sys.stderr.write("error line\\n")
sys.exit(5)
`;

function witnessWorld() {
  const world = wrapWorld();
  const script = world.write(join(world.root, 'own/train_network.py'), witness);
  const seen = join(world.root, 'seen.json');
  world.env.SEEN = seen;
  return { world, script, seen: async () => JSON.parse((await execa('cat', [seen])).stdout) };
}

interface Given {
  env?: Record<string, string>;
  cwd?: string;
  input?: string;
  stdout?: 'pipe' | 'ignore';
}

async function wrap(world: World, command: readonly string[], given: Given = {}) {
  const { exitCode, stdout, stderr } = await execa(process.execPath, [spoorBin, 'wrap', '--', ...command], {
    cwd: given.cwd ?? world.root,
    input: given.input ?? '',
    stdout: given.stdout ?? 'pipe',
    env: { ...world.env, ...given.env },
    extendEnv: false,
    reject: false,
  });
  return { exitCode, stdout: String(stdout), stderr: String(stderr) };
}

test('arguments, interpreter options, directory and input arrive as they were; the exit status comes back', async () => {
  const { world, script, seen } = witnessWorld();
  const odd = ['', ' ', "it's", 'a\nb', '--', '$HOME', 'é 猫', '-m'];
  const cwd = join(world.root, 'own');
  const command = [python, '-u', '-X', 'utf8', '-Wignore', 'train_network.py', ...odd];
  const { exitCode, stdout } = await wrap(world, command, { cwd, input: 'from the launcher\n' });
  expect(exitCode).toBe(5);
  expect(stdout).toBe('from the launcher\nerror line');
  expect(await seen()).toMatchObject({
    argv: ['train_network.py', ...odd],
    cwd,
    unbuffered: true,
    warn: ['ignore'],
    utf8: 1,
    first: join(script, '..'),
    extra: ['SPOOR_HOME', 'SPOOR_RUN', 'SPOOR_WRAP'],
    ignored: [],
  });
  const [run] = await runsOf(world);
  expect(run).toMatchObject({ command, cwd, exitCode: 5 });
});

test('a run does not differ from one that spoor run started, but keeps what PYTHONPATH held', async () => {
  const world = wrapWorld();
  const command = [python, ...training(world).slice(1)];
  const own = { env: { PYTHONPATH: join(world.root, 'own modules') } };
  await recorded(world, command, own);
  expect((await wrap(world, command, own)).exitCode).toBe(0);
  const [first, second] = await runsOf(world);
  expect(second?.environment?.variables).toEqual(first?.environment?.variables);
  expect(second?.environment?.variables.PYTHONPATH).toBe(own.env.PYTHONPATH);
  const { stdout } = await spoor(world, ['diff', first?.id ?? '', second?.id ?? '', '--json']);
  expect(JSON.parse(String(stdout)).changes).toEqual([]);
});

test('NODE_OPTIONS that break Node are for others: the run is recorded and the trainer has them', async () => {
  const { world, script, seen } = witnessWorld();
  const env = { NODE_OPTIONS: '--require /nowhere.js' };
  const script2 = `export NODE_OPTIONS='${env.NODE_OPTIONS}'; exec "$@"`;
  expect((await wrap(world, ['sh', '-c', script2, 'sh', python, script])).exitCode).toBe(5);
  expect(await seen()).toMatchObject({ node: env.NODE_OPTIONS });
  expect(await runsOf(world)).toHaveLength(1);
});

test('what the trainer was started to ignore it ignores: after nohup, and in the background of a script', async () => {
  const { world, script, seen } = witnessWorld();
  await wrap(world, ['nohup', python, script]);
  expect((await seen()).ignored).toEqual(['SIGHUP']);
  await wrap(world, ['sh', '-c', '"$@" & wait', 'sh', python, script]);
  expect((await seen()).ignored).toEqual(['SIGINT', 'SIGQUIT']);
  expect(await runsOf(world)).toHaveLength(2);
});

test('where only standard error is a pipe, its reader gets the output', async () => {
  const { world, script } = witnessWorld();
  const { stderr } = await wrap(world, [python, script], { stdout: 'ignore', input: 'hello\n' });
  expect(stderr).toContain('hello\nerror line');
});

test('a trainer beneath a recorded run is part of that run', async () => {
  const world = wrapWorld();
  const words = training(world)
    .map((each) => `'${each}'`)
    .join(' ');
  const inner = `"$NODE" "$SPOOR" run --name outer -- sh -c "$WORDS"`;
  const env = { NODE: process.execPath, SPOOR: spoorBin, WORDS: words };
  const { exitCode } = await wrap(world, ['sh', '-c', inner], { env });
  expect(exitCode).toBe(0);
  expect((await runsOf(world)).map(({ name }) => name.full)).toEqual(['outer']);
});

test('what is no trainer is not recorded, even in the directory of one', async () => {
  const world = wrapWorld();
  const gui = world.write(join(world.trainer, 'gui.py'), 'print("a window")\n');
  for (const words of [
    [gui],
    ['-c', 'print("a window")'],
    ['-m', 'this'],
    [join(world.trainer, 'library/train_util.py')],
  ]) {
    expect((await wrap(world, [python, ...words])).exitCode).toBe(0);
  }
  expect(await runsOf(world)).toEqual([]);
});

test('SPOOR_NO_WRAP leaves a command and what it starts alone', async () => {
  const { world, script } = witnessWorld();
  const { exitCode } = await wrap(world, ['sh', '-c', 'SPOOR_NO_WRAP=1 "$@"', 'sh', python, script]);
  expect(exitCode).toBe(5);
  expect(await runsOf(world)).toEqual([]);
});

test('an argument that is no UTF-8 arrives untouched; the training is not recorded, and that is said once', async () => {
  const { world, script, seen } = witnessWorld();
  const call = `import subprocess, sys; sys.exit(subprocess.call([sys.executable.encode(), b"${script}", b"caf\\xe9"]))`;
  const { exitCode, stderr } = await wrap(world, [python, '-c', call]);
  expect(exitCode).toBe(5);
  expect((await seen()).argv[1]).toBe('caf\udce9');
  expect(stderr.split('is not recorded')).toHaveLength(2);
  expect(stderr).toContain('no UTF-8');
  expect(await runsOf(world)).toEqual([]);
});

test.each([
  ['Node is gone', (_: World) => '/nowhere/node'],
  ['Node does not start', (world: World) => broken(world, 'exit 127')],
  ['Node is killed', (world: World) => broken(world, 'kill -9 $$')],
])('the trainer runs unrecorded, and that is said once, where %s', async (_, node) => {
  const { world, script } = witnessWorld();
  const outer = 'import subprocess, sys; sys.exit(subprocess.call([sys.executable] + sys.argv[1:]))';
  const first = world.write(join(world.root, 'first/train_network.py'), outer);
  const change = `export SPOOR_WRAP='${node(world)}'; exec "$@"`;
  const command = ['sh', '-c', change, 'sh', python, first, script];
  const { exitCode, stderr, stdout } = await wrap(world, command, { input: 'in' });
  expect([exitCode, stdout]).toEqual([5, 'in']);
  expect(stderr.split('is not recorded')).toHaveLength(2);
  expect(await runsOf(world)).toEqual([]);
});

function broken(world: World, script: string): string {
  const path = world.write(join(world.root, 'broken/node'), `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return path;
}

test('the trainer runs unrecorded where no home can be made', async () => {
  const { world, script } = witnessWorld();
  const env = { SPOOR_HOME: world.write(join(world.root, 'a file'), '') };
  const { exitCode, stderr } = await wrap(world, [python, script], { env });
  expect(exitCode).toBe(5);
  expect(stderr).toContain('This training is not recorded');
});

test('in tmux a training that a script starts is recorded, with the terminal as its input', async () => {
  const { world, script } = witnessWorld();
  const socket = join(world.root, 'tmux');
  const source = `import os, sys; open("${join(world.root, 'tty')}", "w").write(str(os.isatty(0)))\n`;
  world.write(script, source);
  const { child, exit } = start(world, [
    'wrap',
    '--',
    'tmux',
    '-S',
    socket,
    'new-session',
    '-d',
    `${python} '${script}'`,
  ]);
  expect(await exit).toBe(0);
  expect(child.pid).toBeGreaterThan(0);
  await eventually(() => existsSync(join(world.root, 'tty')) && readFileSync(join(world.root, 'tty'), 'utf8') !== '');
  expect(readFileSync(join(world.root, 'tty'), 'utf8')).toBe('True');
  expect(await runsOf(world)).toHaveLength(1);
});
