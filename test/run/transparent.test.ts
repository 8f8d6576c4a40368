import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { recorded, shown, spoor, spoorBin, training } from '../support/spoor.ts';
import { eventually, folderOf, processesOf, start, temporaryWorld } from './play.ts';

const printArguments = ['python3', '-c', 'import sys; sys.stdout.write("".join(a + "\\0" for a in sys.argv[1:]))'];

test('arguments reach the trainer untouched and stand so in the record', async () => {
  const world = temporaryWorld();
  const odd = [
    '',
    ' ',
    "it's",
    '"q"',
    'a\nb',
    '-n',
    '--',
    '--name',
    '$HOME `id` \\',
    '*',
    'é 猫',
    'x=1',
    '\r\n',
    '!',
    '~',
  ];
  const { run, stdout } = await recorded(world, [...printArguments, ...odd]);
  expect(stdout).toBe(odd.map((each) => `${each}\0`).join(''));
  expect(run.command).toEqual([...printArguments, ...odd]);
});

test('the working directory is the same, by its name too', async () => {
  const world = temporaryWorld();
  const cwd = join(world.root, 'a b');
  mkdirSync(cwd);
  const { stdout, run } = await recorded(world, ['python3', '-c', 'import os; print(os.getcwd())'], { cwd });
  expect(stdout).toBe(`${realpathSync(cwd)}\n`);
  expect(run.cwd).toBe(cwd);
});

test('arguments and a working directory that are no UTF-8 reach the trainer byte for byte, and the record says so', async () => {
  const world = temporaryWorld();
  // A shell's command line can hold such bytes, Node's cannot.
  const line = String.raw`cd "$1" && d=$(printf '\377d') && mkdir "$d" && cd "$d" && shift
    exec "$@" "$(printf 'a\377 %%\n\\b')" plain "$(printf '\200\n.')" "$(printf '\303\274')"`;
  const train = ['sh', '-c', 'pwd | od -c >&2; printf "%s|" "$@" "$(set | grep -c __spoor)"; exit 7', 'sh'];
  const command = ['-c', line, 'sh', world.root, process.execPath, spoorBin, 'run', '--', ...train];
  const { stdout, stderr, status } = spawnSync('/bin/sh', command, { env: world.env });
  expect(stdout.toString('latin1')).toContain('a\xff %\n\\b|plain|\x80\n.|\xc3\xbc|0|');
  expect(stdout.toString('latin1')).toMatch(/377 +d +\\n/);
  expect([status, String(stderr)]).toEqual([7, expect.stringContaining('2 arguments are no UTF-8')]);
  const { warnings } = await shown(world, '@');
  expect(warnings.map(({ code }) => code)).toContain('arguments-not-text');
});

test('a working directory that was removed stops nothing', async () => {
  const world = temporaryWorld();
  const gone = join(world.root, 'gone');
  mkdirSync(gone);
  const line = 'cd "$1" && rmdir "$1" && shift && exec "$@"';
  const command = ['-c', line, 'sh', gone, process.execPath, spoorBin, 'run', '--', 'sh', '-c', 'echo trained; exit 5'];
  const result = spawnSync('/bin/sh', command, { env: world.env, encoding: 'utf8' });
  expect(result.stdout).toMatch(/trained\n$/);
  expect(result.status).toBe(5);
  expect(await shown(world, '@')).toMatchObject({ status: 'failed', exitCode: 5 });
});

test('the environment is the same, with what helps logging added and nothing overridden', async () => {
  const world = temporaryWorld();
  const env = {
    'BASH_FUNC_f%%': '() {  :\n}',
    EMPTY: '',
    'odd.name': '1',
    IFS: 'x',
    PYTHONUNBUFFERED: '',
    COLUMNS: '33',
  };
  const { stdout } = await spoor(world, ['run', '--', 'env', '-0'], { env });
  const seen = Object.fromEntries(
    String(stdout)
      .split('\0')
      .filter(Boolean)
      .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
  );
  expect(seen).toMatchObject({ ...world.env, ...env });
  const added = Object.keys(seen).filter((name) => !(name in world.env) && !(name in env));
  // PWD, OLDPWD, SHLVL and _ are the shell's own.
  expect(added.filter((name) => !['PWD', 'OLDPWD', 'SHLVL', '_'].includes(name)).sort()).toEqual([
    'PYTHONIOENCODING',
    'SPOOR_RUN',
  ]);
});

test('standard input is inherited', async () => {
  const { child, out, exit } = start(temporaryWorld(), ['run', '--', 'cat'], { stdin: 'pipe' });
  child.stdin?.end('typed\n');
  expect(await exit).toBe(0);
  expect(out()).toBe('typed\n');
});

test('output passes byte for byte: lines of a megabyte, NULs and what is no UTF-8', async () => {
  const world = temporaryWorld();
  const script = `
import os
for b in (b"x" * 2**20 + b"\\n", bytes(range(256)) * 16, b"10%\\r20%\\r", b"\\xff\\xfe\\0\\n", b"no newline"):
    at = 0
    while at < len(b): at += os.write(1, b[at:])
`;
  const result = await spoor(world, ['run', '--', 'python3', '-c', script], { encoding: 'buffer' });
  const plain = spawnSync('python3', ['-c', script], { maxBuffer: 2 ** 26 }).stdout;
  const shownBytes = Buffer.from(result.stdout as unknown as Uint8Array);
  expect(shownBytes.equals(plain)).toBe(true);
  expect(readFileSync(join(folderOf(world), 'log')).equals(plain)).toBe(true);
  const log = await spoor(world, ['log', '@'], { encoding: 'buffer' });
  expect(Buffer.from(log.stdout as unknown as Uint8Array).equals(plain)).toBe(true);
});

test.each([
  ['exit 0', 0],
  ['exit 3', 3],
  ['exit 255', 255],
  ['kill -TERM $$', 143],
  ['kill -KILL $$', 137],
  ['kill -SEGV $$', 139],
])('the exit status of `%s` is passed on as %i', async (script, status) => {
  const world = temporaryWorld();
  const { exitCode, run } = await recorded(world, ['sh', '-c', script]);
  expect(exitCode).toBe(status);
  expect(run.exitCode).toBe(status > 128 && status < 160 ? null : status);
  expect(run.signal === null).toBe(run.exitCode !== null);
});

test('a program that does not exist gives 127, one that cannot be executed 126; no run is left behind', async () => {
  const world = temporaryWorld();
  const plain = world.write(join(world.root, 'train.txt'), 'x');
  const missing = await spoor(world, ['run', '--json', '--', 'no-such-trainer']);
  expect(missing.exitCode).toBe(127);
  expect(JSON.parse(String(missing.stderr).trim().split('\n').at(-1) ?? '')).toMatchObject({
    error: { code: 'no-such-command' },
  });
  expect((await spoor(world, ['run', '--', plain])).exitCode).toBe(126);
  expect(JSON.parse(String((await spoor(world, ['ls', '--json'])).stdout))).toEqual([]);
  expect(
    spawnSync('ls', ['-A', join(world.spoorHome, 'runs'), join(world.spoorHome, 'active')]).stdout.toString(),
  ).not.toMatch(/[0-9A-Z]{26}/);
  expect(processesOf(world)).toEqual([]);
});

test('a command of Spoor that does not exist gives 127, a wrong option 64, each as one line of JSON at the end', async () => {
  const world = temporaryWorld();
  for (const [args, status] of [
    [['nosuch', '--json'], 127],
    [['run', '--json', '--nosuch', '--', 'true'], 64],
    [['run', '--json'], 64],
    [['run', '--json', '--detach', '--pty', '--', 'true'], 64],
    [['show', '--json', 'nobody'], 66],
  ] as const) {
    const { exitCode, stderr, stdout } = await spoor(world, args);
    expect([args, exitCode]).toEqual([args, status]);
    expect(JSON.parse(String(stderr).trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      error: { code: expect.any(String), message: expect.any(String) },
    });
    expect(stdout).toBe('');
  }
});

test('a reader that goes away early does not stop the trainer', async () => {
  const world = temporaryWorld();
  const done = join(world.root, 'done');
  const script = 'seq 1 20000; sleep 0.3; seq 1 20000; touch "$0"; exit 3';
  const shell = `"$NODE" "$SPOOR" run -- sh -c '${script}' "$DONE" | head -1`;
  const result = spawnSync('bash', ['-o', 'pipefail', '-c', shell], {
    cwd: world.root,
    env: { ...world.env, NODE: process.execPath, SPOOR: spoorBin, DONE: done },
    encoding: 'utf8',
  });
  expect(result.stdout).toBe('1\n');
  expect(result.status).toBe(3);
  await eventually(() => readFileSync(join(folderOf(world), 'log'), 'utf8').split('\n').length === 40_001);
  expect((await shown(world, '@')).exitCode).toBe(3);
});

test.each([[['env', 'A=1', 'nice', '-n', '1']], [['nohup']], [['timeout', '30']]])(
  'in front of the trainer %j works as without Spoor',
  async (wrapper) => {
    const world = temporaryWorld();
    const { run, exitCode } = await recorded(world, [...wrapper, ...training(world)]);
    expect(exitCode).toBe(0);
    expect(run).toMatchObject({ status: 'succeeded', trainer: 'sd-scripts' });
  },
);

test('a run within a run: both are recorded, and the status goes through', async () => {
  const world = temporaryWorld();
  const inner = [process.execPath, spoorBin, 'run', '--name', 'inner', '--', 'sh', '-c', 'echo deep; exit 5'];
  const result = await spoor(world, ['run', '--name', 'outer', '--', ...inner]);
  expect(result.exitCode).toBe(5);
  expect(String(result.stdout)).toContain('deep\n');
  expect((await shown(world, 'inner')).exitCode).toBe(5);
  expect((await shown(world, 'outer')).exitCode).toBe(5);
});

test('a trainer that leaves a process behind ends when it ends itself', async () => {
  const world = temporaryWorld();
  const { run, exitCode } = await recorded(world, ['sh', '-c', 'sleep 25 & echo started; exit 4']);
  expect(exitCode).toBe(4);
  expect(run.exitCode).toBe(4);
});

test('reason, tags and name are recorded', async () => {
  const world = temporaryWorld();
  const args = ['--reason', 'halve the rate', '--tag', 'a', '--tag', 'b c', '--name', 'wolf-v9'];
  const { run } = await recorded(world, training(world), { args });
  expect(run).toMatchObject({ reason: 'halve the rate', tags: ['a', 'b c'], name: { full: 'wolf-v9' } });
});

test('--conda runs in that environment, and one that does not exist starts nothing', async () => {
  const world = temporaryWorld();
  const root = join(world.env.HOME ?? '', 'miniconda3');
  for (const each of ['conda-meta', 'bin', 'envs/lora/conda-meta', 'envs/lora/bin'])
    mkdirSync(join(root, each), { recursive: true });
  cpSync(fileURLToPath(new URL('../fixtures/conda/conda', import.meta.url)), join(root, 'bin/conda'));
  chmodSync(join(root, 'bin/conda'), 0o755);
  const { stdout, exitCode } = await recorded(world, ['sh', '-c', 'echo "$CONDA_PREFIX"'], {
    args: ['--conda', 'lora'],
  });
  expect(exitCode).toBe(0);
  expect(stdout).toBe(`${join(root, 'envs/lora')}\n`);
  const wrong = await spoor(world, ['run', '--conda', 'nosuch', '--', 'touch', join(world.root, 'started')]);
  expect(wrong.exitCode).not.toBe(0);
  expect(String(wrong.stderr)).toContain('nosuch');
  expect(spawnSync('ls', [join(world.root, 'started')]).status).not.toBe(0);
});

test('a run leaves no process, no scratch file and nothing that should never be said', async () => {
  const world = temporaryWorld();
  await recorded(world, training(world));
  await eventually(() => processesOf(world).length === 0);
  const left = spawnSync(
    'find',
    [
      world.spoorHome,
      '-name',
      '.tmp-*',
      '-o',
      '-name',
      '*.tmp',
      '-o',
      '-name',
      '*.lock*',
      '-o',
      '-name',
      'recorder.err',
      '-o',
      '-name',
      'capture.staged',
      '-o',
      '-name',
      'later.json',
      '-o',
      '-path',
      '*/active/*',
      '-o',
      '-path',
      '*/cache/git/*',
      '-o',
      '-path',
      '*/cache/index/*.*',
    ],
    { encoding: 'utf8' },
  );
  expect(left.stdout).toBe('');
});
