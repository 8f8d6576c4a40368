import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { gitProcess } from './git-process.ts';

function directory(): string {
  const made = mkdtempSync(join(tmpdir(), 'spoor-git-'));
  onTestFinished(() => rmSync(made, { recursive: true, force: true }));
  return made;
}

test('a git that does not end is killed in time', async () => {
  const fifo = join(directory(), 'fifo');
  execFileSync('mkfifo', [fifo]);
  const git = gitProcess({ PATH: process.env.PATH });
  const answer = await git(['config', '--file', fifo, '--list'], { gitDirectory: directory(), milliseconds: 200 });
  expect(answer).toMatchObject({ status: null, failure: 'timeout' });
});

test('a git that is not there is told apart from one that fails', async () => {
  const gitDirectory = directory();
  expect(await gitProcess({ PATH: gitDirectory })(['version'], { gitDirectory })).toMatchObject({ failure: 'missing' });
  expect(await gitProcess({})(['version'], { gitDirectory })).toMatchObject({ failure: 'missing' });
  const failed = await gitProcess({ PATH: process.env.PATH })(['status'], { gitDirectory });
  expect(failed).toMatchObject({ status: 128, failure: null });
  expect(failed.stderr).toContain('not a git repository');
});

test('no variable of the user reaches git', async () => {
  const gitDirectory = directory();
  const git = gitProcess({
    PATH: process.env.PATH,
    GIT_CONFIG_COUNT: '1',
    GIT_CONFIG_KEY_0: 'a.b',
    GIT_CONFIG_VALUE_0: 'c',
  });
  expect((await git(['config', '--get', 'a.b'], { gitDirectory })).status).toBe(1);
});

test('input that git does not read harms nobody', async () => {
  const git = gitProcess({ PATH: process.env.PATH });
  const answer = await git(['version'], { gitDirectory: directory(), input: Buffer.alloc(4_000_000) });
  expect(answer.status).toBe(0);
});
