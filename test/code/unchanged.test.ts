import { readdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { captureRepository } from '../../src/capture/git/capture-repository.ts';
import { findRepositories } from '../../src/capture/git/find-repositories.ts';
import { listUserConfig } from '../../src/capture/git/user-config.ts';
import { makeSnapshotDurable } from '../../src/store/code/durable-snapshot.ts';
import { gitProcess } from '../../src/store/code/git-process.ts';
import { CodeRepositories } from '../../src/store/code-repositories.ts';
import { codeWorld, tree } from './world.ts';

/** A trainer's repository, and captures of it that tell which commands of git they needed. */
async function captures() {
  const world = codeWorld();
  const top = world.repository('trainer', { 'train.py': 'lr = 1\n', 'lib/net.py': 'x\n', 'run.sh': '#!/bin/sh\n' });
  world.write(join(top, 'notes.txt'), 'untracked');
  await olderThanATick(join(top, 'notes.txt'));
  const asked: string[] = [];
  const run = gitProcess(world.env);
  const port = new CodeRepositories(
    {
      codeDirectory: world.at('home/code'),
      cacheDirectory: world.at('home/cache'),
      scratchDirectory: world.at('home/cache/git'),
    },
    (args, options) => {
      asked.push(args[0]!);
      return run(args, options);
    },
  );
  let runs = 0;
  const capture = async () => {
    asked.length = 0;
    const id = `R${++runs}`;
    const [found] = findRepositories([{ path: top, roles: ['given'] }], world.env.HOME!);
    const users = listUserConfig(port.git, world.env);
    const captured = await captureRepository({ found: found!, run: id, port, environment: world.env, users });
    const commands = [...asked];
    const { code, snapshot } = captured.repository;
    await makeSnapshotDurable(port, code!, id, snapshot!);
    expect(captured.warnings).toEqual([]);
    expect(tree(await world.restored(captured))).toEqual(tree(top));
    return { commands, snapshot, own: port.named(code!) };
  };
  return { world, top, capture };
}

/** What changed within a tick of the clock before it was read may change again unseen, and is read again. */
async function olderThanATick(path: string): Promise<void> {
  while (Date.now() < statSync(path).ctimeMs + 30) await delay(5);
}

test('of a work tree that is as it was, git is asked only what it shows', async () => {
  const { world, top, capture } = await captures();
  const first = await capture();
  expect(first.commands).toEqual(['config', 'status', 'update-index', 'write-tree']);
  const second = await capture();
  expect(second.commands).toEqual(['config', 'status']);
  expect(second.snapshot).toBe(first.snapshot);
  world.git(top, 'commit', '-q', '--allow-empty', '-m', 'another HEAD over the same files');
  const third = await capture();
  expect(third.commands).toEqual(['config', 'status']);
  expect(third.snapshot).not.toBe(first.snapshot);
});

function rewritten(path: string, text: string): void {
  const before = statSync(path, { throwIfNoEntry: false });
  writeFileSync(path, text);
  if (before) utimesSync(path, before.atime, before.mtime);
}

test.each<[string, (top: string) => void]>([
  ['written with its size and time restored', (top) => rewritten(join(top, 'train.py'), 'lr = 2\n')],
  ['deleted', (top) => rmSync(join(top, 'lib/net.py'))],
  ['new', (top) => rewritten(join(top, 'new.py'), 'x')],
])('a file that is %s is seen', async (_, change) => {
  const { top, capture } = await captures();
  const first = await capture();
  change(top);
  expect((await capture()).snapshot).not.toBe(first.snapshot);
});

test('a snapshot that Spoor’s own repository has lost is taken again', async () => {
  const { capture } = await captures();
  const { own, snapshot } = await capture();
  rmSync(own.gitDirectory, { recursive: true });
  expect((await capture()).snapshot).toBe(snapshot);
});

test('no private index is left behind', async () => {
  const { world, capture } = await captures();
  const { own } = await capture();
  await capture();
  expect(readdirSync(world.at('home/cache/index'))).toEqual([own.code]);
});
