import { chmodSync, existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { finishRepository } from '../../src/capture/git/finish-repository.ts';
import { makeSnapshotDurable } from '../../src/store/code/durable-snapshot.ts';
import { keepHistory } from '../../src/store/code/history.ts';
import { verifyCode } from '../../src/store/code/verify.ts';
import { type CodeWorld, codeWorld, tree } from './world.ts';

const programs = [
  'core.fsmonitor',
  'core.editor',
  'core.pager',
  'core.sshCommand',
  'core.gitProxy',
  'core.askPass',
  'core.alternateRefsCommand',
  'pager.status',
  'pager.config',
  'diff.external',
  'diff.evil.textconv',
  'diff.evil.command',
  'filter.evil.clean',
  'filter.evil.smudge',
  'filter.evil.process',
  'merge.evil.driver',
  'gpg.program',
  'gpg.ssh.program',
  'credential.helper',
  'sequence.editor',
  'uploadpack.packObjectsHook',
  'interactive.diffFilter',
  'trailer.sign.command',
  'remote.origin.uploadpack',
  'remote.origin.receivepack',
];
const hooks = [
  'post-index-change',
  'fsmonitor-watchman',
  'pre-auto-gc',
  'post-checkout',
  'reference-transaction',
  'pre-commit',
  'post-commit',
  'pre-applypatch',
];

/** Makes a repository run a program at every occasion it can name. */
function poison(world: CodeWorld, gitDirectory: string, program: string): void {
  const set = (key: string, value: string) =>
    world.git(world.root, 'config', '--file', join(gitDirectory, 'config'), '--add', key, value);
  for (const key of programs) set(key, key.startsWith('credential') ? `!${program}` : program);
  for (const name of ['status', 'config', 'ls-files', 'describe', 'rev-list']) set(`alias.${name}`, `!${program}`);
  set('filter.evil.required', 'true');
  set('core.hooksPath', world.at('hooks'));
  set('core.worktree', '/');
  set('core.attributesFile', world.at('attributes'));
  set('core.fsmonitorHookVersion', '2');
  set('remote.origin.url', `ext::${program} %S`);
  set('remote.origin.promisor', 'true');
  set('remote.origin.partialCloneFilter', 'blob:none');
  set('protocol.ext.allow', 'always');
  set('submodule.sub.update', `!${program}`);
  set('status.submoduleSummary', 'true');
  set('diff.submodule', 'diff');
  set('submodule.recurse', 'true');
  set('commit.gpgSign', 'true');
  set('log.showSignature', 'true');
  set('include.path', world.at('included'));
  mkdirSync(join(gitDirectory, 'hooks'), { recursive: true });
  for (const directory of [join(gitDirectory, 'hooks'), world.at('hooks')]) {
    for (const hook of hooks) {
      world.write(join(directory, hook), readFileSync(program));
      chmodSync(join(directory, hook), 0o755);
    }
  }
}

test('nothing that a repository, its submodule or the user configures is run', async () => {
  const world = codeWorld();
  const trace = world.at('trace');
  const program = world.at('evil');
  world.write(program, `#!/bin/sh\necho "$0 $*" >> '${trace}'\ncat 2>/dev/null\n`);
  chmodSync(program, 0o755);
  const library = world.repository('library', { 'lib.py': 'x\n' });
  const top = world.repository('trainer', { 'a.py': '1\n', 'b.evil': '2\n' });
  world.git(top, 'submodule', 'add', '-q', library, 'sub');
  world.write(join(top, '.gitattributes'), '* filter=evil diff=evil merge=evil\n');
  world.git(top, 'add', '-A');
  world.git(top, 'commit', '-qm', 'all');
  world.repository('trainer/embedded', { 'e.py': 'e\n' });
  world.write(world.at('attributes'), '* filter=evil diff=evil\n');
  world.write(world.at('included'), `[core]\n\tfsmonitor = ${program}\n[filter "evil"]\n\tclean = ${program}\n`);
  world.write(join(world.env.HOME!, '.gitconfig'), `[include]\n\tpath = ${world.at('included')}\n`);
  for (const each of ['.git', '.git/modules/sub', 'embedded/.git']) poison(world, join(top, each), program);
  for (const path of ['a.py', 'sub/lib.py', 'embedded/e.py', 'new.py']) world.write(join(top, path), 'changed\n');
  // A blob that a promisor remote could be asked for.
  const blob = readFileSync(join(top, '.git/HEAD'), 'utf8') && world.git(library, 'rev-parse', 'HEAD:lib.py').trim();
  rmSync(join(top, '.git/modules/sub/objects', blob.slice(0, 2), blob.slice(2)), { force: true });

  const captured = await world.capture(top, { run: 'R' });
  const { repository } = captured;
  await makeSnapshotDurable(world.port, repository.code!, 'R', repository.snapshot!);
  const own = world.port.named(repository.code!);
  for (const work of captured.later) {
    if (work.kind === 'history') await keepHistory(world.port.git, own.gitDirectory, work);
    if (work.kind === 'repository') await finishRepository(world.port, own, work);
  }
  const restored = await world.restored(captured);
  await verifyCode(world.port.git, own, { milliseconds: 60_000 });

  expect(existsSync(trace) ? readFileSync(trace, 'utf8') : '').toBe('');
  expect(tree(restored)).toEqual(tree(top));
});

test('the trap works: git itself would run the planted program', () => {
  const world = codeWorld();
  const program = world.at('evil');
  world.write(program, `#!/bin/sh\necho run >> '${world.at('trace')}'\n`);
  chmodSync(program, 0o755);
  const top = world.repository('trainer');
  world.git(top, 'config', 'core.fsmonitor', program);
  world.git(top, 'status');
  expect(existsSync(world.at('trace'))).toBe(true);
});

test('a git in the work tree is not taken for git, even where PATH holds the current directory', async () => {
  const world = codeWorld();
  const top = world.repository('trainer');
  world.write(join(top, 'git'), `#!/bin/sh\necho run >> '${world.at('trace')}'\n`);
  chmodSync(join(top, 'git'), 0o755);
  const { gitProcess } = await import('../../src/store/code/git-process.ts');
  const git = gitProcess({ PATH: `.:${world.env.PATH}` });
  const answer = await git(['version'], { gitDirectory: join(top, '.git'), workTree: top });
  expect(answer.stdout.toString()).toMatch(/^git version/);
  expect(existsSync(world.at('trace'))).toBe(false);
});
