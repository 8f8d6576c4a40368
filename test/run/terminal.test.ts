import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, test } from 'vitest';
import { shown, spoor, spoorBin, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import {
  count,
  endedFact,
  eventually,
  folderOf,
  held,
  processesNamed,
  signalCounter,
  stateOf,
  temporaryWorld,
} from './play.ts';

/** An interactive bash on a terminal, where `"$NODE" "$SPOOR"` is Spoor and `"$T"` the script that counts signals. */
function terminal(world: World, env: Record<string, string> = {}) {
  const pty = spawn('bash', ['--norc', '--noprofile', '-i'], {
    cols: 80,
    rows: 24,
    cwd: world.root,
    env: {
      ...world.env,
      TERM: 'xterm',
      PS1: '$ ',
      NODE: process.execPath,
      SPOOR: spoorBin,
      T: signalCounter[2] ?? '',
      ...env,
    },
  });
  let screen = '';
  pty.onData((text) => {
    screen += text;
  });
  onTestFinished(() => {
    try {
      process.kill(pty.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  return {
    pty,
    screen: () => screen,
    type: (line: string) => pty.write(`${line}\r`),
    hangUp: () => (pty as unknown as { destroy(): void }).destroy(),
    saw: (text: string) =>
      eventually(
        () => screen.includes(text),
        () => screen,
      ),
  };
}

const counter = '"$NODE" "$SPOOR" run -- python3 -c "$T"; echo "status=$?"';

async function ready(at: ReturnType<typeof terminal>, world: World, command = counter) {
  at.type(command);
  await at.saw('READY\r\n');
  await eventually(
    () => processesNamed(world, 'recorder.js').length > 0 || existsSync(join(folderOf(world), 'exit')),
    at.screen,
  );
}

const trainer = (world: World) => processesNamed(world, 'import signal, time').find(isPython) ?? 0;
const isPython = (pid: number) =>
  /python[\d.]*$/.test(readFileSync(`/proc/${pid}/cmdline`, 'latin1').split('\0', 1)[0] ?? '');

test('Ctrl-C reaches the trainer once', async () => {
  const world = temporaryWorld();
  const at = terminal(world);
  await ready(at, world);
  at.pty.write('\x03');
  await at.saw('ENDED');
  await eventually(() => endedFact(world));
  expect(count(at.screen(), 'GOT SIGINT')).toBe(1);
  expect(at.screen()).toContain('ENDED');
  expect(await shown(world, '@')).toMatchObject({ status: 'interrupted', exitCode: 7 });
});

test('Ctrl-Z stops the training and fg continues it', async () => {
  const world = temporaryWorld();
  const at = terminal(world);
  await ready(at, world);
  const pid = trainer(world);
  at.pty.write('\x1a');
  await eventually(() => stateOf(pid) === 'T', at.screen);
  at.type('fg');
  await at.saw('GOT SIGCONT');
  at.pty.write('\x03');
  await at.saw('ENDED');
  await eventually(() => endedFact(world));
  expect(count(at.screen(), 'GOT SIGINT')).toBe(1);
});

test('a resized terminal reaches the trainer', async () => {
  const world = temporaryWorld();
  const at = terminal(world);
  await ready(at, world);
  at.pty.resize(100, 30);
  await at.saw('GOT SIGWINCH');
  at.pty.write('\x03');
  await at.saw('ENDED');
});

test('when the terminal closes, the trainer is hung up as without Spoor and its end is recorded', async () => {
  const world = temporaryWorld();
  const at = terminal(world);
  await ready(at, world);
  at.hangUp();
  await eventually(() => endedFact(world));
  expect(endedFact(world)).toMatchObject({ status: 'interrupted', exitCode: 7 });
});

test.each([
  ['nohup before Spoor', 'nohup "$NODE" "$SPOOR" run -- python3 -c "$T" 2>&1 | cat'],
  ['nohup before the script that calls Spoor', 'nohup sh ./train.sh 2>&1 | cat'],
])('with %s the training survives the terminal', async (_, command) => {
  const world = temporaryWorld();
  world.write(join(world.root, 'train.sh'), '"$NODE" "$SPOOR" run -- python3 -c "$T"\necho over\n');
  const at = terminal(world);
  await ready(at, world, command);
  const pid = trainer(world);
  at.hangUp();
  await eventually(() => stateOf(at.pty.pid) === null || stateOf(at.pty.pid) === 'Z');
  expect(readFileSync(`/proc/${pid}/status`, 'latin1')).toMatch(/^SigIgn:\t[0-9a-f]*[13579bdf]$/m);
  expect(stateOf(pid)).not.toBeNull();
  process.kill(pid, 'SIGTERM');
  await eventually(() => endedFact(world));
  expect(readFileSync(join(folderOf(world), 'log'), 'utf8')).not.toContain('SIGHUP');
});

test('--detach prints the id and survives the terminal; log -f follows it and stop ends it, SIGINT first', async () => {
  const world = temporaryWorld();
  const at = terminal(world);
  at.type('"$NODE" "$SPOOR" run --detach -- python3 -c "$T" 2>/dev/null; echo "status=$?"');
  await at.saw('status=0');
  const [id = ''] = /[0-9A-Z]{26}/.exec(at.screen()) ?? [];
  await eventually(() => readFileSync(join(folderOf(world), 'log'), 'utf8').includes('READY'));
  at.hangUp();
  await eventually(() => stateOf(at.pty.pid) === null || stateOf(at.pty.pid) === 'Z');
  const follower = spoor(world, ['log', id, '-f']);
  const stopped = await spoor(world, ['stop', id]);
  expect([stopped.exitCode, stopped.stderr]).toEqual([0, expect.stringContaining(id)]);
  const { stdout, exitCode } = await follower;
  expect(exitCode).toBe(0);
  expect(count(String(stdout), 'GOT')).toBe(1);
  expect(stdout).toContain('GOT SIGINT\nENDED\n');
  expect(await shown(world, id)).toMatchObject({ status: 'interrupted', exitCode: 7 });
});

test('spoor stop says when a trainer does not listen, and kills it only when asked to', async () => {
  const world = temporaryWorld();
  const deaf =
    'import signal, time\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint("READY", flush=True)\ntime.sleep(60)';
  const { stdout } = await spoor(world, ['run', '--detach', '--', 'python3', '-c', deaf]);
  const id = String(stdout).trim();
  await eventually(() => readFileSync(join(folderOf(world), 'log'), 'utf8').includes('READY'));
  const polite = await spoor(world, ['stop', id, '--wait', '0.3']);
  expect(polite.exitCode).not.toBe(0);
  expect(polite.stderr).toContain('SIGKILL');
  expect(await shown(world, id)).toMatchObject({ status: 'running' });
  expect((await spoor(world, ['stop', id, '--signal', 'kill'])).exitCode).toBe(0);
  await eventually(() => endedFact(world));
  expect(endedFact(world)).toMatchObject({ status: 'interrupted', signal: 'SIGKILL' });
  const again = await spoor(world, ['stop', id]);
  expect(again.stderr).toContain('not running');
});

test('--pty gives the trainer a terminal, says what that costs, and stop and SIGTERM reach it', async () => {
  const world = temporaryWorld();
  const tty = ['python3', '-c', 'import sys; print([s.isatty() for s in (sys.stdin, sys.stdout, sys.stderr)])'];
  const plain = await spoor(world, ['run', '--', ...tty]);
  expect(plain.stdout).toBe('[False, False, False]\n');
  const result = await spoor(world, ['run', '--pty', '--', ...tty]);
  expect(result.stdout).toBe('[True, True, True]\r\n');
  expect(result.stderr).toContain('--pty');
  expect(result.exitCode).toBe(0);
  expect(await shown(world, '@')).toMatchObject({ exitCode: 0, warnings: [{ code: 'pty-depends-on-spoor' }] });
  const waiting = spoor(world, ['run', '--pty', '--', ...signalCounter]);
  await eventually(() => trainer(world) > 0);
  const stopped = await spoor(world, ['stop', '@', '--signal', 'TERM']);
  expect([stopped.exitCode, stopped.stderr]).toEqual([0, expect.stringContaining('has stopped')]);
  expect((await waiting).exitCode).toBeOneOf([7, 143]);
  const other = spoor(world, ['run', '--pty', '--', 'sh', '-c', 'touch up; sleep 30']);
  await eventually(() => existsSync(join(world.root, 'up')));
  other.kill('SIGTERM');
  expect((await other).exitCode).toBe(143);
  expect(await shown(world, '@')).toMatchObject({ status: 'interrupted' });
});

test('on a terminal the width and the wish for colour reach the trainer, unless the user has set them', async () => {
  const world = temporaryWorld();
  const at = terminal(world, { TQDM_NCOLS: '44' });
  at.type('"$NODE" "$SPOOR" run -- sh -c \'echo "<$COLUMNS $TQDM_NCOLS $FORCE_COLOR>"\'; echo "status=$?"');
  await at.saw('status=0');
  expect(at.screen()).toContain('<80 44 1>');
});

test('a dry run starts nothing and writes nothing', async () => {
  const world = temporaryWorld();
  const hold = held(world);
  const result = await spoor(world, ['run', '--dry-run', '--', ...training(world)], { env: hold.env });
  expect(result.exitCode).toBe(0);
  expect(result.stdout).toContain('sd-scripts');
  expect([existsSync(world.spoorHome), hold.ready(), existsSync(world.output)]).toEqual([false, false, false]);
  const json = JSON.parse(
    String((await spoor(world, ['run', '--dry-run', '--json', '--', ...training(world)])).stdout),
  );
  expect(json).toMatchObject({ trainer: 'sd-scripts', name: { full: 'wolf' }, repos: [{ dirty: false }] });
});

test('--strict refuses with every reason and starts nothing; where all is well it starts', async () => {
  const world = temporaryWorld();
  const args = ['run', '--strict', '--', ...training(world)];
  expect((await spoor(world, args)).exitCode).toBe(0);
  world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
  world.write(world.config, readFileSync(world.config, 'utf8').replace('base.safetensors', 'gone.safetensors'));
  const { exitCode, stderr } = await spoor(world, args);
  expect(exitCode).toBe(78);
  for (const reason of ['uncommitted', 'library/train_util.py', 'gone.safetensors', 'already holds']) {
    expect(stderr).toContain(reason);
  }
  expect(JSON.parse(String((await spoor(world, ['ls', '--json'])).stdout))).toHaveLength(1);
});
