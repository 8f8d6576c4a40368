/** `spoor restore`: a run's inputs stand again as they were, also when nothing of the originals is left. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { tree } from '../code/world.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

async function restored(reference = '@', name = 'back') {
  const into = join(world.root, name);
  const result = await spoor(world, ['restore', reference, '--into', into, '--json']);
  const document = result.stdout === '' ? null : JSON.parse(String(result.stdout));
  return { into, document, exitCode: result.exitCode, stderr: String(result.stderr) };
}

/** All that a training reads but its models. */
function deleteOriginals() {
  for (const path of [world.trainer, join(world.root, 'datasets'), join(world.root, 'output')]) {
    rmSync(path, { recursive: true, force: true });
  }
}

test('everything stands as it was when the originals are gone', async () => {
  const top = world.trainer;
  world.write(join(top, 'library/train_util.py'), 'VALUE = 2\n');
  world.git(top, 'add', 'library/train_util.py');
  world.write(join(top, 'train_network.py'), `${readFileSync(join(top, 'train_network.py'), 'utf8')}# changed\n`);
  world.write(join(top, 'binary.bin'), Buffer.from([0, 255, 13, 10, 0]));
  world.write(join(top, 'crlf.txt'), 'a\r\nb\r\n');
  world.write(join(top, '.gitattributes'), '*.txt text eol=lf\n*.py export-ignore\n');
  world.write(join(top, '.gitignore'), 'own/\n');
  world.write(join(top, 'own/settings.toml'), 'kept = true\n');
  chmodSync(world.write(join(top, 'tool.sh'), '#!/bin/sh\n'), 0o755);
  symlinkSync('library/train_util.py', join(top, 'link.py'));
  symlinkSync('/nowhere/at all', join(top, 'dangling'));
  writeFileSync(Buffer.from(`${top}/odd-\xff.py`, 'latin1'), 'odd');
  const inner = join(top, 'extensions/inner');
  world.write(join(inner, 'inner.py'), 'one\n');
  world.git(inner, 'init', '-q', '-b', 'side');
  world.git(inner, 'add', '.');
  world.git(inner, 'commit', '-q', '-m', 'inner');
  world.write(join(inner, 'inner.py'), 'two\n');
  const script = world.write(join(world.root, 'train.zsh'), '#!/bin/zsh\npython3 …\n');
  const before = { code: tree(top), dataset: tree(world.dataset) };
  const config = readFileSync(world.config);
  const prompts = readFileSync(world.prompts);
  await recorded(world, training(world), { args: ['--script', script] });
  deleteOriginals();

  const { into, document, exitCode } = await restored();

  expect(document.missing).toEqual([]);
  expect(exitCode).toBe(0);
  expect(tree(join(into, 'repos/sd-scripts'))).toEqual(before.code);
  const images = tree(join(into, 'dataset'));
  for (const [name, content] of Object.entries(before.dataset)) {
    if (/\.(png|txt)$/.test(name) && name.includes('/')) expect(images[name]).toBe(content);
  }
  expect(Object.keys(images)).toHaveLength(6);
  expect(readFileSync(join(into, 'config.toml'))).toEqual(config);
  expect(readFileSync(join(into, 'sample-prompts.txt'))).toEqual(prompts);
  expect(readFileSync(join(into, 'train.zsh'), 'utf8')).toBe('#!/bin/zsh\npython3 …\n');
  expect(readFileSync(join(into, 'RESTORED.md'), 'utf8')).toContain('Nothing.');
});

test('the work tree is a repository at the head of then, which needs nothing of Spoor', async () => {
  world.write(join(world.trainer, 'more.py'), 'x\n');
  world.git(world.trainer, 'add', '.');
  world.git(world.trainer, 'commit', '-q', '-m', 'second');
  world.write(join(world.trainer, 'more.py'), 'y\n');
  await recorded(world, training(world));
  const head = world.git(world.trainer, 'rev-parse', 'HEAD');
  deleteOriginals();
  const { into } = await restored();
  rmSync(world.spoorHome, { recursive: true });

  const top = join(into, 'repos/sd-scripts');
  expect(world.git(top, 'rev-parse', 'HEAD')).toBe(head);
  expect(world.git(top, 'log', '--format=%s')).toBe('second\ntrainer\n');
  expect(world.git(top, 'symbolic-ref', 'HEAD')).toBe('refs/heads/main\n');
  expect(world.git(top, 'diff', '--numstat')).toBe('1\t1\tmore.py\n');
  expect(world.git(top, 'status', '--porcelain')).toBe(' M more.py\n');
  expect(world.git(top, 'fsck')).toBe('');
  expect(existsSync(join(top, '.git/objects/info/alternates'))).toBe(false);
});

test('the script starts the training there, with the same settings', async () => {
  const { run } = await recorded(world, training(world, '--network_dim', '8'), { cwd: world.trainer });
  deleteOriginals();
  const { into, document } = await restored();

  execFileSync('sh', [join(into, 'command.sh')], { env: world.env, stdio: 'ignore' });

  expect(readdirSync(join(into, 'output'))).toContain('wolf.safetensors');
  expect(existsSync(world.output)).toBe(false);
  expect(document.cwd).toBe(join(into, 'repos/sd-scripts'));
  const rewritten = readFileSync(join(into, 'rewritten/config.toml'), 'utf8');
  expect(rewritten).toContain(`train_data_dir = "${join(into, 'dataset')}"`);
  expect(rewritten).toContain('learning_rate = 1e-4');
  expect(run.status).toBe('succeeded');
});

test('a directory that holds something is refused and left as it is', async () => {
  await recorded(world, training(world));
  const into = join(world.root, 'back');
  world.write(join(into, 'mine'), 'mine');
  const { exitCode, stderr } = await restored();
  expect(exitCode).toBe(73);
  expect(stderr).toContain('directory-not-empty');
  expect(readdirSync(into)).toEqual(['mine']);
});

test('a secret is never brought back, and that is said', async () => {
  world.write(join(world.trainer, '.env'), 'TOKEN=1\n');
  await recorded(world, ['env', 'WANDB_API_KEY=0123456789abcdef', ...training(world)]);
  deleteOriginals();
  const { into, document, exitCode } = await restored();
  expect(exitCode).toBe(72);
  expect(document.missing).toMatchObject([{ kind: 'secret', path: 'repos/sd-scripts/.env' }]);
  expect(readFileSync(join(into, 'command.sh'), 'utf8')).toContain('"${WANDB_API_KEY:?');
  const started = () => execFileSync('sh', [join(into, 'command.sh')], { env: world.env, stdio: 'pipe' });
  expect(started).toThrow(/WANDB_API_KEY/);
});

test('images that were not kept are found by their hash, others are listed', async () => {
  await recorded(world, training(world));
  const objects = join(world.spoorHome, 'objects');
  const hashOf = (path: string) => createHash('sha256').update(readFileSync(path)).digest('hex');
  const lose = (path: string) => rmSync(join(objects, hashOf(path).slice(0, 2), hashOf(path)));
  const [one, two] = ['one', 'two'].map((name) => join(world.dataset, `2_grey wolf/${name}.png`)) as [string, string];
  lose(one);
  lose(two);
  writeFileSync(two, png('another'));
  const { into, document, exitCode } = await restored();
  expect(readFileSync(join(into, 'dataset/2_grey wolf/one.png'))).toEqual(readFileSync(one));
  expect(statSync(join(into, 'dataset/2_grey wolf/one.png')).nlink).toBe(1);
  expect(document.dataset).toMatchObject({ files: 5, found: 1 });
  expect(document.missing).toMatchObject([{ kind: 'image', path: 'dataset/2_grey wolf/two.png' }]);
  expect(exitCode).toBe(72);
});

test('a base model that is gone or another one is told', async () => {
  await recorded(world, training(world));
  rmSync(join(world.root, 'models/base.safetensors'));
  const { document, exitCode } = await restored();
  expect(document.missing).toMatchObject([
    { kind: 'model', path: join(world.root, 'models/base.safetensors'), reason: 'it is not where it was' },
  ]);
  expect(exitCode).toBe(72);
});

test('the directories of a dataset file stand under their names, and the file is rewritten with its comments', async () => {
  const subset = (path: string) => `[[datasets.subsets]]\nimage_dir = '${path}' # here\nnum_repeats = 2\n`;
  const data = join(world.root, 'datasets');
  world.write(join(data, 'a/10_wolf/x.png'), png('x'));
  world.write(join(data, 'b/10_wolf/y.png'), png('y'));
  const file = world.write(
    join(data, 'dataset.toml'),
    `# mine\n[[datasets]]\nresolution = 512\n${subset(join(data, 'a/10_wolf'))}${subset(join(data, 'b/10_wolf'))}`,
  );
  const text = readFileSync(file, 'utf8');
  await recorded(world, training(world, '--dataset_config', file));
  deleteOriginals();
  const { into, document } = await restored();
  expect(document.missing).toEqual([]);
  expect(existsSync(join(into, 'dataset/10_wolf/x.png'))).toBe(true);
  expect(existsSync(join(into, 'dataset/10_wolf~2/y.png'))).toBe(true);
  const rewritten = readFileSync(join(into, 'rewritten/dataset.toml'), 'utf8');
  expect(rewritten).toBe(
    text
      .replace(`'${join(data, 'a/10_wolf')}'`, `"${join(into, 'dataset/10_wolf')}"`)
      .replace(`'${join(data, 'b/10_wolf')}'`, `"${join(into, 'dataset/10_wolf~2')}"`),
  );
  expect(document.command).toContain(join(into, 'rewritten/dataset.toml'));
});
