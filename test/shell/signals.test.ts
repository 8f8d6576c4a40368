import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { describe, expect, onTestFinished, test } from 'vitest';
import { eventually } from '../run/play.ts';
import { shown } from '../support/spoor.ts';
import {
  type GuideWorld,
  guideScript,
  guideWorld,
  inserted,
  left,
  name,
  play,
  shells,
  start,
  writeScript,
} from './guide.ts';

/** The guide's script at a terminal, typed at the prompt of a shell if one is given, up to the trainer's first step, which it does not go beyond. */
async function atTerminal(world: GuideWorld, more: Record<string, string> = {}, prompt: string[] = []) {
  const ready = join(world.root, 'ready');
  const env = { ...world.env, TERM: 'xterm', T_READY: ready, T_HOLD: join(world.root, 'never'), ...more };
  const [program = world.script, ...args] = prompt;
  const pty = spawn(program, args, { cols: 120, rows: 24, cwd: world.root, env });
  let screen = '';
  pty.onData((text) => {
    screen += text;
  });
  const ended = new Promise<{ exitCode: number; signal?: number | undefined }>((settle) => pty.onExit(settle));
  onTestFinished(() => {
    try {
      process.kill(pty.pid, 'SIGKILL');
    } catch {
      // It has ended.
    }
  });
  const shows = (condition: () => boolean) => eventually(condition, () => screen);
  if (prompt.length > 0) pty.write(`"${world.script}"\r`);
  await shows(() => existsSync(ready));
  return { pty, ended, screen: () => screen, saw: (text: string) => shows(() => screen.includes(text)) };
}

/** The same without one. */
async function training(world: GuideWorld) {
  const ready = join(world.root, 'ready');
  const started = start(world, { T_READY: ready, T_HOLD: join(world.root, 'never') });
  await eventually(
    () => existsSync(ready),
    () => started.texts.stderr,
  );
  return started;
}

/** Makes activation wait until a file is there, having said that it does. */
function holdActivation(world: GuideWorld): { held: string; go: string } {
  const [held, go] = [join(world.root, 'held'), join(world.root, 'go')];
  const script = `: > "${held}"\nwhile [ ! -e "${go}" ]; do sleep 0.02; done\n`;
  world.write(join(world.home, 'miniconda3/envs/sdscripts/etc/conda/activate.d/hold.sh'), script);
  return { held, go };
}

describe.each(shells)("the guide's script under %s", (shell) => {
  test('ends by SIGINT after Ctrl-C, as the trainer does, and leaves nothing behind', async () => {
    const world = await guideWorld(shell);
    const at = await atTerminal(world);
    at.pty.write('\x03');
    const { signal } = await at.ended;
    expect([signal, at.screen()]).toEqual([2, expect.stringContaining('KeyboardInterrupt')]);
    expect((await shown(world, '@')).status).toBe('interrupted');
    expect(left(world.outputs)).toEqual([]);
  });

  test('is stopped by Ctrl-Z and goes on with fg, and its status is the trainer’s', async () => {
    const world = await guideWorld(shell);
    const go = join(world.root, 'go');
    const at = await atTerminal(world, { T_EXIT: '9', T_HOLD: go }, ['bash', '--norc', '--noprofile', '-i']);
    at.pty.write('\x1a');
    await at.saw('Stopped');
    world.write(go, '');
    at.pty.write('fg; echo "it was $?"\r');
    await at.saw('it was 9');
  });

  test('stops the training when it is told to with TERM, and ends by it', async () => {
    const world = await guideWorld(shell);
    const { pid, ended } = await training(world);
    process.kill(pid, 'SIGTERM');
    expect(await ended).toMatchObject({ signal: 'SIGTERM' });
    expect(await shown(world, '@')).toMatchObject({ status: 'interrupted', signal: 'SIGTERM' });
    expect(left(world.outputs)).toEqual([]);
  });

  test('keeps the output of an interrupted training with NO_CLEAN=1', async () => {
    const world = await guideWorld(shell);
    inserted(world, 'TRAINING_DIR', 'NO_CLEAN=1');
    const { pid, ended } = await training(world);
    process.kill(pid, 'SIGTERM');
    await ended;
    expect(left(world.run)).toContain('sdscripts.log');
  });

  test.each(['SIGTERM', 'SIGINT'] as const)(
    'takes its directory back when %s comes before the training',
    async (signal) => {
      const world = await guideWorld(shell);
      const { held, go } = holdActivation(world);
      const { pid, ended, texts } = start(world);
      await eventually(
        () => existsSync(held),
        () => texts.stderr,
      );
      expect(left(world.outputs)).toEqual([name]);
      process.kill(pid, signal);
      world.write(go, '');
      expect(await ended).toMatchObject({ signal });
      expect(left(world.outputs)).toEqual([]);
    },
  );

  test.each([
    ['before the functions are there', 'source'],
    ['after the output directory is made', 'setup_conda_env'],
    ['before the training', 'run_training_script'],
  ])('lets traps of the script take part that are set %s', async (_when, before) => {
    const world = await guideWorld(shell);
    inserted(world, before, `trap 'echo "end $?"' EXIT\ntrap 'echo "it'"'"'s told"\nexit 5' TERM`);
    const { pid, ended } = await training(world);
    process.kill(pid, 'SIGTERM');
    const { status, stdout } = await ended;
    expect([status, stdout]).toEqual([5, expect.stringMatching(/it's told\nend 5\n$/)]);
    expect(left(world.outputs)).toEqual([]);
  });

  test('cleans once where the script traps cleanup_empty_output itself', async () => {
    const world = await guideWorld(shell);
    const script = guideScript(world)
      .replace('\nsetup_conda_env', '\ntrap cleanup_empty_output EXIT TERM INT\nsetup_conda_env')
      .replace('"sdscripts"', '"none"');
    writeScript(world, script);
    const { status, stderr } = await play(world);
    expect([status, left(world.outputs)]).toEqual([66, []]);
    expect(stderr.split('to the trash')).toHaveLength(2);
  });

  test("keeps the script's own status at its end", async () => {
    const world = await guideWorld(shell);
    inserted(world, 'setup_conda_env', 'exit 3');
    expect([(await play(world)).status, left(world.outputs)]).toEqual([3, []]);
  });
});

test('a function TRAPTERM of zsh is called', async () => {
  const world = await guideWorld('zsh');
  inserted(world, 'setup_training_vars', 'TRAPTERM() { echo "told $1"; exit 6 }');
  const { pid, ended } = await training(world);
  process.kill(pid, 'SIGTERM');
  expect(await ended).toMatchObject({ status: 6, stdout: expect.stringContaining('told 15') });
});
