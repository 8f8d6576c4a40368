import { appendFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
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

  test('takes six rows at most and says where the rest is', async () => {
    await recorded(world, training(world), { args: ['--name', 'wolf-v1'] });
    const unknown = ['aaaaaa', 'bbbbbb', 'cccccc', 'dddddd', 'eeeeee', 'ffffff'];
    appendFileSync(world.config, unknown.map((key) => `\n${key} = 1`).join(''));
    const { stderr, run } = await recorded(world, training(world, '--unet_lr', '2e-4'), {
      args: ['--name', 'wolf-v2'],
    });
    const rows = banner(stderr);
    expect(rows).toHaveLength(6);
    expect(rows[2]).toContain('will be overwritten');
    expect(rows.at(-1)).toMatch(/^ {7}and 4 more: spoor show @$/);
    expect(run.warnings.filter(({ code }) => code === 'unknown-setting')).toHaveLength(6);
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
