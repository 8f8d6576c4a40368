import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { eventually, held, processesNamed, start } from '../run/play.ts';
import { spoor, spoorBin, training } from '../support/spoor.ts';
import { accelerated, launch, python, runsOf, wrapWorld } from './play.ts';

/** kohya_ss: `accelerate` from PATH; its Stop button kills every descendant, then the process. */
const kohya = `
import os, subprocess, sys, time
def children(pid):
    found = []
    for each in filter(str.isdigit, os.listdir("/proc")):
        try:
            stat = open("/proc/%s/stat" % each).read()
        except OSError:
            continue
        if stat.rpartition(")")[2].split()[1] == str(pid):
            found += [int(each)] + children(int(each))
    return found
stop, command = sys.argv[1], sys.argv[2:]
process = subprocess.Popen(command, env=os.environ.copy())
while process.poll() is None:
    if os.path.exists(stop):
        for each in children(process.pid) + [process.pid]:
            try:
                os.kill(each, 9)
            except ProcessLookupError:
                pass
    time.sleep(0.02)
print("returncode", process.returncode)
`;

/** The ai-toolkit UI: an absolute interpreter, a session of its own, a log file; later a SIGINT to the pid it wrote down. */
const toolkit = `
import subprocess, sys
log, pid_file, command = sys.argv[1], sys.argv[2], sys.argv[3:]
with open(log, "ab") as out:
    child = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True)
open(pid_file, "w").write(str(child.pid))
`;

/** A queue: each command twice, one after the other and at once. */
const queue = `
import subprocess, sys
mode, command = sys.argv[1], sys.argv[2:]
if mode == "sequential":
    codes = [subprocess.call(command) for _ in range(2)]
else:
    codes = [each.wait() for each in [subprocess.Popen(command) for _ in range(2)]]
print("codes", codes)
`;

test('a training that a GUI starts with accelerate is one run, and the GUI sees its output and its end', async () => {
  const world = wrapWorld();
  const { exit, out } = launch(world, kohya, [join(world.root, 'stop'), ...accelerated(world)]);
  expect(await exit).toBe(0);
  expect(out()).toContain('returncode 0');
  expect(out()).toContain('running training');
  const runs = await runsOf(world);
  expect(runs.map(({ status, trainer }) => [status, trainer])).toEqual([['succeeded', 'sd-scripts']]);
  expect(runs[0]?.command.slice(-3)).toEqual(accelerated(world).slice(-3));
  expect(runs[0]?.command[0]).toBe(python);
});

test('a Stop button that kills every descendant ends the training, whose run is interrupted', async () => {
  const world = wrapWorld();
  const hold = held(world);
  const stop = join(world.root, 'stop');
  const { exit, out, err } = launch(world, kohya, [stop, ...accelerated(world)], { env: hold.env });
  await eventually(hold.ready, err);
  world.write(stop, '');
  expect(await exit).toBe(0);
  expect(out()).toContain('returncode -9');
  await eventually(() => processesNamed(world, 'train_network.py').length === 0);
  const runs = await runsOf(world);
  expect(runs.map(({ status, diagnosis }) => [status, diagnosis?.code])).toEqual([['interrupted', 'interrupted']]);
});

test('a detached training writes into the log its launcher opened, and SIGINT to its pid interrupts it', async () => {
  const world = wrapWorld();
  const hold = held(world);
  const [log, pid] = [join(world.root, 'job/log.txt'), join(world.root, 'job/pid')];
  world.write(log, 'before\n');
  const command = [python, ...training(world).slice(1)];
  const { exit } = launch(world, toolkit, [log, pid, ...command], { env: hold.env });
  expect(await exit).toBe(0);
  await eventually(hold.ready);
  const number = Number(readFileSync(pid, 'utf8'));
  await eventually(() => readFileSync(log, 'utf8').includes('1/6'));
  process.kill(number, 'SIGINT');
  await eventually(() => !existsSync(`/proc/${number}`));
  const text = readFileSync(log, 'utf8');
  expect(text).toMatch(/^before\nINFO {5}prepare images\.\n/);
  expect(text).toContain('KeyboardInterrupt');
  expect(text).not.toContain('spoor:');
  const [run, ...others] = await runsOf(world);
  expect(others).toEqual([]);
  expect(run).toMatchObject({ status: 'interrupted', command });
});

test.each(['sequential', 'parallel'])('each training of a queue is its own run: %s', async (mode) => {
  const world = wrapWorld();
  const { exit, out } = launch(world, queue, [mode, ...accelerated(world)]);
  expect(await exit).toBe(0);
  expect(out()).toContain('codes [0, 0]');
  expect((await runsOf(world)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
});

test('a script is recorded as it is, and goes on with the exit status of its trainer', async () => {
  const world = wrapWorld();
  const words = (more: string[]) =>
    training(world, ...more)
      .map((each) => `'${each}'`)
      .join(' ');
  const script = world.write(
    join(world.root, 'my scripts/train.sh'),
    `#!/bin/bash\nset -u\n${words(['--seed', '1'])}\necho "first $?"\nT_EXIT=3 ${words(['--seed', '2'])}\necho "second $?"\n`,
  );
  const { exit, out } = start(world, ['wrap', '--', 'bash', script]);
  expect(await exit).toBe(0);
  expect(out()).toContain('first 0');
  expect(out()).toContain('second 3');
  expect((await runsOf(world)).map(({ exitCode }) => exitCode)).toEqual([0, 3]);
});

/** A kernel as Jupyter's server starts it, with the `env` of its kernel.json, and a cell `!COMMAND` in it. */
const server = `
import json, os, subprocess, sys
from string import Template
kernel = json.load(open(sys.argv[1]))
given = {key: Template(value).safe_substitute(os.environ) for key, value in kernel["env"].items()}
sys.exit(subprocess.call(kernel["argv"] + sys.argv[2:], env={**os.environ, **given}))
`;
const cell = 'import shlex, subprocess, sys; sys.exit(subprocess.call(["/bin/bash", "-c", shlex.join(sys.argv[1:])]))';

test.each([undefined, '/their/modules'])(
  'a training that a cell of a notebook starts is recorded, where PYTHONPATH was %s',
  async (path) => {
    const world = wrapWorld();
    if (path !== undefined) world.env.PYTHONPATH = path;
    const kernel = world.write(
      join(world.root, 'kernels/my kernel/kernel.json'),
      JSON.stringify({ argv: [python, '-c', cell] }),
    );
    expect((await spoor(world, ['hook', 'jupyter', join(kernel, '..')])).exitCode).toBe(0);
    const { exitCode, stdout } = await execa(python, ['-c', server, kernel, ...accelerated(world)], {
      env: world.env,
      extendEnv: false,
    });
    expect([exitCode, stdout]).toEqual([0, expect.stringContaining('model saved')]);
    const [run, ...others] = await runsOf(world);
    expect([run?.status, others]).toEqual(['succeeded', []]);
    expect(run?.environment?.variables.PYTHONPATH).toBe(path);
  },
);

test('with the variables of `spoor hook env` a shell records what it starts from then on', async () => {
  const world = wrapWorld();
  const script = `eval "$("$NODE" "$SPOOR" hook env --shell bash)"; cd "${world.trainer}"; python3 ./train_network.py --config_file "${world.config}"`;
  const env = { ...world.env, NODE: process.execPath, SPOOR: spoorBin };
  for (const shell of ['bash', 'zsh']) {
    const { exitCode } = await execa(shell, ['-c', script.replace('bash)', `${shell})`)], { env, extendEnv: false });
    expect(exitCode).toBe(0);
  }
  expect((await runsOf(world)).map(({ status }) => status)).toEqual(['succeeded', 'succeeded']);
});
