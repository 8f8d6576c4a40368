/** `spoor clean`, `spoor trash` and `spoor rm`: what earlier runs left, and the way back. */
import { appendFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { openHome } from '../../src/store/home.ts';
import { rememberSetUp } from '../../src/tracker/set-up.ts';
import { temporaryWorld } from '../run/play.ts';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import { clean, contents, elsewhere, failing, leftOver, otherFileSystem, trash } from './play.ts';

test('spoor clean finds what failed runs left; with --dry-run it only says what it would do', async () => {
  const world = temporaryWorld();
  const empty = await leftOver(world, '--output_dir', join(world.root, 'out/empty'));
  const useful = await leftOver(world, '--output_dir', join(world.root, 'out/useful'));
  writeFileSync(join(world.root, 'out/useful/wolf-000004.png'), 'x');
  const before = contents(join(world.root, 'out'));
  const told = [
    { run: empty.id, action: 'would-remove', reason: expect.stringContaining('failed: out-of-memory'), files: 5 },
    { run: useful.id, action: 'kept', reason: 'it holds wolf-000004.png', files: null },
  ];
  expect(await clean(world, '--dry-run')).toMatchObject(told);
  expect([contents(join(world.root, 'out')), (await shown(world, '@')).cleaned?.reason]).toEqual([
    before,
    'it was asked for',
  ]);

  expect(await clean(world)).toMatchObject([{ ...told[0], action: 'removed' }, told[1]]);
  expect(existsSync(join(world.root, 'out/empty'))).toBe(false);
  expect(existsSync(join(world.root, 'out/useful/spoor.json'))).toBe(true);
  expect((await shown(world, empty.id)).cleaned).toMatchObject({ state: 'removed', files: 5 });
  expect((await shown(world, useful.id)).cleaned).toMatchObject({ state: 'kept', reason: 'it holds wolf-000004.png' });

  const { stdout } = await spoor(world, ['clean']);
  expect(String(stdout)).toMatch(/^kept .*out\/useful .*: it holds wolf-000004.png\n$/);
});

test('where nothing was left spoor clean says so, and directories that were there before are not told', async () => {
  const world = temporaryWorld();
  await recorded(world, training(world));
  mkdirSync(join(world.root, 'mine'));
  await leftOver(world, '--output_dir', join(world.root, 'mine'));
  expect(await clean(world)).toEqual([]);
  expect(String((await spoor(world, ['clean'])).stderr)).toContain('no failed run has left anything');
  expect(existsSync(join(world.root, 'mine/spoor.json'))).toBe(true);
});

test('two runs that failed in one directory keep it for neither, and one that succeeded keeps it', async () => {
  const world = temporaryWorld();
  const first = await leftOver(world);
  await leftOver(world);
  expect(existsSync(join(world.output, `repos.git.${first.id}`))).toBe(true);
  expect(await clean(world, '--dry-run')).toMatchObject([{ run: first.id, action: 'would-remove' }]);
  const { run } = await recorded(world, training(world));
  rmSync(world.output, { recursive: true });
  mkdirSync(world.output, { recursive: true });
  expect(await clean(world)).toMatchObject([
    { run: first.id, action: 'kept', reason: `run ${run.id} uses it too (succeeded)` },
  ]);
});

test('what was removed already is told of no more, also where a later run left the same directory', async () => {
  const world = temporaryWorld();
  const { run: first } = await recorded(world, training(world), { env: failing });
  expect(first.cleaned?.state).toBe('removed');
  const second = await leftOver(world);
  expect(await clean(world, '--dry-run')).toMatchObject([{ run: second.id, action: 'would-remove' }]);
  expect(await clean(world)).toMatchObject([{ run: second.id, action: 'removed' }]);
  expect((await trash(world)).map(({ run }) => run).sort()).toEqual([first.id, second.id].sort());
});

test('a directory that was moved, and one that another took the place of, are left alone', async () => {
  const world = temporaryWorld();
  await leftOver(world);
  rmSync(world.output, { recursive: true });
  expect(await clean(world)).toEqual([]);
  world.write(join(world.output, 'thesis.txt'), 'mine');
  expect(await clean(world)).toMatchObject([{ action: 'kept', reason: 'it holds thesis.txt' }]);
});

test('runs of another machine are not cleaned here, though their paths may exist', async () => {
  const world = temporaryWorld();
  const run = await leftOver(world);
  const journal = join(world.spoorHome, 'runs', run.id, 'journal.jsonl');
  writeFileSync(journal, readFileSync(journal, 'utf8').replaceAll(`"host":"${run.host}"`, '"host":"cluster-7"'));
  await spoor(world, ['reindex']);
  expect(await clean(world)).toEqual([]);
  expect(existsSync(world.output)).toBe(true);
});

describe('spoor trash restore', () => {
  test('puts the directory back as it was, and what was brought back is not cleaned again', async () => {
    const world = temporaryWorld();
    const run = await leftOver(world);
    const before = contents(world.output);
    await clean(world);
    expect(existsSync(world.output)).toBe(false);
    const result = await spoor(world, ['trash', 'restore', run.name.full]);
    expect([result.exitCode, String(result.stderr)]).toEqual([0, `spoor: brought back ${world.output}\n`]);
    expect(contents(world.output)).toEqual(before);
    expect((await shown(world, run.id)).cleaned).toMatchObject({ state: 'restored', trash: null });
    expect(await trash(world)).toEqual([]);
    expect(await clean(world)).toMatchObject([{ action: 'kept', reason: 'it was brought back from the trash' }]);
  });

  test('makes the directories above it again', async () => {
    const world = temporaryWorld();
    await leftOver(world);
    await clean(world);
    rmSync(join(world.output, '..'), { recursive: true });
    expect((await spoor(world, ['trash', 'restore', '@'])).exitCode).toBe(0);
    expect(existsSync(join(world.output, 'spoor.json'))).toBe(true);
  });

  test('refuses if something is there now, and names it and the remedy', async () => {
    const world = temporaryWorld();
    const run = await leftOver(world);
    await clean(world);
    mkdirSync(world.output);
    const result = await spoor(world, ['trash', 'restore', run.id.slice(0, 22)]);
    expect(result.exitCode).toBe(78);
    expect(String(result.stderr)).toContain(`${world.output} is there already`);
    expect(String(result.stderr)).toContain(`hint: Move it away, then again: spoor trash restore ${run.id}`);
    expect(await trash(world)).toMatchObject([{ kind: 'output', run: run.id, from: world.output }]);
  });

  test('says what it does not find', async () => {
    const world = temporaryWorld();
    await leftOver(world);
    for (const reference of ['@', 'nobody', '01ARZ3']) {
      const result = await spoor(world, ['trash', 'restore', reference]);
      expect([result.exitCode, String(result.stderr)]).toEqual([
        66,
        `error: the trash holds nothing of run ${reference}\nhint: spoor trash ls shows what is there.\n`,
      ]);
    }
  });

  test('brings back a record that rm removed, with its output directory if that was removed, too', async () => {
    const world = temporaryWorld();
    const run = await leftOver(world);
    await clean(world);
    const record = contents(join(world.spoorHome, 'runs', run.id));
    expect((await spoor(world, ['rm', '@'])).exitCode).toBe(0);
    expect(String((await spoor(world, ['ls'])).stderr)).toContain('Nothing has been recorded yet');
    expect((await trash(world)).map(({ kind, run: of, name }) => [kind, of, name])).toEqual([
      ['output', run.id, run.name.full],
      ['record', run.id, run.name.full],
    ]);
    expect((await spoor(world, ['trash', 'restore', run.name.full])).exitCode).toBe(0);
    expect(contents(join(world.spoorHome, 'runs', run.id))).toMatchObject({ log: record?.log });
    expect((await shown(world, '@')).cleaned?.state).toBe('restored');
    expect(existsSync(join(world.output, 'spoor.json'))).toBe(true);
  });
});

test('emptying deletes for good what is old enough, and the record tells', async () => {
  const world = temporaryWorld();
  const run = await leftOver(world);
  await clean(world);
  const old = await spoor(world, ['trash', 'empty', '--older-than', '30d']);
  expect([String(old.stderr), (await trash(world)).length]).toEqual(['spoor: deleted 0 entries, 0 B\n', 1]);
  expect((await spoor(world, ['trash', 'empty', '--older-than', 'soon'])).exitCode).toBe(64);
  expect(String((await spoor(world, ['trash', 'ls'])).stdout)).toContain(run.name.full);
  expect(String((await spoor(world, ['trash', 'empty'])).stderr)).toContain('deleted 1 entry');
  expect([await trash(world), contents(join(world.spoorHome, 'trash'))]).toEqual([[], {}]);
  expect((await shown(world, '@')).cleaned).toMatchObject({ state: 'deleted', trash: null });
  expect((await spoor(world, ['verify'])).exitCode).toBe(0);
});

describe.skipIf(!otherFileSystem)('across file systems', () => {
  test('a directory is copied, compared and then removed, and comes back the same way', async () => {
    const world = { ...temporaryWorld() };
    const far = elsewhere() as string;
    const output = join(far, 'wolf-v1');
    const run = await leftOver(world, '--output_dir', output);
    const before = contents(output);
    expect(await clean(world)).toMatchObject([{ action: 'removed', directory: output }]);
    expect(contents(far)).toEqual({});
    expect(contents((await trash(world))[0]?.to ?? '')).toEqual(before);
    expect((await spoor(world, ['trash', 'restore', run.id])).exitCode).toBe(0);
    expect(contents(far)).toEqual({ 'wolf-v1': 'directory', ...under('wolf-v1', before) });
    expect(await trash(world)).toEqual([]);
  });
});

const under = (directory: string, found: Record<string, string> | null) =>
  Object.fromEntries(Object.entries(found ?? {}).map(([path, content]) => [`${directory}/${path}`, content]));

describe('of a directory that the shell library made', () => {
  test('nothing is left after a failed run, for it was made for this run', async () => {
    const world = temporaryWorld();
    world.write(join(world.output, 'train.zsh'), '#!/bin/zsh\n');
    const home = await openHome(world.spoorHome);
    const sha256 = '8e1ff9ba4e4a5e0b0ed2e2d1cb5f2a8b2e5b0e8f4a0b7a5f4b3c1d2e3f405162';
    await rememberSetUp(home, world.output, { 'train.zsh': { sha256 } });
    const changed = await recorded(world, training(world), { env: failing });
    expect(changed.run.cleaned).toMatchObject({
      state: 'kept',
      reason: 'it holds train.zsh, changed since Spoor wrote it',
    });
    const { createHash } = await import('node:crypto');
    await rememberSetUp(home, world.output, {
      'train.zsh': { sha256: createHash('sha256').update('#!/bin/zsh\n').digest('hex') },
    });
    expect(await clean(world)).toMatchObject([{ run: changed.run.id, action: 'removed' }]);
    expect(existsSync(world.output)).toBe(false);
  });

  test('a second run finds it there already', async () => {
    const world = temporaryWorld();
    mkdirSync(world.output, { recursive: true });
    await rememberSetUp(await openHome(world.spoorHome), world.output, {});
    const { run } = await recorded(world, training(world));
    expect(run.status).toBe('succeeded');
    const again = await recorded(world, training(world), { env: failing });
    expect(again.run.cleaned).toMatchObject({ state: 'kept', reason: 'it was there before the run' });
    expect(existsSync(join(world.output, 'wolf.safetensors'))).toBe(true);
  });

  test('spoor clean --output DIR --created removes what was laid out when no run began', async () => {
    const world = temporaryWorld();
    const home = await openHome(world.spoorHome);
    world.write(join(world.output, 'config.toml'), 'seed = 1\n');
    const one = () => spoor(world, ['clean', '--output', 'output/wolf-v1', '--created']);
    expect(String((await one()).stderr)).toContain(`kept ${world.output}: it holds config.toml`);
    const { createHash } = await import('node:crypto');
    const sha256 = createHash('sha256').update('seed = 1\n').digest('hex');
    await rememberSetUp(home, world.output, { 'config.toml': { sha256 } });
    const quiet = await spoor(world, ['clean', '--output', world.output, '--created'], { env: { NO_CLEAN: '1' } });
    expect([quiet.exitCode, String(quiet.stderr), existsSync(world.output)]).toEqual([0, '', true]);
    const done = await one();
    expect([done.exitCode, existsSync(world.output)]).toEqual([0, false]);
    const [entry] = await trash(world);
    expect(String(done.stderr)).toContain(`spoor trash restore ${entry?.id}`);
    const again = await one();
    expect([again.exitCode, String(again.stdout) + String(again.stderr)]).toEqual([0, '']);
    expect((await spoor(world, ['trash', 'restore', entry?.id ?? ''])).exitCode).toBe(0);
    expect(readFileSync(join(world.output, 'config.toml'), 'utf8')).toBe('seed = 1\n');
  });

  test('a directory that a run has is left to that run', async () => {
    const world = temporaryWorld();
    await leftOver(world);
    const result = await spoor(world, ['clean', '--output', world.output, '--created']);
    expect([result.exitCode, String(result.stderr), existsSync(world.output)]).toEqual([0, '', true]);
  });
});

test('a file of Spoor’s that was appended to keeps the directory in spoor clean, too', async () => {
  const world = temporaryWorld();
  await leftOver(world);
  appendFileSync(join(world.output, 'repos.git'), '# checked by hand\n');
  expect(await clean(world)).toMatchObject([
    { action: 'kept', reason: 'it holds repos.git, changed since Spoor wrote it' },
  ]);
});
