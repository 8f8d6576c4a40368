/** States of inputs, planted one by one, that stand again after the originals have been deleted. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { tree } from '../code/world.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

async function restored() {
  const into = join(world.root, 'back');
  const { exitCode, stdout } = await spoor(world, ['restore', '@', '--into', into, '--json']);
  return { into, exitCode, document: JSON.parse(String(stdout)) };
}

function deleteOriginals(...more: string[]) {
  const all = [world.trainer, join(world.root, 'datasets'), join(world.root, 'output'), ...more];
  for (const path of all) rmSync(path, { recursive: true, force: true });
}

/** Starts what was restored. @returns names in its output directory */
function startThere(into: string): string[] {
  execFileSync('sh', [join(into, 'command.sh')], { env: world.env, stdio: 'pipe' });
  return readdirSync(join(into, 'output')).sort();
}

describe('code', () => {
  const plant: Record<string, (top: string) => void> = {
    'deleted but not committed': (top) => rmSync(join(top, 'library/train_util.py')),
    'staged, then changed again': (top) => {
      world.write(join(top, 'library/train_util.py'), 'VALUE = 2\n');
      world.git(top, 'add', '.');
      world.write(join(top, 'library/train_util.py'), 'VALUE = 3\n');
    },
    'a mode changed': (top) => execFileSync('chmod', ['+x', join(top, 'train_network.py')]),
    'a file that became a link': (top) => {
      rmSync(join(top, 'library/train_util.py'));
      symlinkSync('../train_network.py', join(top, 'library/train_util.py'));
    },
    'a link to a folder outside': (top) => symlinkSync(join(world.root, 'models'), join(top, 'models')),
    'no commit yet': (top) => {
      rmSync(join(top, '.git'), { recursive: true });
      world.git(top, 'init', '-q');
    },
    'no repository at all': (top) => rmSync(join(top, '.git'), { recursive: true }),
    'a detached head': (top) => world.git(top, 'checkout', '-q', '--detach'),
    'a shallow clone': (top) => {
      world.write(join(top, 'x.py'), 'x\n');
      world.git(top, 'add', '.');
      world.git(top, 'commit', '-q', '-m', 'second');
      world.git(world.root, 'clone', '-q', '--depth', '1', `file://${top}`, 'shallow');
      rmSync(top, { recursive: true });
      execFileSync('mv', [join(world.root, 'shallow'), top]);
    },
    'a submodule with changes': (top) => {
      const library = join(world.root, 'library');
      world.write(join(library, 'part.py'), 'one\n');
      world.git(library, 'init', '-q', '-b', 'main');
      world.git(library, 'add', '.');
      world.git(library, 'commit', '-q', '-m', 'part');
      world.git(top, '-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', library, 'vendor/part');
      world.git(top, 'commit', '-q', '-m', 'submodule');
      world.write(join(top, 'vendor/part/part.py'), 'two\n');
      rmSync(library, { recursive: true });
    },
    'a large file kept by git': (top) => {
      world.write(join(top, 'weights.bin'), Buffer.alloc(21 * 1024 * 1024, 1));
      world.git(top, 'add', '.');
    },
    'names with line breaks and quotes': (top) => world.write(join(top, `a\nb 'c' "d".py`), 'x'),
    'empty files': (top) => world.write(join(top, '__init__.py'), ''),
  };

  test.each(Object.keys(plant))('%s', async (state) => {
    plant[state]?.(world.trainer);
    const before = tree(world.trainer);
    const status = () => world.git(world.trainer, 'rev-parse', '--abbrev-ref', 'HEAD');
    const head = state.startsWith('no ') ? null : status();
    await recorded(world, training(world));
    const log = head === null ? null : world.git(world.trainer, 'log', '--format=%H');
    deleteOriginals();
    const { into, document, exitCode } = await restored();
    const top = join(into, 'repos/sd-scripts');
    expect(document.missing).toEqual([]);
    expect(exitCode).toBe(0);
    expect(tree(top)).toEqual(before);
    expect(document.repos[0].repository).toBe(state !== 'no repository at all');
    if (head !== null) {
      expect(world.git(top, 'rev-parse', '--abbrev-ref', 'HEAD')).toBe(head);
      expect(world.git(top, 'log', '--format=%H')).toBe(log);
    }
    if (state === 'a submodule with changes') {
      expect(world.git(join(top, 'vendor/part'), 'diff', '--name-only')).toBe('part.py\n');
      expect(world.git(top, 'status', '--porcelain')).toBe(' M vendor/part\n');
    }
  });

  test('what was too large to keep comes from where it still stands, and is listed where it does not', async () => {
    const big = world.write(join(world.trainer, 'big.ckpt'), Buffer.alloc(21 * 1024 * 1024, 1));
    await recorded(world, training(world));
    const first = await restored();
    expect(first.exitCode).toBe(0);
    expect(readFileSync(join(first.into, 'repos/sd-scripts/big.ckpt')).equals(readFileSync(big))).toBe(true);
    rmSync(first.into, { recursive: true });
    deleteOriginals();
    const { document, exitCode } = await restored();
    expect(exitCode).toBe(72);
    expect(document.missing).toMatchObject([{ kind: 'code', path: 'repos/sd-scripts/big.ckpt' }]);
  });
});

describe('dataset', () => {
  test('captions of every kind, names of any bytes, folders in folders, a regularisation set', async () => {
    const folder = join(world.dataset, '2_grey wolf');
    world.write(join(folder, 'one.caption'), 'unread');
    writeFileSync(Buffer.from(`${folder}/odd-\xff.png`, 'latin1'), png('odd'));
    writeFileSync(Buffer.from(`${folder}/odd-\xff.txt`, 'latin1'), 'odd');
    world.write(join(folder, 'twin.png'), png('one'));
    world.write(join(folder, 'leer zeichen é.png'), png('é'));
    const regular = join(world.root, 'datasets/reg');
    world.write(join(regular, '1_wolf/r.png'), png('r'));
    const before = [tree(world.dataset), tree(regular)].map((files) => {
      return Object.fromEntries(Object.entries(files).filter(([name]) => name.includes('/')));
    });
    await recorded(world, training(world, '--reg_data_dir', regular));
    deleteOriginals();
    const { into, document } = await restored();
    expect(document.missing).toEqual([]);
    expect([tree(join(into, 'dataset/wolf')), tree(join(into, 'dataset/reg'))]).toEqual(before);
    expect(startThere(into)).toContain('wolf.safetensors');
  });

  test('one that was named by hand', async () => {
    const files = tree(world.dataset);
    await recorded(world, ['true'], { args: ['--dataset', world.dataset] });
    deleteOriginals();
    const { into } = await restored();
    const found = tree(join(into, 'dataset'));
    for (const [name, content] of Object.entries(found)) expect(files[name]).toBe(content);
    expect(Object.keys(found).length).toBeGreaterThanOrEqual(6);
  });
});

describe('commands', () => {
  test('relative paths from the directory above', async () => {
    world.write(world.config, readFileSync(world.config, 'utf8').replaceAll(`${world.root}/`, ''));
    const command = ['python3', 'sd-scripts/train_network.py', '--config_file', 'datasets/wolf/config.toml'];
    await recorded(world, command, { args: ['--name', 'wolf'] });
    deleteOriginals();
    const { into, document } = await restored();
    expect(document.missing).toEqual([]);
    expect(startThere(into)).toContain('wolf.safetensors');
    expect(existsSync(join(world.root, 'output'))).toBe(false);
  });

  test('a line for a shell, a variable, and a script of its own', async () => {
    const line = `cd ${world.trainer} && python3 train_network.py --config_file '${world.config}'`;
    await recorded(world, ['env', 'OMP_NUM_THREADS=1', 'sh', '-c', line]);
    deleteOriginals();
    const { into } = await restored();
    expect(readFileSync(join(into, 'command.sh'), 'utf8')).toContain('OMP_NUM_THREADS=1');
    expect(readFileSync(join(into, 'command.sh'), 'utf8')).toContain(`cd ${into}/repos/sd-scripts`);
  });

  test('a repository that is reached through a link', async () => {
    const link = join(world.root, 'lab');
    mkdirSync(link);
    symlinkSync(world.trainer, join(link, 'sd'));
    const command = ['python3', join(link, 'sd/train_network.py'), '--config_file', world.config];
    await recorded(world, command, { cwd: join(link, 'sd') });
    deleteOriginals(link);
    const { into } = await restored();
    expect(startThere(into)).toContain('wolf.safetensors');
  });

  test('prompts that were edited while it trained stand under their role, those of the launch under their name', async () => {
    const launched = readFileSync(world.prompts, 'utf8');
    const [ready, hold] = [join(world.root, 'ready'), join(world.root, 'hold')];
    const recording = recorded(world, training(world), { env: { T_READY: ready, T_HOLD: hold } });
    while (!existsSync(ready)) await delay(20);
    writeFileSync(world.prompts, 'a red wolf --w 64 --h 64\n');
    const [run = ''] = readdirSync(join(world.spoorHome, 'runs'));
    const journal = join(world.spoorHome, 'runs', run, 'journal.jsonl');
    // In the first moments its facts are staged elsewhere.
    const facts = () => (existsSync(journal) ? readFileSync(journal, 'utf8') : '');
    while (!facts().includes('"changed":{"at"')) await delay(50);
    world.write(hold, '');
    await recording;
    deleteOriginals();
    const { into } = await restored();
    expect(readFileSync(join(into, 'sample-prompts.txt'), 'utf8')).toBe(launched);
    const [later = ''] = readdirSync(join(into, 'files/prompts'));
    expect(later).toMatch(/^step-\w+-sample-prompts\.txt$/);
    expect(readFileSync(join(into, 'files/prompts', later), 'utf8')).toContain('a red wolf');
  });
});

describe('secrets', () => {
  test('a key in the configuration file stays a placeholder, told by its name', async () => {
    writeFileSync(world.config, `${readFileSync(world.config, 'utf8')}wandb_api_key = "0123456789abcdef"\n`);
    await recorded(world, training(world));
    const { into, document, exitCode } = await restored();
    expect(exitCode).toBe(72);
    expect(document.missing).toMatchObject([{ kind: 'secret', path: 'config.toml' }]);
    expect(document.missing[0].reason).toContain('wandb_api_key');
    for (const [name, text] of Object.entries(tree(into))) {
      if (!name.startsWith('repos/')) expect(text).not.toContain('0123456789abcdef');
    }
    const again = await spoor(world, ['rerun', '@']);
    expect(again.exitCode).toBe(0);
    expect(String(again.stderr)).toContain('the inputs are identical');
  });
});
