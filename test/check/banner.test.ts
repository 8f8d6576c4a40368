import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { spawn } from '@lydell/node-pty';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recorded, spoor, spoorBin, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const ofSpoor = (text: string) => text.split('\n').filter((line) => /^(?:spoor:| {7}\S)/.test(line));
/** What was said before the trainer's end. */
const banner = (text: string) => {
  const lines = ofSpoor(text);
  return lines.slice(
    0,
    lines.findIndex((line) => /✓|✗/.test(line)),
  );
};

/** The lines that a command leaves on a terminal of so many columns, without colours. */
async function onTerminal({ root, env }: World, [program = '', ...args]: string[], cols: number): Promise<string[]> {
  const pty = spawn(program, args, { cols, rows: 50, cwd: root, env: { ...env, TERM: 'xterm', NO_COLOR: '1' } });
  let screen = '';
  pty.onData((text) => {
    screen += text;
  });
  await new Promise<void>((settle) => pty.onExit(() => settle()));
  return screen.split(/\r*\n/);
}

describe('the banner at a launch', () => {
  test('says what changed since the last run, and with which it is identical', async () => {
    const first = await recorded(world, training(world), { args: ['--name', 'noob-wolf-v1'] });
    expect(banner(first.stderr)).toHaveLength(1);
    const second = await recorded(world, training(world, '--unet_lr', '2e-4', '--output_name', 'b'), {
      args: ['--name', 'noob-wolf-v2'],
    });
    expect(banner(second.stderr).slice(1)).toEqual(['spoor: since v1: unet_lr 1e-4→2e-4']);
    const third = await recorded(world, training(world, '--output_name', 'c'), { args: ['--name', 'noob-wolf-v3'] });
    expect(banner(third.stderr).slice(1)).toEqual(['spoor: since v2: unet_lr 2e-4→1e-4', 'spoor: identical to v1']);
  });

  test('takes six rows at most, names the rest in the last and says where it is told', async () => {
    await recorded(world, training(world), { args: ['--name', 'wolf-v1'] });
    const unknown = ['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd', 'eeeeee', 'ffffff'];
    appendFileSync(world.config, unknown.map((key) => `\n${key} = 1`).join(''));
    const { stderr, run } = await recorded(world, training(world, '--unet_lr', '2e-4'), {
      args: ['--name', 'wolf-v2'],
    });
    const rows = banner(stderr);
    expect(rows).toHaveLength(6);
    expect(rows[2]).toContain('will be overwritten');
    expect(rows.at(-1)).toBe('       and 4 more (spoor show @): unknown setting cccccc, dddddd, eeeeee, ffffff');
    expect(run.warnings.filter(({ code }) => code === 'unknown-setting')).toHaveLength(6);
  });

  test('fits a narrow terminal: the id is short, and the nearest setting is told all the same', async () => {
    await recorded(world, training(world), { args: ['--name', 'noob-grey_wolf-v1s2400'] });
    appendFileSync(world.config, '\nnetwrk_dim = 1\n');
    const command = [process.execPath, spoorBin, 'run', '--name', 'noob-grey_wolf-v2s2400', '--', ...training(world)];
    const screen = await onTerminal(world, command, 60);
    const rows = screen.slice(
      0,
      screen.findIndex((line) => line.startsWith('INFO')),
    );
    expect(rows.length).toBeLessThanOrEqual(6);
    for (const row of rows) expect(row.length).toBeLessThanOrEqual(60);
    expect(rows[0]).toMatch(/^spoor: recording noob-grey_wolf-v2s2400 as \w{10}(?: \(1 repository, 3 images\))?$/);
    expect(rows.join('\n')).toMatch(/"netwrk_dim"[\s\S]*Did you mean network_dim\?/);
  });

  test('tells that the disk is too small for checkpoints as large as those of the last run', async () => {
    const { run } = await recorded(world, training(world), { args: ['--name', 'wolf-v1'] });
    const journal = join(world.spoorHome, 'runs', run.id, 'journal.jsonl');
    const [{ bytes } = { bytes: 0 }] = run.artifacts.filter(({ kind }) => kind === 'checkpoint');
    writeFileSync(journal, readFileSync(journal, 'utf8').replaceAll(`"bytes":${bytes},`, `"bytes":${4e15},`));
    const { stderr } = await recorded(world, training(world), { args: ['--name', 'wolf-v2'] });
    expect(banner(stderr).join('\n')).toMatch(/3 checkpoints of about 4\.0 PB need about 12 PB; .* free/);
  });

  test('is not written before the trainer runs', async () => {
    const ready = join(world.root, 'ready');
    const hold = join(world.root, 'hold');
    await recorded(world, training(world));
    const running = spoor(world, ['run', '--', ...training(world)], { env: { T_READY: ready, T_HOLD: hold } });
    let waiter: unknown = null;
    const marks: string[] = [];
    running.stderr?.on('data', (chunk: Buffer) => {
      const text = String(chunk);
      if (!text.includes('recording')) return;
      marks.push(text);
      const [id = ''] = readdirSync(join(world.spoorHome, 'active'));
      ({ waiter } = JSON.parse(readFileSync(join(world.spoorHome, 'active', id), 'utf8')));
      writeFileSync(hold, '');
    });
    await running;
    expect(waiter).toMatchObject({ pid: expect.any(Number) });
    // In one write.
    expect(marks).toHaveLength(1);
    expect(marks[0]).toContain('identical to');
  });

  test('costs no training where the earlier runs cannot be read', async () => {
    const { run } = await recorded(world, training(world));
    writeFileSync(join(world.spoorHome, 'runs', run.id, 'journal.jsonl'), '\0{"type":"run.created"');
    const { exitCode, stderr } = await recorded(world, training(world));
    expect(exitCode).toBe(0);
    expect(banner(stderr)[0]).toContain('recording wolf');
  });
});
