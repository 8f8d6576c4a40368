import { appendFileSync, readdirSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../../src/diff/change.ts';
import type { Finding } from '../../src/trainers/trainer.ts';
import { layOut } from '../support/replay.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

interface Answer {
  findings: Finding[];
  last: { name: string; status: string; changes: Change[] } | null;
  identical: { name: string } | null;
}

async function checked(command: readonly string[], options: { cwd?: string; env?: Record<string, string> } = {}) {
  const result = await spoor(world, ['check', '--json', '--', ...command], options);
  const answer = JSON.parse(String(result.stdout)) as Answer;
  const findings = answer.findings.map(({ severity, code }) => `${severity} ${code}`);
  // The machine's Python may have no packages.
  const codes = findings.filter((each) => !/^note|no-site-packages/.test(each));
  return { ...answer, exitCode: result.exitCode, codes };
}

const effective = (answer: Answer) =>
  answer.last?.changes
    .filter(({ effective, kind }) => effective && kind !== 'unknown')
    .map(({ subject, before, after }) => [subject, before, after]);

describe('spoor check', () => {
  test('has nothing against a genuine run, and starts and records nothing', async () => {
    const { command, cwd, env, output } = layOut(world, 'A-good-lora-pty', ['kumo.safetensors']);
    const { exitCode, codes } = await checked(command, { cwd, env });
    expect([exitCode, codes]).toEqual([0, []]);
    expect(() => readdirSync(output)).toThrow('ENOENT');
    expect(readdirSync(join(world.spoorHome, 'runs'))).toEqual([]);
    expect(readdirSync(join(world.spoorHome, 'code'))).toEqual([]);
  });

  test('says before a genuine run fails what it failed of', async () => {
    const missing = layOut(world, 'D1-missing-model-pty', []);
    const model = await checked(missing.command, missing);
    expect([model.exitCode, model.codes]).toEqual([78, ['error file-missing']]);
    const wrong = layOut(world, 'D2-bad-argument-pty', []);
    const argument = await checked(wrong.command, wrong);
    expect(argument.exitCode).toBe(78);
    expect(argument.codes).toContain('error bad-argument');
  });

  test('tells everything at once, the gravest first, each with its remedy', async () => {
    for (const name of ['one', 'two', 'three']) {
      const stem = join(world.dataset, '2_grey wolf', name);
      renameSync(`${stem}.txt`, `${stem}.caption`);
    }
    appendFileSync(world.config, '\nnetwrk_dim = 8\nvae = "models/absent.safetensors"\n');
    const result = await spoor(world, ['check', '--', ...training(world, '--loss_type', 'l3')]);
    expect(result.exitCode).toBe(78);
    const text = String(result.stdout).replace(/\n {2}/g, ' ');
    const order = ['invalid choice', 'absent.safetensors', '.caption files', 'netwrk_dim'].map((each) =>
      text.indexOf(each),
    );
    expect(order).toEqual([...order].sort((a, b) => a - b));
    expect(order).not.toContain(-1);
    expect(text).toContain('Did you mean network_dim?');
    expect(text).toMatch(/wolf: 2 errors, 2 warnings/);
  });

  test('takes prompts that are not there for no reason to fail, a program for one', async () => {
    const prompts = await checked(training(world, '--sample_prompts', 'absent.txt'));
    expect([prompts.exitCode, prompts.codes]).toEqual([0, ['warning file-missing']]);
    const program = await checked(['pythn3', 'train_network.py']);
    expect([program.exitCode, program.codes[0]]).toEqual([78, 'error no-such-command']);
  });

  test('names what an earlier run left under the same names', async () => {
    await recorded(world, training(world));
    const { exitCode, codes, findings } = await checked(training(world));
    expect([exitCode, codes]).toEqual([0, ['warning would-overwrite']]);
    expect(findings[0]?.message).toContain('wolf.safetensors');
  });
});

describe('compared with the family', () => {
  test('an argument that moved into the file with the same effect is no change', async () => {
    await recorded(world, training(world, '--network_alpha', '8', '--network_args', 'algo=lokr', 'factor=4'));
    appendFileSync(
      world.config,
      '\nnetwork_args = ["factor=4", "algo=lokr"]\n[more]\n# as before\nnetwork_alpha = 8.0\n',
    );
    const answer = await checked(training(world));
    expect(effective(answer)).toEqual([]);
    expect(answer.identical?.name).toBe('wolf');
  });

  test('rates, images, captions and code that changed are told, and an older run that was the same', async () => {
    await recorded(world, training(world), { args: ['--name', 'wolf-v1'] });
    await recorded(world, training(world, '--unet_lr', '2e-4'), { args: ['--name', 'wolf-v2'] });
    const back = await checked([...training(world)]);
    expect(effective(back)).toEqual([['unet_lr', 2e-4, 1e-4]]);
    expect(back.identical?.name).toBe('wolf-v1');
    const folder = join(world.dataset, '2_grey wolf');
    world.write(join(folder, 'four.png'), 'four');
    world.write(join(folder, 'one.txt'), 'another wolf');
    world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
    const answer = await checked(training(world, '--unet_lr', '2e-4'));
    expect(answer.identical).toBeNull();
    expect(answer.last?.name).toBe('wolf-v2');
    expect(effective(answer)).toEqual([
      ['captions', 1, 1],
      ['images', null, 1],
      ['sd-scripts', expect.any(String), expect.stringContaining('dirty')],
    ]);
  });
});
