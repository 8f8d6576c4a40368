import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { readIndex } from './index-file.ts';
import { parseTracked, trackedCommand } from './status.ts';

function repository(format = 'sha1') {
  const top = mkdtempSync(join(tmpdir(), 'spoor-index-'));
  onTestFinished(() => rmSync(top, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, HOME: top, GIT_CONFIG_NOSYSTEM: '1' };
  const git = (...args: string[]) => execFileSync('git', args, { cwd: top, env });
  git('init', '-q', `--object-format=${format}`);
  mkdirSync(join(top, 'deep/er'), { recursive: true });
  for (const name of ['a', 'bb', 'ccc', 'dddd', 'eeeee', 'ffffff', 'ggggggg', 'deep/er/狼.py', 'new\nline']) {
    writeFileSync(join(top, name), name);
  }
  git('add', '.');
  return { index: join(top, '.git/index'), git, tracked: () => parseTracked(git(...trackedCommand)) };
}

test.each(['sha1', 'sha256'] as const)('an index of %s names is read as git reads it', async (format) => {
  const { index, git, tracked } = repository(format);
  git('update-index', '--assume-unchanged', 'a');
  git('update-index', '--skip-worktree', 'bb');
  git('update-index', '--add', '--cacheinfo', `160000,${'a'.repeat(format === 'sha1' ? 40 : 64)},module`);
  const read = await readIndex(index, format);
  expect(read).toEqual({ problem: null, tracked: tracked() });
});

test('forms that only git reads are left to it', async () => {
  const { index, git } = repository();
  git('update-index', '--index-version', '4');
  expect(await readIndex(index, 'sha1')).toEqual({ problem: null, tracked: null });
  git('update-index', '--index-version', '2');
  git('update-index', '--split-index');
  expect(await readIndex(index, 'sha1')).toEqual({ problem: null, tracked: null });
});

test('an index that is not there tracks nothing', async () => {
  const read = await readIndex(join(tmpdir(), 'no-such-index'), 'sha1');
  expect(read).toEqual({ problem: null, tracked: { files: [], submodules: new Map(), unwatched: [] } });
});

test('any damage is a problem, also where the checksum is not set', async () => {
  const { index } = repository();
  const whole = readFileSync(index);
  await fc.assert(
    fc.asyncProperty(
      fc.nat(whole.length - 1),
      fc.integer({ min: 1, max: 255 }),
      fc.boolean(),
      async (at, flip, cut) => {
        const damaged = cut ? whole.subarray(0, at) : Buffer.from(whole);
        if (!cut) damaged[at]! ^= flip;
        writeFileSync(index, damaged);
        expect((await readIndex(index, 'sha1')).problem).not.toBeNull();
        const unsigned = Buffer.concat([damaged, Buffer.alloc(20)]);
        writeFileSync(index, unsigned);
        await readIndex(index, 'sha1');
      },
    ),
    { numRuns: 60 },
  );
});
