import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finishRepository } from '../../src/capture/git/finish-repository.ts';
import { codeWorld, tree } from './world.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test('of ignored files small sources and configuration are kept, and nothing that others made', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', {
    '.gitignore': 'local*\noutput/\nvenv/\nmy-env/\n__pycache__/\n*.safetensors\n',
  });
  const kept = ['local_settings.toml', 'local.py', 'local.sh', 'output/config.yaml', 'output/deep/patch.py'];
  const left = [
    'local.bin',
    'output/model.safetensors',
    'output/image.png',
    'venv/lib/x.py',
    'my-env/pyvenv.cfg',
    'my-env/lib/x.py',
    '__pycache__/a.py',
    'output/node_modules/x.json',
    'output/.git/config.py',
  ];
  for (const name of [...kept, ...left]) world.write(join(top, name), name);
  world.write(join(top, 'output/huge.json'), 'x'.repeat(2_000_000));
  symlinkSync('/etc', join(top, 'output/etc'));
  execFileSync('mkfifo', [join(top, 'output/fifo.py')]);

  const captured = await world.capture(top);

  expect(captured.warnings).toEqual([]);
  expect(Object.keys(tree(await world.restored(captured))).sort()).toEqual(['.gitignore', ...kept].sort());
  expect(captured.repository.changes.ignoredKept).toBe(kept.length);
  expect(captured.repository).toMatchObject({ dirty: false, omitted: [] });
});

test("the user's own lists of ignored files count", async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1' });
  world.write(join(top, '.git/info/exclude'), '*.one\n');
  world.write(join(world.env.HOME!, '.config/git/ignore'), '*.two\n');
  for (const name of ['x.one', 'x.two', 'x.three']) world.write(join(top, name), 'x');
  const files = async () => Object.keys(tree(await world.restored(await world.capture(top))));
  expect(await files()).toEqual(['a.py', 'x.three']);
  world.write(join(world.env.HOME!, '.gitconfig'), '[core]\n\texcludesFile = ~/mine\n');
  world.write(join(world.env.HOME!, 'mine'), '*.three\n');
  expect(await files()).toEqual(['a.py', 'x.two']);
});

test('untracked and ignored secrets leave name, size and hash, and no byte', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { '.gitignore': '.env\nprivate/\n' });
  const secrets = ['.env', 'id_rsa', 'secrets.json', 'private/server.key', 'deep/.env.local'];
  for (const name of secrets) world.write(join(top, name), `hush ${name}`);

  const captured = await world.capture(top);

  expect(Object.keys(tree(await world.restored(captured)))).toEqual(['.gitignore']);
  const { omitted } = captured.repository;
  expect(omitted.map(({ path }) => path).sort()).toEqual([...secrets].sort());
  for (const { path, reason, bytes, sha256: hash } of omitted) {
    expect([reason, bytes, hash]).toEqual(['secret', 5 + path.length, sha256(`hush ${path}`)]);
  }
  const own = world.port.named(captured.repository.code!);
  const kept = readdirSync(join(own.gitDirectory, 'objects'), { recursive: true, withFileTypes: true })
    .filter((each) => each.isFile())
    .map((each) => readFileSync(join(each.parentPath, each.name), 'latin1'));
  expect(kept.length).toBeGreaterThan(0);
  // Loose objects are stored without compression.
  expect(kept.filter((content) => content.includes('hush'))).toEqual([]);
});

test('a tracked secret is kept, byte for byte, and flagged afterwards', async () => {
  const world = codeWorld();
  const token = `hf_${'aBcDeFgHiJkLmNoPqRsTuVwXyZ01234567'.split('').reverse().join('')}`;
  const top = world.repository('trainer', { 'upload.py': `token = "${token}"\n`, '.env': 'A=1\n', 'train.py': 'x' });
  const captured = await world.capture(top);
  expect(tree(await world.restored(captured))).toEqual(tree(top));
  const work = captured.later.find((each) => each.kind === 'repository')!;
  const finished = await finishRepository(world.port, world.port.named(captured.repository.code!), work as never);
  expect(finished.likelySecrets).toEqual([{ path: 'upload.py', kind: 'huggingface-token' }]);
});

test('an untracked file above the limit is known by name and size at once, and by hash later', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1' });
  world.write(join(top, 'model.safetensors'), 'm'.repeat(3000));
  world.write(join(top, 'changing.bin'), 'c'.repeat(3000));
  world.write(join(top, 'small.bin'), 's'.repeat(2000));

  const captured = await world.capture(top, { limits: { untrackedFileBytes: 2500 } });

  expect(Object.keys(tree(await world.restored(captured)))).toEqual(['a.py', 'small.bin']);
  expect(captured.warnings.map(({ code }) => code)).toEqual(['files-too-large']);
  expect(captured.repository.omitted).toEqual([
    { path: 'changing.bin', reason: 'too-large', bytes: 3000, sha256: null },
    { path: 'model.safetensors', reason: 'too-large', bytes: 3000, sha256: null },
  ]);
  world.write(join(top, 'changing.bin'), 'd'.repeat(3000));
  const work = JSON.parse(JSON.stringify(captured.later.find((each) => each.kind === 'repository')));
  const finished = await finishRepository(world.port, world.port.named(captured.repository.code!), work);
  expect(finished.omitted.map((each) => each.sha256)).toEqual([null, sha256('m'.repeat(3000))]);
});

test('a tracked file above the limit is recorded by name and size, and the run is warned of it', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', 'model.safetensors': 'm'.repeat(3000) });

  const captured = await world.capture(top, { limits: { trackedFileBytes: 2500 } });

  expect(Object.keys(tree(await world.restored(captured)))).toEqual(['a.py']);
  expect(captured.warnings).toMatchObject([
    { code: 'files-too-large', message: expect.stringContaining('model.safetensors') },
  ]);
  expect(captured.repository.omitted).toMatchObject([{ path: 'model.safetensors', reason: 'too-large', bytes: 3000 }]);
});

test('untracked files stay within budgets of count and size; tracked ones are kept all the same', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { 'a.py': '1', 'b.py': '2', 'c.py': '3' });
  for (let i = 0; i < 5; i++) world.write(join(top, `u${i}`), 'x'.repeat(10));

  const byCount = await world.capture(top, { limits: { files: 2 } });
  expect(Object.keys(tree(await world.restored(byCount)))).toEqual(['a.py', 'b.py', 'c.py', 'u0', 'u1']);
  expect(byCount.warnings.map(({ code }) => code)).toEqual(['files-budget']);
  expect(byCount.repository.omitted).toHaveLength(3);

  const bySize = await world.capture(top, { limits: { bytes: 35 } });
  expect(Object.keys(tree(await world.restored(bySize)))).toEqual(['a.py', 'b.py', 'c.py', 'u0', 'u1', 'u2']);
});

test('a directory that is no repository keeps its sources, and not its data', async () => {
  const world = codeWorld();
  const top = world.at('loose scripts');
  for (const name of ['train.py', 'conf/a.toml', 'image.png', 'venv/pyvenv.cfg', 'venv/x.py', '.env']) {
    world.write(join(top, name), name);
  }
  mkdirSync(join(top, 'loop'));
  symlinkSync('..', join(top, 'loop/up'));

  const captured = await world.capture(join(top, 'train.py'));

  expect(captured.warnings.map(({ code }) => code)).toEqual(['not-a-repository']);
  expect(captured.repository).toMatchObject({ kind: 'directory', head: null, dirty: null, name: 'loose scripts' });
  expect(Object.keys(tree(await world.restored(captured)))).toEqual(['conf/a.toml', 'train.py']);
  expect(captured.repository.omitted).toMatchObject([{ path: '.env', reason: 'secret', sha256: sha256('.env') }]);
});

test('a walk of ignored directories ends at its budget, and says so', async () => {
  const world = codeWorld();
  const top = world.repository('trainer', { '.gitignore': 'output/\n' });
  for (let i = 0; i < 60; i++) world.write(join(top, `output/${i}.py`), 'x');
  const captured = await world.capture(top, { limits: { files: 3 } });
  expect(captured.warnings.map(({ code }) => code)).toContain('walk-incomplete');
});
