import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Change } from '../../src/diff/change.ts';
import { layOut } from '../support/replay.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, safetensors, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

interface Answer {
  a: { id: string; name: string };
  b: { id: string; name: string } | null;
  changes: Change[];
  outcome: { a: { status: string; loss: number }; b: { status: string } | null };
}

async function told(...args: string[]): Promise<string> {
  const { stdout, stderr, exitCode } = await spoor(world, args);
  expect([exitCode, stderr]).toEqual([0, '']);
  return String(stdout);
}

const answer = async (...args: string[]) => JSON.parse(await told('diff', ...args, '--json')) as Answer;
const acting = ({ changes }: Answer) => changes.filter(({ effective, kind }) => effective && kind !== 'unknown');
const record = (name: string, ...more: string[]) =>
  recorded(world, training(world, ...more), { args: ['--name', name, '--no-clean'] });
const captionsAt = (of: Record<string, string[]>, at: number) => Object.values(of).map((texts) => texts[at]);
const commit = (title: string) => {
  world.git(world.trainer, 'add', '.');
  world.git(world.trainer, 'commit', '-q', '--allow-empty', '-m', title);
};

describe('spoor diff', () => {
  test('tells commits, files, images and models of two runs, though the originals are gone', async () => {
    await record('wolf-v1');
    world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
    commit('Twice the value');
    world.write(join(world.trainer, 'library/hack.py'), 'x = 1\n');
    world.write(join(world.dataset, '2_grey wolf/one.png'), 'another');
    world.write(join(world.root, 'models/base.safetensors'), safetensors(4096, { other: 'header' }));
    world.write(join(world.root, 'models/base.safetensors'), safetensors(5000));
    await record('wolf-v2', '--unet_lr', '2e-4');
    for (const path of [world.trainer, world.dataset, join(world.root, 'models')]) rmSync(path, { recursive: true });
    const found = await answer('wolf-v1', 'wolf-v2');
    expect([found.a.name, found.b?.name]).toEqual(['wolf-v1', 'wolf-v2']);
    expect(found.outcome).toMatchObject({ a: { status: 'succeeded' }, b: { status: 'succeeded' } });
    expect(acting(found).map(({ area, kind, subject }) => `${area} ${kind} ${subject}`)).toEqual([
      'arguments changed unet_lr',
      'dataset changed 2_grey wolf/one.png',
      'dataset changed images',
      'model changed pretrained_model_name_or_path',
      'code changed sd-scripts',
      'code added sd-scripts/library/hack.py',
      'code changed sd-scripts/library/train_util.py',
    ]);
    expect(found.changes).toContainEqual(expect.objectContaining({ after: 'Twice the value', kind: 'added' }));
    expect(found.changes.find(({ subject }) => subject === 'sd-scripts')?.detail).toBe('1 commit ahead, 2 files');
  });

  test('prints a patch that git apply takes', async () => {
    await record('wolf-v1');
    const copy = join(world.root, 'copy/sd-scripts');
    mkdirSync(join(world.root, 'copy'));
    world.git(world.root, 'clone', '-q', world.trainer, copy);
    world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
    world.write(join(world.trainer, 'library/kernel.so'), new Uint8Array([0, 1, 2, 255]));
    await record('wolf-v2');
    const patch = await told('diff', 'wolf-v1', 'wolf-v2', '--only', 'code', '--patch');
    execFileSync('git', ['apply', '-p1', '-'], { cwd: join(world.root, 'copy'), input: patch, env: world.env });
    for (const path of ['library/train_util.py', 'library/kernel.so']) {
      expect(readFileSync(join(copy, path))).toEqual(readFileSync(join(world.trainer, path)));
    }
  });

  test('tells an empty commit, another branch and a diverged history', async () => {
    await record('wolf-v1');
    commit('Nothing');
    world.git(world.trainer, 'checkout', '-q', '-b', 'other');
    await record('wolf-v2');
    const empty = await answer('wolf-v1', 'wolf-v2');
    expect(acting(empty)).toEqual([]);
    expect(empty.changes.find(({ area }) => area === 'code')?.detail).toBe('1 commit ahead, the same files');
    world.git(world.trainer, 'reset', '-q', '--hard', 'HEAD~1');
    world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 5\n');
    commit('Five');
    await record('wolf-v3');
    const [diverged] = acting(await answer('wolf-v2', 'wolf-v3'));
    expect(diverged?.detail).toBe('diverged: 1 commit back, 1 commit ahead, 1 file');
    const back = (await answer('wolf-v3', 'wolf-v1')).changes.find(({ subject }) => subject === 'sd-scripts');
    expect(back?.detail).toBe('1 commit back, 1 file');
  });

  test('lists commits the latest first, and what became of images and captions in one line each', async () => {
    await record('wolf-v1');
    const titles = ['One', 'Two', 'Three', 'Four', 'Five', 'Six'];
    for (const title of titles) commit(title);
    const folder = join(world.dataset, '2_grey wolf');
    world.write(join(folder, 'one.txt'), 'grey wolf, one, indoors');
    world.write(join(folder, 'four.png'), 'four');
    world.write(join(folder, 'four.txt'), 'grey wolf, four');
    renameSync(join(folder, 'two.png'), join(folder, 'zwei.png'));
    renameSync(join(folder, 'two.txt'), join(folder, 'zwei.txt'));
    await record('wolf-v2');
    const commits = (await answer('wolf-v1', 'wolf-v2')).changes.filter(({ subject }) => subject.includes('@'));
    expect(commits.map(({ after }) => after)).toEqual(titles.toReversed());
    const text = await told('diff', 'wolf-v1', 'wolf-v2');
    expect(text).toMatch(/^ {2}captions +1 changed, 1 added$/m);
    expect(text).toMatch(/^ {2}images +1 added$/m);
    expect(text).toContain('1 renamed: --all');
    expect(text).toMatch(/without effect: .*1 caption renamed, 1 image renamed/s);
    const failed = await spoor(world, ['run', '--name', 'wolf-v3', '--', ...training(world)], {
      env: { T_FAIL_AT: '2' },
    });
    expect(failed.exitCode).not.toBe(0);
    expect(await told('diff', 'wolf-v2', 'wolf-v3')).toMatch(/^why +The GPU's memory ran out/m);
  });

  test('compares with the present, and leaves nothing of that behind', async () => {
    await record('wolf-v1');
    expect(acting(await answer('wolf-v1'))).toEqual([]);
    world.write(join(world.dataset, '2_grey wolf/one.txt'), 'grey wolf, one, indoors');
    world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
    const found = await answer('wolf-v1');
    expect(found.b).toBeNull();
    expect(acting(found).map(({ subject }) => subject)).toContain('sd-scripts/library/train_util.py');
    expect(acting(found).find(({ subject }) => subject.endsWith('one.txt'))?.detail).toBe('+indoors −outdoors');
    expect(JSON.parse(await told('ls', '--json'))).toHaveLength(1);
  });

  test('tells of two genuine runs the rate and the two captions that somebody changed, and nothing else', async () => {
    const captions = {
      'A-good-lora-pty': [
        'kumo, a grey cat asleep on a blue blanket',
        'kumo, a cat on a wooden table, solo, looking at viewer',
      ],
      'B-lr-and-captions-pty': [
        'kumo, a grey cat asleep on a green blanket, detailed fur',
        'kumo, a cat on a wooden table, solo',
      ],
    };
    for (const [name, texts] of Object.entries(captions)) {
      const { command, cwd, env } = layOut(world, name, ['kumo.safetensors']);
      rmSync(join(world.root, 'work/data'), { recursive: true });
      const folder = name.startsWith('A') ? 'kumo' : 'kumo-b';
      for (const [at, text] of texts.entries()) {
        world.write(join(world.root, `work/data/${folder}/2_kumo cat/img_00${at}.png`), `${at}`);
        world.write(join(world.root, `work/data/${folder}/2_kumo cat/img_00${at}.txt`), text);
      }
      await recorded(world, command, { cwd, env, args: ['--name', name] });
    }
    const found = await answer('A-good-lora-pty', 'B-lr-and-captions-pty');
    const known = acting(found).filter(
      // The trainer plays another log.
      ({ area, subject }) => area !== 'code' && !subject.startsWith('caption term'),
    );
    expect(known.map(({ subject, before, after }) => [subject, before, after])).toEqual([
      ['unet_lr', 1e-4, 2e-4],
      ['2_kumo cat/img_000.txt', ...captionsAt(captions, 0)],
      ['2_kumo cat/img_001.txt', ...captionsAt(captions, 1)],
      ['captions', 2, 2],
    ]);
    expect(known.slice(1, 3).map(({ detail }) => detail)).toEqual(['+green +detailed fur −blue', '−looking at viewer']);
    const idle = found.changes.filter(({ effective }) => !effective).map(({ subject }) => subject);
    expect(idle).toEqual(expect.arrayContaining(['learning_rate', 'output_dir', 'logging_dir', 'config_file']));
  });

  test('shows two runs within 80 columns, in a few lines, and as Markdown', async () => {
    await record('wolf-v1');
    world.write(join(world.dataset, '2_grey wolf/one.txt'), 'grey wolf, one, indoors');
    await record('wolf-v2', '--unet_lr', '2e-4');
    const page = await told('diff', 'wolf-v1', 'wolf-v2');
    expect(page).toMatch(/unet_lr +1e-4 → 2e-4/);
    expect(page).toMatch(/one\.txt +\+indoors −outdoors/);
    expect(page).toMatch(/without effect: .*command/);
    for (const columns of [50, 80, 120]) {
      const { stdout } = await spoor(world, ['diff', 'wolf-v1', 'wolf-v2', '--all'], {
        env: { COLUMNS: `${columns}` },
      });
      expect(
        Math.max(
          ...String(stdout)
            .split('\n')
            .map((line) => line.length),
        ),
      ).toBeLessThanOrEqual(columns);
    }
    expect(await told('diff', 'wolf-v1', 'wolf-v2', '--stat')).toMatch(/dataset +1 effective/);
    const markdown = await told('diff', 'wolf-v1', 'wolf-v2', '--markdown');
    expect(markdown).toContain('- **unet\\_lr** `1e-4` → `2e-4`');
    expect(await told('diff', 'wolf-v1', 'wolf-v2', '--only', 'dataset')).not.toContain('unet_lr');
    expect(await told('diff', 'wolf-v1', 'wolf-v1')).toContain('Nothing differs.');
  });

  test('tables several runs by what differs between any two', async () => {
    for (const [name, rate] of [
      ['wolf-v1', '1e-4'],
      ['wolf-v2', '2e-4'],
      ['wolf-v3', '1e-4'],
    ] as const) {
      await record(name, '--unet_lr', rate, '--seed', name === 'wolf-v3' ? '9' : '7');
    }
    const found = JSON.parse(await told('diff', 'wolf-v1', 'wolf-v2', 'wolf-v3', '--json'));
    expect(found.rows.filter((row: { effective: boolean }) => row.effective)).toEqual([
      { area: 'arguments', subject: 'unet_lr', effective: true, values: [1e-4, 2e-4, 1e-4] },
      { area: 'arguments', subject: 'seed', effective: true, values: [7, 7, 9] },
    ]);
    expect(await told('diff', 'wolf-v1', 'wolf-v2', 'wolf-v3')).toMatch(/unet_lr +1e-4 +2e-4 +1e-4/);
  });

  test('tables a value as it is where it was only moved, or hides another', async () => {
    await record('wolf-v1');
    await record('wolf-v2', '--unet_lr', '1e-4');
    await record('wolf-v3', '--unet_lr', '3e-4');
    const found = JSON.parse(await told('diff', 'wolf-v1', 'wolf-v2', 'wolf-v3', '--json'));
    expect(found.rows.find(({ subject }: { subject: string }) => subject === 'unet_lr').values).toEqual([
      1e-4, 1e-4, 3e-4,
    ]);
  });

  test('refuses an area that does not exist', async () => {
    const { exitCode, stderr } = await spoor(world, ['diff', '@', '--only', 'colour']);
    expect([exitCode, stderr]).toEqual([64, expect.stringContaining("there is no area 'colour'")]);
  });
});

describe('spoor suspects', () => {
  test('clears a change that another run had and worked with', async () => {
    await record('wolf-v1');
    await record('wolf-v2', '--network_dim', '8');
    await record('wolf-v3', '--network_dim', '8', '--unet_lr', '1e-3', '--seed', '9');
    for (const [name, verdict] of [
      ['wolf-v1', 'worked'],
      ['wolf-v2', 'worked'],
      ['wolf-v3', 'failed'],
    ] as const) {
      await spoor(world, ['verdict', name, verdict]);
    }
    const { suspects } = JSON.parse(await told('suspects', 'wolf-v1', 'wolf-v3', '--json'));
    expect(suspects.map(({ subject }: Change) => subject)).toEqual(['unet_lr', 'seed', 'network_dim']);
    expect(suspects[0]).toMatchObject({
      likelihood: 'likely',
      reasons: ['wolf-v2 did not have it and worked', '10 times as much'],
    });
    expect(suspects[2].reasons[0]).toBe('wolf-v2 had it and worked, which speaks against it');
    expect(await told('suspects', 'wolf-v1', 'wolf-v3')).toMatch(/1 {2}unet_lr {2}1e-4 → 1e-3 {2}likely/);
  });
});
