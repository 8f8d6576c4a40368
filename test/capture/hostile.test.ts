import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { program } from '../support/programs.ts';
import { recorded, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const edit = (path: string, from: string | RegExp, to: string) =>
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
const warned = (run: { warnings: { code: string; message: string }[] }) =>
  run.warnings.map(({ code, message }) => `${code}: ${message}`).join('\n');

/** Far more than any of it takes; a hang would be endless. */
const patient = { timeout: 25_000 };

describe('training goes on, nothing hangs, nothing is executed', patient, () => {
  test('whatever programs a repository asks git to run', async () => {
    const trap = program(world, 'trap', `echo "$0 $*" >> '${world.root}/sprung'; exit 1`);
    const set = (key: string, value = trap) => world.git(world.trainer, 'config', key, value);
    writeFileSync(join(world.trainer, '.git/hooks/post-index-change'), `#!/bin/sh\n${trap}\n`, { mode: 0o755 });
    for (const key of ['core.fsmonitor', 'core.pager', 'core.editor', 'core.sshCommand', 'gpg.program']) set(key);
    for (const key of ['diff.external', 'filter.x.clean', 'filter.x.process', 'diff.y.textconv']) set(key);
    set('core.hooksPath', join(world.trainer, '.git/hooks'));
    set('commit.gpgSign', 'true');
    world.write(join(world.trainer, '.gitattributes'), '* filter=x diff=y\n');
    world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 2\n');
    const { run, exitCode } = await recorded(world, training(world));
    expect(exitCode).toBe(0);
    expect(existsSync(join(world.root, 'sprung'))).toBe(false);
    expect(run.repos[0]).toMatchObject({ dirty: true, snapshot: expect.any(String) });
  });

  test.each([
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a directory', (path: string) => mkdirSync(path)],
    ['an endless device', (path: string) => symlinkSync('/dev/zero', path)],
    ['a link to itself', (path: string) => symlinkSync(path, path)],
  ])('a base model that is %s', async (_, make) => {
    const model = join(world.root, 'models/odd.safetensors');
    make(model);
    edit(world.config, 'base.safetensors', 'odd.safetensors');
    const { run, exitCode } = await recorded(world, training(world));
    expect([exitCode, run.status]).toEqual([0, 'succeeded']);
    const [file] = run.files.filter(({ role }) => role === 'base-model');
    expect(file).toMatchObject({ path: model, sha256: null });
  });

  test.each([
    ['a directory', (path: string) => mkdirSync(path)],
    ['a FIFO', (path: string) => execFileSync('mkfifo', [path])],
    ['a link to itself', (path: string) => symlinkSync(path, path)],
    ['5,000 levels deep', (path: string) => writeFileSync(path, `a = ${'['.repeat(5000)}${']'.repeat(5000)}\n`)],
    ['a table of 5,000 levels', (path: string) => writeFileSync(path, `[${'a.'.repeat(5000)}a]\n`)],
    ['bytes that are no text', (path: string) => writeFileSync(path, Buffer.from([0xff, 0, 0xfe, 10, 61]))],
    [
      '100 MB',
      (path: string) => {
        writeFileSync(path, 'a = "');
        truncateSync(path, 100 << 20);
      },
    ],
  ])('a configuration that is %s', async (_, make) => {
    const path = join(world.root, 'odd.toml');
    make(path);
    // It is no trainer that would read it: what counts is what Spoor does.
    world.write(join(world.trainer, 'train_network.py'), 'print("trained")\n');
    const { run, exitCode, stdout } = await recorded(world, [
      'python3',
      `${world.trainer}/train_network.py`,
      '--config_file',
      path,
    ]);
    expect([exitCode, stdout]).toEqual([0, 'trained\n']);
    expect(warned(run)).toContain('odd.toml');
  });

  test.each([
    ['JSON', 'dataset.json', `{"datasets": ${'['.repeat(5000)}${']'.repeat(5000)}}`],
    ['TOML', 'dataset.toml', `[[datasets]]\nx = ${'{a = '.repeat(5000)}1${'}'.repeat(5000)}\n`],
  ])('a dataset configuration of 5,000 levels in %s', async (_, name, text) => {
    const path = world.write(join(world.root, name), text);
    const { run, exitCode } = await recorded(world, training(world, '--dataset_config', path));
    expect(exitCode).toBe(0);
    expect(run.files.find(({ role }) => role === 'dataset-config')).toMatchObject({ path });
    expect(warned(run)).toContain(name);
  });

  test('a dataset with loops, devices, pipes and names of every kind', async () => {
    const folder = join(world.dataset, '2_grey wolf');
    symlinkSync('..', join(folder, 'loop'));
    symlinkSync('self', join(folder, 'self'));
    symlinkSync('/dev/zero', join(folder, 'zero.png'));
    execFileSync('mkfifo', [join(folder, 'pipe.png'), join(folder, 'pipe.txt')]);
    for (const name of ['\u001b[31mred', 'new\nline', 'quote\'"', '-rf', 'ünï']) {
      writeFileSync(join(folder, `${name}.png`), name);
      writeFileSync(join(folder, `${name}.txt`), name);
    }
    writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0xff, 0xfe]), Buffer.from('.png')]), 'x');
    const { run, exitCode, stderr } = await recorded(world, training(world));
    expect([exitCode, run.status]).toEqual([0, 'succeeded']);
    expect(run.dataset).toMatchObject({ captions: 8, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) });
    expect(run.dataset!.images).toBe(9);
    expect(run.dataset!.omitted.map(({ path }) => path)).toEqual(
      expect.arrayContaining(['2_grey wolf/pipe.png', '2_grey wolf/zero.png']),
    );
    expect(stderr).not.toContain('\u001b[31mred');
  });

  test('arguments with control characters are shown harmlessly and kept exactly', async () => {
    const odd = '\u001b]0;owned\u0007 a\nb';
    const { run, stderr } = await recorded(world, training(world, '--training_comment', odd), {
      args: ['--name', odd],
    });
    expect(run.command.at(-1)).toBe(odd);
    expect(run.name.full).toBe(odd);
    expect(stderr).not.toContain('\u001b]0;');
  });
});
