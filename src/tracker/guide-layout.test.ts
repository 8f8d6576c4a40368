import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstat, mkdir, mkdtemp, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { FileRole, FileState, RepoState } from '../model/facts.ts';
import { type LayoutInput, writeGuideLayout, writeLogCopy } from './guide-layout.ts';
import { reposText } from './repos-file.ts';

const first = '01KATRS3T0W5R2MZ9C4Q7XHVJD';
const second = '01KATRS3T0W5R2MZ9C4Q7XHVJE';
let root: string;
let directory: string;
let logPath: string;
const objects = new Map<string, Uint8Array>();
const at = (name: string) => join(directory, name);
const text = (name: string) => readFile(at(name), 'utf8');
const hash = (algorithm: string, content: string) => createHash(algorithm).update(content).digest('hex');

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spoor-layout-'));
  directory = join(root, 'output', 'wolf');
  logPath = join(root, 'log');
  await writeFile(logPath, 'steps: 1\n');
});
afterEach(() => rm(root, { recursive: true, force: true }));

function file(role: FileRole, path: string, content: string): FileState {
  const object = hash('sha256', content);
  objects.set(object, Buffer.from(content));
  return {
    role,
    path,
    key: null,
    kind: 'file',
    sha1: hash('sha1', content),
    sha256: object,
    bytes: content.length,
    object,
  };
}

const repo: RepoState = {
  name: 'sd-scripts',
  path: '/home/lab/lora/sd-scripts',
  kind: 'git',
  roles: ['trainer'],
  head: '8f4ee8fc343b047965cd8976fca65c3a35b7593a',
  branch: 'main',
  describe: 'v0.9.1',
  remote: 'https://github.com/kohya-ss/sd-scripts',
  remotes: [],
  ahead: 0,
  behind: 0,
  dirty: true,
  changes: { staged: 1, unstaged: 2, untracked: 0, ignoredKept: 0 },
  changedPaths: [],
  snapshot: '4b825dc642cb6eb9a060e54bf8d69288fbee4904',
  code: 'sd',
  nested: [],
  omitted: [],
  likelySecrets: [],
  shallow: false,
};

function input(run: string, config = 'seed = 42\n', more: Partial<LayoutInput> = {}): LayoutInput {
  return {
    directory,
    make: true,
    run,
    name: 'noob-wolf-v3s2400',
    home: 'home-1',
    spoor: '0.1.0',
    startedAt: '2026-11-23T20:53:44.000Z',
    repos: [repo],
    prepared: {},
    files: [
      file('config', '/lab/wolf/train.toml', config),
      file('prompts', '/lab/wolf/prompts.txt', 'a wolf\n'),
      file('script', '/lab/wolf/train wolf.zsh', '#!/usr/bin/env zsh\n'),
    ],
    readObject: async (sha256) => objects.get(sha256)!,
    logPath,
    ...more,
  };
}

const git = (...args: string[]) =>
  execFileSync('git', ['config', '--file', at('repos.git'), ...args])
    .toString()
    .trim();

test('the guide’s files stand in the output directory, which is made if need be', async () => {
  const result = await writeGuideLayout(input(first));
  expect(result.warnings).toEqual([]);
  expect(Object.keys(result.placed).sort()).toEqual((await readdir(directory)).sort());
  expect(await readdir(directory)).toEqual([
    'config.toml',
    'repos.git',
    'sample-prompts.txt',
    'sdscripts.log',
    'spoor.json',
    'train wolf.zsh',
  ]);
  expect(await text('config.toml')).toBe('seed = 42\n');
  expect(await text('train wolf.zsh')).toBe('#!/usr/bin/env zsh\n');
  expect(JSON.parse(await text('spoor.json'))).toMatchObject({
    format: 'spoor-run',
    version: 1,
    run: first,
    home: 'home-1',
  });
});

test('git itself reads repos.git', async () => {
  await writeGuideLayout(input(first));
  expect(git('repository.sd-scripts.commit')).toBe(repo.head);
  expect(git('repository.sd-scripts.state')).toBe('1 staged, 2 changed, 0 untracked');
  expect(git('file.config.toml.sha1')).toBe(hash('sha1', 'seed = 42\n'));
  expect(git('file.sample-prompts.txt.path')).toBe('/lab/wolf/prompts.txt');
  expect(git('spoor.run')).toBe(first);
});

test('whatever a path holds, git reads it back and the terminal is not written to', async () => {
  await mkdir(directory, { recursive: true });
  const odd = fc.string({ unit: fc.constantFrom('a', ' ', '"', '\\', '\n', '\t', '#', ';', '=', '[', ']', 'ü', '狼') });
  await fc.assert(
    fc.asyncProperty(odd, odd, async (path, name) => {
      await writeFile(
        at('repos.git'),
        reposText({ ...input(first), repos: [{ ...repo, path, name: `${name}x` }], files: [] }),
      );
      const section = `${name}x`.replaceAll('\n', '\\x0a').replaceAll('\t', '\\x09');
      const value = execFileSync('git', [
        'config',
        '--file',
        at('repos.git'),
        '-z',
        `repository.${section}.path`,
      ]).toString();
      expect(value).toBe(`${path}\0`);
    }),
    { numRuns: 40 },
  );
  const controlled = reposText({
    ...input(first),
    repos: [{ ...repo, path: '/a\u001b[2J', name: 'b\u001b' }],
    files: [],
  });
  expect(controlled).not.toContain('\u001b');
});

test('writing the layout again changes nothing', async () => {
  await writeGuideLayout(input(first));
  await writeLogCopy({ directory, run: first, logPath });
  const before = await everything();
  await writeGuideLayout(input(first));
  await writeLogCopy({ directory, run: first, logPath });
  expect(await everything()).toEqual(before);
});

test('the log is a link while it is written and a copy at the end', async () => {
  await writeGuideLayout(input(first));
  expect(await readlink(at('sdscripts.log'))).toBe(logPath);
  await writeFile(logPath, 'steps: 1\nsteps: 2\n');
  const result = await writeLogCopy({ directory, run: first, logPath });
  expect(result).toMatchObject({ warnings: [], placed: { 'sdscripts.log': { sha256: expect.any(String) } } });
  expect((await lstat(at('sdscripts.log'))).isFile()).toBe(true);
  expect(await text('sdscripts.log')).toBe('steps: 1\nsteps: 2\n');
});

test('a second run has the plain names, and nothing of the first is lost', async () => {
  await writeGuideLayout(input(first));
  await writeLogCopy({ directory, run: first, logPath });
  await writeFile(logPath, 'steps: 99\n');
  const result = await writeGuideLayout(input(second, 'seed = 43\n'));
  await writeLogCopy({ directory, run: second, logPath });
  expect(result.warnings).toEqual([]);
  expect(await text('config.toml')).toBe('seed = 43\n');
  expect(await text(`config.toml.${first}`)).toBe('seed = 42\n');
  expect(await text('sdscripts.log')).toBe('steps: 99\n');
  expect(await text(`sdscripts.log.${first}`)).toBe('steps: 1\n');
  expect(JSON.parse(await text(`spoor.json.${first}`)).run).toBe(first);
  expect(await text('sample-prompts.txt'), 'equal in both').toBe('a wolf\n');
  expect(await text(`repos.git.${first}`)).toContain(first);
});

test('what was laid out before the run is replaced, unless someone has changed it', async () => {
  const before = input(first, 'seed = 41\n', { files: [file('config', '/lab/wolf/train.toml', 'seed = 41\n')] });
  await mkdir(directory, { recursive: true });
  await writeFile(at('config.toml'), 'seed = 41\n');
  await writeFile(at('sample-prompts.txt'), 'a fox\n');
  const { sha256 } = before.files[0]!;
  const prepared = { 'config.toml': { sha256: sha256! }, 'sample-prompts.txt': { sha256: sha256! } };
  const result = await writeGuideLayout(input(first, 'seed = 42\n', { prepared }));
  expect(await text('config.toml')).toBe('seed = 42\n');
  expect(await text('sample-prompts.txt')).toBe('a fox\n');
  expect(result.warnings.map(({ code }) => code)).toEqual(['layout-file-kept']);
});

test('two runs at once in one directory keep out of each other’s way', async () => {
  const otherLog = join(root, 'log-2');
  await writeFile(otherLog, 'other\n');
  await writeGuideLayout(input(first));
  await writeGuideLayout(input(second, 'seed = 43\n', { logPath: otherLog }));
  const end = await writeLogCopy({ directory, run: first, logPath });
  await writeGuideLayout(input(first));
  expect(end.warnings).toEqual([]);
  expect(await text(`sdscripts.log.${first}`)).toBe('steps: 1\n');
  expect(await readlink(at('sdscripts.log'))).toBe(otherLog);
  expect(JSON.parse(await text('spoor.json')).run).toBe(second);
  await writeLogCopy({ directory, run: second, logPath: otherLog });
  expect(await text('sdscripts.log')).toBe('other\n');
});

test('a file that is not Spoor’s stays, and a warning says where this run’s is', async () => {
  await mkdir(directory, { recursive: true });
  await writeFile(at('config.toml'), 'mine');
  await writeFile(at('spoor.json'), 'mine too');
  const result = await writeGuideLayout(input(first));
  expect(await text('config.toml')).toBe('mine');
  expect(await text('spoor.json')).toBe('mine too');
  expect(await text(`config.toml.${first}`)).toBe('seed = 42\n');
  expect(result.warnings.map((each) => each.code)).toEqual(['layout-file-kept', 'layout-file-kept']);
  expect(Object.keys(result.placed)).toContain(`spoor.json.${first}`);
  expect(git(`file.config.toml.${first}.role`)).toBe('config');
});

test('a file of Spoor’s that someone has edited since is theirs', async () => {
  await writeGuideLayout(input(first));
  await writeFile(at('config.toml'), 'edited');
  await writeGuideLayout(input(second, 'seed = 43\n'));
  expect(await text('config.toml')).toBe('edited');
  expect(await text(`config.toml.${second}`)).toBe('seed = 43\n');
});

test('links, FIFOs and directories in the way are neither followed nor removed', async () => {
  await mkdir(directory, { recursive: true });
  const victim = join(root, 'victim');
  await writeFile(victim, 'untouched');
  await symlink(victim, at('config.toml'));
  await symlink(victim, at('sdscripts.log'));
  await symlink(victim, at(`.spoor-${first}.tmp`));
  await mkdir(at('repos.git'));
  execFileSync('mkfifo', [at('sample-prompts.txt')]);
  const result = await writeGuideLayout(input(first));
  await writeLogCopy({ directory, run: first, logPath });
  expect(await readFile(victim, 'utf8')).toBe('untouched');
  expect(await readlink(at('config.toml'))).toBe(victim);
  expect(await readlink(at('sdscripts.log'))).toBe(victim);
  expect((await lstat(at('repos.git'))).isDirectory()).toBe(true);
  expect(await text(`sdscripts.log.${first}`)).toBe('steps: 1\n');
  expect(result.warnings).toHaveLength(4);
});

test('a planted spoor.json can have nothing overwritten', async () => {
  await mkdir(directory, { recursive: true });
  await writeFile(at('config.toml'), 'mine');
  const files = { 'config.toml': { sha256: hash('sha256', 'mine') }, 'repos.git': 7, __proto__: null };
  await writeFile(at('spoor.json'), JSON.stringify({ format: 'spoor-run', version: 1, run: second, files }));
  await writeFile(at(`config.toml.${second}`), 'also mine');
  await writeGuideLayout(input(first));
  expect(await text('config.toml')).toBe('mine');
  expect(await text(`config.toml.${second}`)).toBe('also mine');
  expect(await text(`config.toml.${first}`)).toBe('seed = 42\n');
});

test('a configuration that is no TOML keeps its name; others do not collide', async () => {
  const files = [
    file('config', '/lab/job.yaml', 'a'),
    file('dataset-config', '/lab/dataset.toml', 'b'),
    file('prompts', '/lab/p.json', 'c'),
    file('script', '/lab/config.toml', 'd'),
    file('prompts', '/lab/p.json', 'a later version'),
    { ...file('script', '/lab/huge.sh', 'e'), object: null },
  ];
  await writeGuideLayout(input(first, '', { files, logPath: null }));
  expect(await readdir(directory)).toEqual([
    'config.toml',
    'config~2.toml',
    'job.yaml',
    'repos.git',
    'sample-prompts.json',
    'spoor.json',
  ]);
  expect(await text('sample-prompts.json')).toBe('c');
  expect(git('file.huge.sh.sha1')).toBe(hash('sha1', 'e'));
});

test('what cannot be written is a warning, and the rest is written', async () => {
  const readObject = async (sha256: string) => {
    if (sha256 === hash('sha256', 'a wolf\n')) throw new Error('object is corrupt');
    return objects.get(sha256)!;
  };
  const result = await writeGuideLayout(input(first, 'seed = 42\n', { readObject }));
  expect(result.warnings).toMatchObject([{ code: 'layout-not-written', message: expect.stringContaining('corrupt') }]);
  expect(await readdir(directory)).toHaveLength(5);
  await writeFile(join(root, 'blocked'), '');
  const blocked = await writeGuideLayout(input(first, '', { directory: join(root, 'blocked', 'x') }));
  expect(blocked).toMatchObject({ placed: {}, warnings: [{ code: 'layout-not-written' }] });
});

test('a directory that was removed is not made again for the log', async () => {
  expect(await writeLogCopy({ directory, run: first, logPath })).toEqual({ directory, placed: {}, warnings: [] });
  expect(await readdir(root)).toEqual(['log']);
});

async function everything(): Promise<[string, string, bigint][]> {
  const names = await readdir(directory);
  return Promise.all(
    names.map(
      async (name) =>
        [name, await text(name), (await lstat(at(name), { bigint: true })).ino] as [string, string, bigint],
    ),
  );
}
