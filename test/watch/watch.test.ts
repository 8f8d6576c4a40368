import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { expect, onTestFinished, test, vi } from 'vitest';
import { standInGpu, standInNvidiaSmi } from '../../src/follow/testing/nvidia-smi.ts';
import { picture } from '../artefacts/play.ts';
import { eventually, processesNamed, stateOf, temporaryWorld } from '../run/play.ts';
import { recorded, spoor, spoorBin, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { terminal } from './terminal.ts';

const watch = '"$NODE" "$SPOOR" watch';
const logs = (world: World) => ['--logging_dir', join(world.root, 'logs')];

/** A training that waits at a step until it is let go. */
function held(world: World, name: string, at = 4, more: string[] = []) {
  const [hold, ready] = [join(world.root, `${name}.go`), join(world.root, `${name}.ready`)];
  const env = { T_HOLD: hold, T_READY: ready, T_HOLD_AT: String(at) };
  const run = spoor(world, ['run', '--name', name, '--', ...training(world, ...logs(world), ...more)], { env });
  return { run, ready: () => eventually(() => existsSync(ready)), go: () => world.write(hold, '') };
}

/** What differs from look to look, and from machine to machine. */
function settled(lines: readonly string[]): string {
  return lines
    .join('\n')
    .replace(/\d+(?:\.\d)? (?:ms|s|m)(?: \d\d s)? so far/, 'TIME so far')
    .replace(/CPU \d+%/, 'CPU N%')
    .replace(/RAM [\d./]+ GB.*/, 'RAM N GB')
    .replaceAll(/\/tmp\S*\/(?=wolf-)/g, '/…/');
}

test('a run that trains, live at 80×24: progress, charts, machine, samples and log; its end; and q gives all back', async () => {
  const world = temporaryWorld();
  const bin = join(world.root, 'bin');
  world.write(join(bin, '.keep'), '');
  standInNvidiaSmi(bin, [standInGpu(0)]);
  world.env.PATH = `${bin}:${world.env.PATH}`;
  await recorded(world, training(world, ...logs(world)), { args: ['--name', 'noob-wolf-v1s6'] });
  const run = held(world, 'noob-wolf-v2s6');
  await run.ready();
  const shell = await terminal(world);
  await shell.type('echo before; clear; echo what was there');
  await shell.saw('what was there');
  await shell.type(watch);
  await shell.saw(/4\/6[\s\S]*GPU 97%[\s\S]*samples of step 3/);
  await shell.saw(/CPU \d+%.*RAM/);
  expect(await shell.state()).toEqual({ alternate: true, cursor: false });
  expect(settled(await shell.screen())).toMatchInlineSnapshot(`
    "noob-wolf-v2s6  ● training
    █████████████████████████████████████████████▍░░░░░░░░░░░░░░░░░░░░░░  66%  4/6
    10 it/s  ·  0.2 s left  ·  loss 0.5208  ·  TIME so far
    GPU 97% 21.5/25.8 GB 71 °C 312 W  ·  CPU N%  ·  RAM N GB

    loss/current 0.25  smoothed 0.9  behind: noob-wolf-v1s6
      1┤⠛⠒⠤⣀
       │  ⠈⠢⠉⠑⠢⢄⡀
    0.8┤    ⠈⠑⢄ ⠈⠙⠢⢄⣀
       │       ⠑⠢⡀   ⠉⠒⠤⠤⣀⣀
       │         ⠘⠤⡀       ⠉⠉⠒⠒⠤⠤⣀⣀
    0.6┤           ⠈⠢⣀             ⠉⠙⠒⠢⠤⠤⢄⣀⣀⡀
       │              ⠑⠤⣀⣀                  ⠈⠉⠉⠑⠒⠒⠢⠤⠤⢄⣀⣀⣀⡀
    0.4┤                  ⠉⠑⠒⠢⠤⢄⣀                        ⠈⠉⠉⠉⠑⠒⠒⠒⠢⠤⠤⠤⠤⢄⣀⣀⣀⣀⡀
       │                         ⠉⠉⠒⠢⠤⣀⣀⣀                                  ⠈⠉⠉⠉⠉⠉⠒⠒⠒
       │                                 ⠉⠉⠉⠉⠒⠒⠒⠢⠤⠤⠤⣀⣀
       └┬──────────────┬──────────────┬──────────────┬──────────────┬──────────────┬
        1              2              3              4              5              6
    samples of step 3  wolf_000003_00_20261123205507_42.png
    ── log ─────────────────────────────────────────────────────────────────────────
    steps:  50%|#####     | 3/6 [00:03<00:00, 10.00it/s, avr_loss=0.6111]
    saving checkpoint: /…/wolf-step00000003.safe…
    steps:  66%|######    | 4/6 [00:04<00:00, 10.00it/s, avr_loss=0.5208]
    q leave   c charts   l log   s smoothing   ? help"
  `);
  run.go();
  await run.run;
  const ended = await shell.saw('It has ended.');
  expect(ended[0]).toMatch(/^noob-wolf-v2s6 {2}✓ succeeded/);
  expect(ended[1]).toMatch(/100% {2}6\/6/);
  await shell.press('q');
  await shell.saw(/what was there\n.*watch\n\S*[$#]\s*$/);
  expect(await shell.state()).toEqual({ alternate: false, cursor: true });
  await shell.type('echo status=$?');
  await shell.saw('status=0');
});

test('at 120×40 the version before stands behind; keys show charts, log and help; it follows the size of the window', async () => {
  const world = temporaryWorld();
  await recorded(world, training(world, ...logs(world), '--max_train_steps', '8'), {
    args: ['--name', 'noob-wolf-v1s8'],
  });
  await recorded(world, training(world, ...logs(world)), { args: ['--name', 'noob-wolf-v2s6'] });
  const shell = await terminal(world, { columns: 120, rows: 40 });
  await shell.type(`${watch} noob-wolf-v2s6`);
  const wide = await shell.saw('It has ended.');
  expect(wide).toHaveLength(40);
  expect(settled(wide).replace(/took .*/, 'took TIME')).toMatchInlineSnapshot(`
    "noob-wolf-v2s6  ✓ succeeded
    ████████████████████████████████████████████████████████████████████████████████████████████████████████████ 100%  6/6
    10 it/s  ·  loss 0.4083  ·  took TIME

    loss/current 0.167  smoothed 0.9  behind: noob-wolf-v1s8
      1┤⠛⢄⡀
       │ ⠑⠈⠢⡀
       │  ⠘⢄⠈⠢⢄
       │   ⠈⢆  ⠑⢄
       │     ⢣   ⠑⠢⡀
    0.8┤      ⠱⡀   ⠈⠢⡀
       │       ⠑⡄    ⠈⠑⢄
       │        ⠘⢄      ⠑⠢⢄⡀
       │         ⠈⢆        ⠈⠑⠢⢄⡀
       │           ⢣           ⠈⠑⠢⢄⡀
       │            ⠱⡀             ⠈⠑⠢⢄⡀
    0.6┤             ⠑⡄                ⠈⠑⠒⠤⢄⣀
       │              ⠘⢄                     ⠉⠑⠒⠤⢄⣀⡀
       │               ⠈⢆⡀                         ⠈⠉⠒⠢⠤⣀⡀
       │                 ⠈⠑⠢⢄                            ⠈⠉⠑⠒⠢⠤⢄⣀⣀
       │                     ⠉⠒⠤⣀                                 ⠉⠉⠒⠒⠤⠤⣀⣀⡀
    0.4┤                         ⠑⠢⢄⡀                                     ⠈⠉⠉⠒⠒⠒⠤⠤⠤⣀⣀⡀
       │                            ⠈⠑⠢⣀                                             ⠈⠉⠉⠑⠒⠒⠢⠤⠤⠤⣀⣀⣀⡀
       │                                ⠉⠒⠢⠤⢄⣀                                                    ⠈⠉⠉⠉⠒⠒⠒⠢⠤⠤⠤⢄⣀⣀⣀⣀
       │                                      ⠉⠉⠒⠒⠤⢄⣀⡀                                                            ⠉⠉⠉⠉⠒⠒⠒⠒⠢⠤
       │                                             ⠈⠉⠒⠒⠤⠤⢄⣀⣀⡀
    0.2┤                                                      ⠈⠉⠉⠑⠒⠒⠢⠤⠤⢄⣀⣀⣀
       │                                                                   ⠉⠉⠉⠉⠑⠒⠒⠒⠒⠤⠤⠤⠤⢄⣀⣀
       └┬───────────────┬────────────────┬───────────────┬────────────────┬───────────────┬────────────────┬───────────────┬
        1               2                3               4                5               6                7               8
    samples of step 6  wolf_000006_00_20261123205507_42.png
    ── log ─────────────────────────────────────────────────────────────────────────────────────────────────────────────────
      total optimization steps / 学習ステップ数: 6
    steps:  50%|#####     | 3/6 [00:03<00:00, 10.00it/s, avr_loss=0.6111]
    saving checkpoint: /…/wolf-step00000003.safetensors
    steps: 100%|##########| 6/6 [00:06<00:00, 10.00it/s, avr_loss=0.4083]
    saving checkpoint: /…/wolf-step00000006.safetensors
    saving checkpoint: /…/wolf-v1/wolf.safetensors
    INFO     model saved.
    It has ended.  q leave   c charts   l log   s smoothing   ? help"
  `);
  await shell.press('s');
  await shell.saw('smoothed 0.97');
  await shell.press('s');
  await shell.saw(/loss\/current 0.167 {2}behind/);
  await shell.press('l');
  await shell.saw(/running training[\s\S]*total optimization steps/);
  await shell.press('?');
  await shell.saw('leave; the training goes on');
  await shell.press('?', 'c');
  await vi.waitFor(async () => expect((await shell.screen()).join()).not.toContain('── log'), { timeout: 10_000 });
  await shell.press('c');
  await shell.resize(60, 16);
  const small = await shell.saw(/l log/);
  await vi.waitFor(
    async () => {
      const lines = await shell.screen();
      expect(lines).toHaveLength(16);
      expect(lines[15]).toContain('It has ended.');
      expect(lines[0]).toContain('noob-wolf-v2s6');
    },
    { timeout: 10_000 },
  );
  expect(small.every((line) => [...line].length <= 120)).toBe(true);
  await shell.resize(20, 5);
  await vi.waitFor(async () => expect((await shell.screen())[4]).toContain('It has ended.'), { timeout: 10_000 });
  await shell.press('C-c');
  await shell.saw(/[$#]\s*$/);
  expect(await shell.state()).toEqual({ alternate: false, cursor: true });
});

test('several runs that train are switched with arrows and numbers', async () => {
  const world = temporaryWorld();
  const one = held(world, 'one', 2);
  await one.ready();
  const two = held(world, 'two', 3);
  await two.ready();
  const shell = await terminal(world);
  await shell.type(watch);
  await shell.saw(/^two .*run 1 of 2\n.*3\/6/);
  await shell.press('Right');
  await shell.saw(/^one .*run 2 of 2\n.*2\/6/);
  await shell.press('Tab');
  await shell.saw(/^two .*run 1 of 2/);
  await shell.press('2');
  await shell.saw(/^one /);
  await shell.press('9');
  one.go();
  await shell.saw(/^one .*succeeded[\s\S]*It has ended/);
  await shell.press('q');
  two.go();
  await Promise.all([one.run, two.run]);
});

test('Ctrl-Z gives the terminal back and fg takes it again; so do signals, and what nobody caught', async () => {
  const world = temporaryWorld();
  await recorded(world, training(world, ...logs(world)), { args: ['--name', 'wolf'] });
  const shell = await terminal(world);
  const normal = { alternate: false, cursor: true };
  await shell.type(watch);
  await shell.saw('It has ended.');
  await shell.press('C-z');
  await shell.saw('Stopped');
  expect(await shell.state()).toEqual(normal);
  const [pid] = processesNamed(world, 'spoor.js watch');
  expect(stateOf(pid!)).toBe('T');
  await shell.type('echo still a shell');
  await shell.saw('still a shell\n');
  await shell.type('fg');
  await shell.saw('It has ended.');
  await shell.press('s');
  await shell.saw('smoothed 0.97');
  await shell.press('q');
  await shell.saw('still a shell');

  for (const [signal, status] of [
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const) {
    await shell.type(watch);
    await shell.saw('It has ended.');
    process.kill(processesNamed(world, 'spoor.js watch')[0]!, signal);
    await vi.waitFor(async () => expect(await shell.state()).toEqual(normal), { timeout: 10_000 });
    await shell.type('clear; echo status=$?');
    await shell.type(`echo is $((${status} + 0))`);
    await shell.saw(`is ${status}`);
  }

  const crash = world.write(
    join(world.root, 'crash.cjs'),
    'process.on("SIGUSR2", () => { throw new Error("boom"); });\n',
  );
  await shell.type(`NODE_OPTIONS='--require ${crash}' ${watch}`);
  await shell.saw('It has ended.');
  process.kill(processesNamed(world, 'spoor.js watch')[0]!, 'SIGUSR2');
  await shell.saw('Error: boom');
  expect(await shell.state()).toEqual(normal);
  await shell.type('stty -a | tr ";" "\\n" | grep -o " icanon"');
  await shell.saw(' icanon');
});

test('what the trainer and its user wrote reaches the terminal as text alone', async () => {
  const world = temporaryWorld();
  world.write(
    join(world.trainer, 'train_network.py'),
    'import sys\nsys.stdout.buffer.write(b"\\x1b]0;owned\\x07\\x1b[2Jcleared \\xc2\\x9b31m red \\xe2\\x80\\xae drow\\tend\\n")\n',
  );
  await recorded(world, training(world), { args: ['--name', 'wolf\u202e\u009b2J'] });
  const seen: string[] = [];
  const pty = spawn(process.execPath, [spoorBin, 'watch'], {
    cols: 80,
    rows: 24,
    cwd: world.root,
    env: { ...world.env, TERM: 'xterm', NO_COLOR: '1' },
  });
  onTestFinished(() => pty.kill('SIGKILL'));
  pty.onData((text) => seen.push(text));
  const left = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  await eventually(() => seen.join('').includes('drow'));
  pty.write('q');
  expect(await left).toBe(0);
  const text = seen.join('');
  expect(text).toContain('wolf\\u202e\\x9b2J');
  expect(text).toContain('cleared  red \\u202e drow    end');
  expect(text).not.toMatch(/owned|[\u0080-\u009f\u202e]/);
  // Ours: the screen, the cursor, wrapping, places, ends of lines. No colours are among them.
  const sequences = new Set(text.match(/\x1b(?:\[[0-?]*[@-~]|[^[])/g));
  for (const each of sequences) expect(each).toMatch(/^\x1b\[(?:\?(?:1049|25|7|2026)[hl]|2J|K|0m|\d+;1H)$/);
});

test('samples are pictures where the terminal can show them, taken away at the end', async () => {
  const world = temporaryWorld();
  const sample = world.write(join(world.root, 'sample.png'), await picture(96));
  await recorded(world, training(world, ...logs(world)), { env: { T_SAMPLE: sample } });
  let seen = '';
  const pty = spawn(process.execPath, [spoorBin, 'watch'], {
    cols: 120,
    rows: 44,
    cwd: world.root,
    env: { ...world.env, TERM: 'xterm-kitty' },
  });
  onTestFinished(() => pty.kill('SIGKILL'));
  pty.onData((text) => {
    seen += text;
  });
  const left = new Promise<number>((resolve) => pty.onExit(({ exitCode }) => resolve(exitCode)));
  await eventually(
    () => /\x1b\[\d+;1H\x1b_Ga=T,f=100,c=\d+,r=\d+,C=1,q=2,m=/.test(seen),
    () => seen.slice(-3000),
  );
  const drawn = seen.split('\x1b_Ga=T').length;
  pty.write('c');
  await eventually(() => seen.lastIndexOf('\x1b_Ga=d,d=A,q=2') > seen.lastIndexOf('\x1b_Ga=T'));
  pty.write('c');
  await eventually(() => seen.split('\x1b_Ga=T').length > drawn);
  pty.write('q');
  expect(await left).toBe(0);
  expect(seen.slice(seen.lastIndexOf('\x1b_G'))).toMatch(/^\x1b_Ga=d,d=A,q=2\x1b\\\x1b\[\?7h\x1b\[\?25h\x1b\[\?1049l/);
});

test('it draws seldom, little, and writes nothing into the store', async () => {
  const world = temporaryWorld();
  const { run } = await recorded(world, training(world, ...logs(world)), { args: ['--name', 'wolf'] });
  const folder = join(world.spoorHome, 'runs', run.id);
  const contents = () =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return [path, statSync(path).mtimeMs, createHash('sha256').update(readFileSync(path)).digest('hex')].join(' ');
      })
      .sort();
  const before = contents();
  const training2 = spoor(
    world,
    ['run', '--name', 'long', '--', ...training(world, ...logs(world), '--max_train_steps', '150')],
    {
      env: { T_STEP: '0.03' },
    },
  );
  await vi.waitFor(
    async () => expect(JSON.parse(String((await spoor(world, ['ps', '--json'])).stdout))).toHaveLength(1),
    {
      timeout: 20_000,
    },
  );
  let seen = '';
  const pty = spawn(process.execPath, [spoorBin, 'watch'], {
    cols: 80,
    rows: 24,
    cwd: world.root,
    env: { ...world.env, TERM: 'xterm' },
  });
  onTestFinished(() => pty.kill('SIGKILL'));
  pty.onData((text) => {
    seen += text;
  });
  await eventually(() => seen.includes('long'));
  const began = performance.now();
  await eventually(() => seen.includes('It has ended.'));
  const seconds = (performance.now() - began) / 1000;
  const frames = seen.split('\x1b[?2026h').length - 1;
  expect(frames).toBeGreaterThan(2);
  expect(frames).toBeLessThanOrEqual(seconds * 4 + 3);
  // A whole screen in colours is about 6 kB.
  expect(seen.length / frames).toBeLessThan(6_000);
  pty.write('l');
  await eventually(() => seen.includes('model saved'));
  pty.write('q');
  await training2;
  expect(contents()).toEqual(before);
});

test('where the output is no terminal it says what serves there', async () => {
  const world = temporaryWorld();
  const { exitCode, stdout, stderr } = await spoor(world, ['watch']);
  expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' });
  expect(stderr).toMatch(/no|terminal/);
  expect(stderr).toContain('spoor ps');
  expect(stderr).toContain('spoor log -f');
});
