/** Datasets as `spoor run` records them, one run after the other. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { recorded, shown, spoorBin, training } from '../support/spoor.ts';
import { makeWorld, png, type World } from '../support/world.ts';

const canTrace = spawnSync('strace', ['-qqq', '-o', '/dev/null', 'true']).status === 0;

let world: World;
let images: string;
beforeEach(() => {
  world = makeWorld();
  images = join(world.dataset, '2_grey wolf');
});
afterEach(() => world.remove());

const manifestOf = ({ dataset }: Run): { path: string; kind: string; sha256: string; object: string | null }[] =>
  readFileSync(objectPath(dataset!.manifest!), 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line));
const objectPath = (sha256: string) => join(world.spoorHome, 'objects', sha256.slice(0, 2), sha256);

/** A run whose every opened file, by whichever process, is written down. */
async function tracedRun(): Promise<{ run: Run; opened: string[] }> {
  const trace = join(world.root, 'trace');
  const command = [process.execPath, spoorBin, 'run', '--', ...training(world)];
  // The trainer of this world opens no image itself.
  const calls = ['-e', 'trace=open,openat,openat2', '-e', 'signal=none'];
  const { status } = spawnSync('strace', ['-f', '-qqq', '-s', '4096', ...calls, '-o', trace, ...command], {
    cwd: world.root,
    env: world.env,
  });
  expect(status).toBe(0);
  const opened = readFileSync(trace, 'utf8')
    .split('\n')
    .filter((line) => !line.includes('O_DIRECTORY'))
    .map((line) => /"(.*?)"/.exec(line)?.[1] ?? '')
    .filter((path) => path.startsWith(world.dataset));
  return { run: await shown(world, '@'), opened: [...new Set(opened)].sort() };
}

test.skipIf(!canTrace)(
  'a second run opens no image and no caption again, but one rewritten with the same size and mtime it does',
  async () => {
    const first = await recorded(world, training(world));
    const second = await tracedRun();
    expect(second.run.dataset).toEqual(first.run.dataset);
    expect(second.opened.filter((path) => path.startsWith(images))).toEqual([]);

    const rewritten = join(images, 'two.png');
    const { atime, mtime, size } = statSync(rewritten);
    writeFileSync(rewritten, png('two').fill(0, size - 1));
    utimesSync(rewritten, atime, mtime);
    expect(statSync(rewritten)).toMatchObject({ size, mtimeMs: mtime.getTime() });
    const third = await tracedRun();
    expect(third.opened.filter((path) => path.startsWith(images))).toEqual([rewritten]);
    expect(third.run.dataset!.sha256).not.toBe(first.run.dataset!.sha256);
    const changed = manifestOf(third.run).filter(
      (file) => !manifestOf(first.run).some(({ path, sha256 }) => path === file.path && sha256 === file.sha256),
    );
    expect(changed.map(({ path }) => path)).toEqual(['2_grey wolf/two.png']);
    // Both versions are kept.
    for (const { object } of [...manifestOf(first.run), ...manifestOf(third.run)]) {
      expect(existsSync(objectPath(object!))).toBe(true);
    }
  },
);
