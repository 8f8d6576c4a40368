/** What is known of a run at its end: of its outputs, its log, its environment. */
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { program } from '../support/programs.ts';
import { recorded, shown, spoor, spoorBin, training } from '../support/spoor.ts';
import { eventually, held, start, temporaryWorld } from './play.ts';

test('a checkpoint that the trainer deletes keeps its record: name, step, size and hash', async () => {
  const world = temporaryWorld();
  const hold = held(world);
  const gone = join(world.output, 'wolf-step00000003.safetensors');
  // As `save_last_n_steps` has it: the file stands there for a while.
  const script = join(world.root, 'saves.py');
  world.write(
    script,
    `import os, sys, time
os.makedirs(os.path.dirname(sys.argv[1]), exist_ok=True)
open(sys.argv[1], "wb").write(open(sys.argv[2], "rb").read())
print("saving checkpoint: " + sys.argv[1], flush=True)
while not os.path.exists(os.environ["T_HOLD"]): time.sleep(0.01)
os.unlink(sys.argv[1])
open(sys.argv[1].replace("-step00000003", ""), "wb").write(b"last")
`,
  );
  const args = [
    'run',
    '--output-dir',
    world.output,
    '--',
    'python3',
    script,
    gone,
    join(world.root, 'models/base.safetensors'),
  ];
  const { exit, err } = start(world, args, { env: hold.env });
  await eventually(() => existsSync(gone), err);
  const told = async () => (await shown(world, '@')).artifacts.find(({ path }) => path === gone);
  for (let found = await told().catch(() => undefined); !found?.sha256; ) found = await told().catch(() => undefined);
  hold.go();
  expect(await exit).toBe(0);
  expect(await told()).toMatchObject({
    kind: 'checkpoint',
    step: 3,
    sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    bytes: expect.any(Number),
    goneAt: expect.any(String),
  });
});

test.each([
  ['2>&1', 'steps: 1/2\nspoor: ✗ failed'],
  ['2>&1 >/dev/null', 'spoor: ✗ failed'],
])(
  'what is said at the end stands on a line of its own below a bar that was left open: %s',
  async (streams, expected) => {
    const world = temporaryWorld();
    const words = ['run', '--name', 'x', '--', 'sh', '-c', 'printf "steps: 1/2"; kill -9 $$'];
    const { stdout } = await execa('sh', ['-c', `"$0" "$@" ${streams}`, process.execPath, spoorBin, ...words], {
      cwd: world.root,
      env: world.env,
      extendEnv: false,
      reject: false,
    });
    expect(stdout).toContain(expected);
    expect(stdout).not.toContain('\n\n');
  },
);

test("the output directory has the guide's files when the run ends", async () => {
  const world = temporaryWorld();
  const script = world.write(join(world.root, 'train-wolf.sh'), 'echo a wolf\n');
  const { run } = await recorded(world, training(world), { args: ['--script', script] });
  expect(readdirSync(world.output)).toEqual(
    expect.arrayContaining([
      'config.toml',
      'repos.git',
      'sample-prompts.txt',
      'sdscripts.log',
      'spoor.json',
      'train-wolf.sh',
    ]),
  );
  const text = (name: string) => readFileSync(join(world.output, name), 'utf8');
  expect(text('config.toml')).toBe(readFileSync(world.config, 'utf8'));
  expect(text('sample-prompts.txt')).toBe(readFileSync(world.prompts, 'utf8'));
  expect(text('train-wolf.sh')).toBe('echo a wolf\n');
  expect(text('repos.git')).toContain(run.repos[0]!.head);
  expect(text('sdscripts.log')).toBe((await spoor(world, ['log', '@'])).stdout);
  expect(text('spoor.json')).toContain(run.id);
});

test('a loss that becomes NaN is a diagnosis, and a number of its own in the series', async () => {
  const world = temporaryWorld();
  // As tqdm: each step is drawn when it is counted, with the loss of the step before, and when its own is known.
  const source = `
import sys
print("running training / 学習開始")
print("  total optimization steps / 学習ステップ数: 4", flush=True)
losses = ["0.5000", "0.5000", "0.2500", "nan", "nan"]
for step in range(1, 5):
    for loss in losses[step - 1 : step + 1]:
        print("\\rsteps:  %d%%|##        | %d/4 [00:01<00:00, 10.00it/s, avr_loss=%s]" % (25 * step, step, loss), end="", file=sys.stderr)
`;
  const script = world.write(join(world.trainer, 'train_network.py'), source);
  const { run } = await recorded(world, ['python3', script, '--config_file', world.config]);
  const loss = run.series.find(({ tag }) => tag.includes('loss'));
  expect(loss).toMatchObject({ points: 4, first: 0.5, last: 'NaN', min: 0.25, max: 0.5 });
  expect(run.progress?.loss).toBe('NaN');
  expect(run.diagnosis).toMatchObject({ code: 'nan-loss', hint: expect.any(String) });
});

test('a trainer that the kernel or a user kills is told from one that fails', async () => {
  const world = temporaryWorld();
  const end = async (script: string) => (await recorded(world, ['sh', '-c', script])).run;
  expect(await end('kill -9 $$')).toMatchObject({ status: 'failed', signal: 'SIGKILL', diagnosis: { code: 'killed' } });
  expect(await end('kill -15 $$')).toMatchObject({ exitCode: null, signal: 'SIGTERM' });
  const message = 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB. GPU 0';
  const oom = await end(
    `printf 'Traceback (most recent call last):\\n  File "t.py", line 1\\n${message}\\n' >&2; exit 1`,
  );
  expect(oom).toMatchObject({ status: 'failed', exitCode: 1, diagnosis: { code: 'out-of-memory' } });
  expect(oom.diagnosis?.hint).toMatch(/batch|resolution|checkpoint/);
});

test('log -f shows what is there, follows what comes, and ends with the run', async () => {
  const world = temporaryWorld();
  const hold = held(world);
  const run = start(world, ['run', '--', ...training(world)], { env: hold.env });
  await eventually(hold.ready, run.err);
  const follower = start(world, ['log', '@', '-f']);
  await eventually(() => follower.out().includes('1/6'), follower.err);
  expect(follower.out()).not.toContain('6/6');
  expect(follower.child.exitCode).toBeNull();
  hold.go();
  expect(await run.exit).toBe(0);
  expect(await follower.exit).toBe(0);
  expect(follower.out()).toBe((await spoor(world, ['log', '@'])).stdout);
  expect(follower.out()).toContain('model saved');
});

test('log --clean shows each bar once, as it stood last, and all other lines', async () => {
  const world = temporaryWorld();
  await recorded(world, training(world));
  const raw = (await spoor(world, ['log', '@'])).stdout;
  const { stdout } = await spoor(world, ['log', '@', '--clean']);
  expect(raw.split('\r').length).toBeGreaterThan(6);
  expect(stdout).not.toContain('\r');
  expect(stdout.match(/1\/6/g)).toBeNull();
  expect(stdout).toMatch(/6\/6/);
  for (const line of ['running training / 学習開始', 'INFO     model saved.']) expect(stdout).toContain(line);
});

test('--conda runs in that environment, and the record names it, its Python and its packages', async () => {
  const world = temporaryWorld();
  const root = join(world.root, 'user/miniconda3');
  const prefix = join(root, 'envs/lora');
  for (const directory of [
    join(root, 'bin'),
    join(root, 'conda-meta'),
    join(prefix, 'conda-meta'),
    join(prefix, 'bin'),
  ]) {
    mkdirSync(directory, { recursive: true });
  }
  copyFileSync(join(import.meta.dirname, '../fixtures/conda/conda'), join(root, 'bin/conda'));
  chmodSync(join(root, 'bin/conda'), 0o755);
  world.write(join(prefix, 'etc/conda/activate.d/cuda.sh'), 'export CUDA_HOME="$CONDA_PREFIX/cuda"\n');
  const library = join(prefix, 'lib/python3.10');
  world.write(join(library, 'os.py'), '# The landmark by which Python finds its own library.\n');
  world.write(
    join(library, 'site-packages/lycoris_lora-3.1.0.dist-info/METADATA'),
    'Name: lycoris-lora\nVersion: 3.1.0\n',
  );
  copyFileSync(program(world, 'python-of-lora', 'echo "$CONDA_DEFAULT_ENV $CUDA_HOME"'), join(prefix, 'bin/python'));
  chmodSync(join(prefix, 'bin/python'), 0o755);
  world.write(join(prefix, 'conda-meta/python-3.10.12-h0.json'), '{"name": "python", "version": "3.10.12"}');
  const trainer = join(world.trainer, 'train_network.py');
  const { run, stdout, exitCode } = await recorded(world, ['python', trainer, '--config_file', world.config], {
    args: ['--conda', 'lora'],
  });
  expect([exitCode, stdout]).toEqual([0, `lora ${prefix}/cuda\n`]);
  expect(run.environment).toMatchObject({ conda: 'lora', prefix, executable: join(prefix, 'bin/python') });
  expect(run.environment?.python).toBe('3.10.12');
  expect(run.environment?.packages).toContainEqual(expect.objectContaining({ name: 'lycoris-lora', version: '3.1.0' }));
  expect(run.environment?.variables).toMatchObject({ CUDA_HOME: `${prefix}/cuda` });
  const unknown = await spoor(world, ['run', '--conda', 'wolf', '--', 'true']);
  expect([unknown.exitCode, unknown.stderr]).toEqual([expect.any(Number), expect.stringContaining('wolf')]);
  expect(unknown.exitCode).not.toBe(0);
});
