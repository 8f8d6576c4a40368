/** Records, trees and manifests that want to write elsewhere: nothing leaves the directory. */

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { recorded, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

async function restored() {
  const into = join(world.root, 'place/back');
  const result = await spoor(world, ['restore', '@', '--into', into, '--json']);
  return { into, document: JSON.parse(String(result.stdout) || 'null'), ...result };
}

/** Writes the facts of the only run anew. */
function forge(id: string, change: (fact: Record<string, unknown>) => void): void {
  const journal = join(world.spoorHome, 'runs', id, 'journal.jsonl');
  const lines = readFileSync(journal, 'utf8').trimEnd().split('\n');
  const forged = lines.map((line) => {
    const fact = JSON.parse(line);
    change(fact);
    return `${JSON.stringify(fact)}\n`;
  });
  writeFileSync(journal, forged.join(''));
}

function store(bytes: string): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const directory = join(world.spoorHome, 'objects', sha256.slice(0, 2));
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, sha256), bytes);
  return sha256;
}

test('names of a manifest that lead out of the dataset are written nowhere', async () => {
  const { run } = await recorded(world, training(world));
  const evil = store('evil');
  const names = ['../../evil', '/tmp/evil', 'a/../../../evil', './evil', 'nul\0', 'a', 'a/b', '', 'x'.repeat(300)];
  const manifest = names.map(
    (path) => `${JSON.stringify({ root: 0, path, kind: 'image', bytes: 4, sha256: evil, object: evil })}\n`,
  );
  const sha256 = store([...manifest, 'no json\n', '{"root":9,"path":"p","kind":"image","bytes":1}\n'].join(''));
  forge(run.id, (fact) => {
    if (fact.type === 'dataset') Object.assign(fact.dataset as object, { manifest: sha256 });
  });
  const { into, document, exitCode } = await restored();
  expect(exitCode).toBe(72);
  expect(readdirSync(join(world.root, 'place'))).toEqual(['back']);
  expect(readdirSync(join(into, 'dataset'))).toEqual(['a']);
  expect(existsSync('/tmp/evil')).toBe(false);
  expect(document.missing.map(({ path }: { path: string }) => path)).toContain('dataset/p');
});

test('names of repositories and files that lead out are given others', async () => {
  const { run } = await recorded(world, training(world));
  forge(run.id, (fact) => {
    if (fact.type === 'repository') {
      const repository = fact.repository as Record<string, unknown>;
      const leadingOut = { path: '../../../evil', reason: 'too-large', bytes: 4, sha256: store('evil') };
      Object.assign(repository, {
        name: '../../evil',
        branch: '../../../evil',
        omitted: [leadingOut],
        nested: [
          { path: '../evil', submodule: false, head: repository.head, branch: 'main', dirty: false, remote: null },
        ],
      });
    }
    if (fact.type === 'file') {
      const file = fact.file as { role: string; path: string };
      if (file.role === 'prompts') Object.assign(file, { role: '../../evil', path: '/x/..' });
    }
  });
  const { into, exitCode } = await restored();
  expect([72, 74]).toContain(exitCode);
  expect(readdirSync(join(world.root, 'place'))).toEqual(['back']);
  expect(readdirSync(join(into, 'repos'))).toEqual(['unnamed']);
  expect(world.git(join(into, 'repos/unnamed'), 'rev-parse', '--abbrev-ref', 'HEAD')).toBe('HEAD\n');
});

/** A commit whose tree holds these entries, however odd, in Spoor's own repository. */
function forgeSnapshot(code: string, entries: { mode: string; name: string; content: string | Entries }[]): string {
  const git = (args: string[], input: string | Buffer) =>
    execFileSync('git', ['--git-dir', join(world.spoorHome, 'code', `${code}.git`), ...args], {
      input,
      env: world.env,
      encoding: 'utf8',
    }).trim();
  const treeOf = (list: Entries): string => {
    const bytes = list.map(({ mode, name, content }) => {
      const object = typeof content === 'string' ? git(['hash-object', '-w', '--stdin'], content) : treeOf(content);
      return Buffer.concat([Buffer.from(`${mode} ${name}\0`), Buffer.from(object, 'hex')]);
    });
    return git(['hash-object', '-t', 'tree', '-w', '--stdin', '--literally'], Buffer.concat(bytes));
  };
  const tree = treeOf(entries);
  const commit = `tree ${tree}\nauthor A <a@b> 0 +0000\ncommitter A <a@b> 0 +0000\n\nx\n`;
  return git(['hash-object', '-t', 'commit', '-w', '--stdin', '--literally'], commit);
}
type Entries = { mode: string; name: string; content: string | Entries }[];

test.each<[string, Entries]>([
  [
    'a link and a folder of one name',
    [
      { mode: '120000', name: 'a', content: '../../..' },
      { mode: '40000', name: 'a', content: [{ mode: '100644', name: 'evil', content: 'evil' }] },
    ],
  ],
  ['a name that leads up', [{ mode: '100644', name: '..', content: 'evil' }]],
  ['a name with a slash', [{ mode: '100644', name: '../../../evil', content: 'evil' }]],
  [
    'git’s own directory',
    [{ mode: '40000', name: '.git', content: [{ mode: '100755', name: 'hooks', content: 'evil' }] }],
  ],
])('a snapshot with %s writes nothing elsewhere', async (_, entries) => {
  const { run } = await recorded(world, training(world));
  const snapshot = forgeSnapshot(run.repos[0]!.code!, entries);
  forge(run.id, (fact) => {
    if (fact.type === 'repository') Object.assign(fact.repository as object, { snapshot });
  });
  const { into } = await restored();
  expect(readdirSync(join(world.root, 'place'))).toEqual(['back']);
  expect(existsSync(join(world.root, 'evil'))).toBe(false);
  expect(existsSync(join(into, 'evil'))).toBe(false);
  const hooks = join(into, 'repos/sd-scripts/.git/hooks');
  expect(existsSync(hooks) && lstatSync(hooks).isFile()).toBe(false);
});

test('a link of the work tree is not gone through to write what it left out', async () => {
  const outside = join(world.root, 'outside');
  mkdirSync(outside);
  execFileSync('ln', ['-s', outside, join(world.trainer, 'models')]);
  const big = world.write(join(world.root, 'kept/big.bin'), 'big');
  const { run } = await recorded(world, training(world));
  const sha256 = createHash('sha256').update('big').digest('hex');
  forge(run.id, (fact) => {
    if (fact.type !== 'repository') return;
    const omitted = [{ path: 'models/big.bin', reason: 'too-large', bytes: 3, sha256 }];
    Object.assign(fact.repository as object, { omitted, path: join(world.root, 'kept') });
  });
  mkdirSync(join(world.root, 'kept/models'));
  writeFileSync(join(world.root, 'kept/models/big.bin'), readFileSync(big));
  const { document } = await restored();
  expect(readdirSync(outside)).toEqual([]);
  expect(document.missing).toMatchObject([{ kind: 'code', path: 'repos/sd-scripts/models/big.bin' }]);
});

test('objects that were damaged are not taken for what they were', async () => {
  const { run } = await recorded(world, training(world));
  const config = run.files.find(({ role }) => role === 'config')!;
  const object = join(world.spoorHome, 'objects', config.object!.slice(0, 2), config.object!);
  rmSync(object);
  writeFileSync(object, 'other');
  writeFileSync(world.config, 'other = 1\n');
  const { into, document, exitCode } = await restored();
  expect(exitCode).toBe(72);
  expect(document.missing).toMatchObject([{ kind: 'file', path: 'config.toml' }]);
  expect(existsSync(join(into, 'config.toml'))).toBe(false);
});
