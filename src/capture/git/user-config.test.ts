import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { plainList, UserConfig } from './user-config.ts';

const config = (...entries: string[]) => new UserConfig(entries.map((each) => `${each}\0`).join(''));

test('the last value counts, and a key without value is true', () => {
  const found = config('core.eol\nlf', 'core.eol\ncrlf', 'core.filemode', 'core.bare\nfalse', 'core.x\nperhaps');
  expect(found.get('core.eol')).toBe('crlf');
  expect(found.flag('core.filemode')).toBe(true);
  expect(found.flag('core.bare')).toBe(false);
  expect(found.flag('core.x')).toBeNull();
  expect(found.flag('core.missing')).toBeNull();
});

test('remotes are named without credentials', () => {
  const { remotes } = config('remote.origin.url\nhttps://me:pass@example.org/a.git', 'remote.a.b.url\n/srv/b.git');
  expect(remotes.map(({ name }) => name)).toEqual(['origin', 'a.b']);
  expect(JSON.stringify(remotes)).not.toContain('pass');
  expect(remotes[1]?.url).toBe('/srv/b.git');
});

test('a branch follows the reference that the refspec maps it to', () => {
  const found = config(
    'remote.origin.fetch\n+refs/heads/*:refs/remotes/origin/*',
    'remote.one.fetch\nrefs/heads/main:refs/remotes/one/trunk',
    'branch.main.remote\norigin',
    'branch.main.merge\nrefs/heads/main',
    'branch.x.y.remote\norigin',
    'branch.x.y.merge\nrefs/heads/x.y',
    'branch.one.remote\none',
    'branch.one.merge\nrefs/heads/main',
    'branch.local.remote\n.',
    'branch.local.merge\nrefs/heads/main',
    'branch.odd.remote\norigin',
    'branch.odd.merge\nrefs/pull/1',
  );
  const follows = (branch: string) => found.upstream(branch)?.reference ?? null;
  expect(follows('main')).toBe('refs/remotes/origin/main');
  expect(follows('x.y')).toBe('refs/remotes/origin/x.y');
  expect(follows('one')).toBe('refs/remotes/one/trunk');
  expect(follows('local')).toBe('refs/heads/main');
  expect(follows('odd')).toBeNull();
  expect(follows('none')).toBeNull();
});

test('paths are absolute, with ~ for the home', () => {
  const found = config('a.b\n~/ignore', 'a.c\n/etc/ignore', 'a.d\nrelative');
  expect(found.path('a.b', '/home/me')).toBe('/home/me/ignore');
  expect(found.path('a.b', null)).toBeNull();
  expect(found.path('a.c', null)).toBe('/etc/ignore');
  expect(found.path('a.d', '/home/me')).toBeNull();
});

test('any text is a configuration', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const found = new UserConfig(text);
      expect(Array.isArray(found.remotes)).toBe(true);
      expect(typeof found.isPartial).toBe('boolean');
      found.upstream(text);
    }),
  );
});

test('a plain configuration file is read as git reads it, and any other is left to git', () => {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-config-'));
  onTestFinished(() => rmSync(directory, { recursive: true, force: true }));
  const file = join(directory, 'config');
  const env = { PATH: process.env.PATH, GIT_CONFIG_NOSYSTEM: '1', GIT_CONFIG_GLOBAL: '/dev/null' };
  const asGit = (text: string) => {
    writeFileSync(file, text, 'latin1');
    const { status, stdout } = spawnSync('git', ['config', '--list', '-z', '--file', file], { env, cwd: directory });
    return status === 0 ? stdout.toString('latin1') : null;
  };
  const usual =
    '[core]\n\trepositoryformatversion = 0\n\tbare = false\n# note\n[remote "origin"]\n\turl = https://example.org/a b.git \n\tfetch = +refs/heads/*:refs/remotes/origin/*\n[branch "Main.x"]\n\tremote = origin\n';
  expect(plainList(usual)).toBe(asGit(usual));
  const odd = [
    '',
    ' ',
    '\t',
    '"',
    '\\',
    '#',
    ';',
    '=',
    ' = ',
    '\n',
    '\r',
    '[',
    ']',
    '.',
    '[a]\n',
    '[A "B c"]\n',
    'key',
  ];
  const piece = fc.oneof(fc.constantFrom(...odd, '\tkey = value\n', '[include]\n', 'é'), fc.string({ maxLength: 3 }));
  let read = 0;
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 8 }), (pieces) => {
      const text = `[core]\n\tbare = ${pieces.join('')}`;
      const found = plainList(text);
      if (found === null) return;
      read++;
      expect(found).toBe(asGit(Buffer.from(text, 'latin1').toString('latin1')));
    }),
    { numRuns: 300 },
  );
  expect(read).toBeGreaterThan(0);
});

test.each([
  '[include]\n\tpath = other\n',
  '[includeIf "gitdir:/x/"]\n\tpath = other\n',
  '[extensions]\n\tworktreeConfig = true\n',
  '[core]\n\trepositoryformatversion = 1\n',
  '[core]\n\tpager = "less"\n',
  '[core]\n\tpager = less \\\n\t-R\n',
  '[alias]\n\tx = !sh # comment\n',
  '[alias.sub]\n\tx = y\n',
])('what draws in other files, or is written in an unusual way, is git’s to read: %j', (text) => {
  expect(plainList(text)).toBeNull();
});
