import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { lstat, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { sdScripts } from '../trainers/sd-scripts/sd-scripts.ts';
import { type Followed, type FollowOptions, followRun } from './follow-run.ts';
import { artifactsOf, promptsOf, typesOf } from './testing/journal.ts';
import { hashOf, plan, safetensors } from './testing/stand-in.ts';

let root: string;
const at = (name: string) => join(root, name);
const children = new Set<ChildProcess>();

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'spoor-follow-'));
  await writeFile(at('prompts.txt'), 'a wolf\n');
});
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  children.clear();
  await rm(root, { recursive: true, force: true });
});

function start(script: string, ...args: string[]): ChildProcess {
  const child = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', join(import.meta.dirname, 'testing', script), ...args],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  children.add(child);
  return child;
}

const train = (pauseMs: number) => start('train.mjs', at('output'), at('log'), at('prompts.txt'), String(pauseMs));
const record = (startedAt: number) =>
  start('recorder.ts', at('output'), at('log'), at('prompts.txt'), at('journal'), String(startedAt), at('ended'));

/** What the journal says of the artefacts, without times of the observer's. */
async function recorded(): Promise<Record<string, unknown>[]> {
  const artifacts = [...artifactsOf(await readFile(at('journal'), 'utf8')).values()];
  return artifacts
    .map(({ path, goneAt, ...rest }) => ({ ...rest, path: path.slice(root.length), gone: goneAt !== null }))
    .sort((a, b) => (a.path < b.path ? -1 : 1));
}

async function whatIsThere(): Promise<string[]> {
  const names = (await readdir(at('output'))).filter((name) => name !== 'sample').map((name) => `/output/${name}`);
  return [...names, ...(await readdir(at('output/sample'))).map((name) => `/output/sample/${name}`)].sort();
}

test('all that a trainer writes while it is watched is found, placed and hashed', async () => {
  const startedAt = Date.now();
  const recorder = record(startedAt);
  const trainer = train(30);
  await once(trainer, 'exit');
  await writeFile(at('ended'), '');
  await once(recorder, 'exit');
  const found = await recorded();
  expect(found.filter((each) => !each.gone).map((each) => each.path)).toEqual(await whatIsThere());
  for (const each of found.filter((each) => !each.gone && each.kind === 'checkpoint')) {
    expect(each.sha256).toBe(hashOf(await readFile(join(root, each.path as string))));
    expect(each).toMatchObject({ sessionId: '7', step: expect.any(Number), tensorSha256: expect.any(String) });
  }
  const gone = found.filter((each) => each.gone).map((each) => [each.step, each.kind]);
  expect(gone).toEqual([1, 2, 3, 4].map((step) => [step, 'checkpoint']));
  const journal = await readFile(at('journal'), 'utf8');
  expect(promptsOf(journal)).toEqual(expect.arrayContaining([hashOf('a wolf, second version\n')]));
  expect(typesOf(journal).filter((type) => type === 'metadata')).toHaveLength(1);
  expect(typesOf(journal).at(-1)).toBe('log');
});

test('a follower that is killed again and again records the same as one that comes when all is over', async () => {
  const startedAt = Date.now();
  const trainer = train(120);
  const exited = once(trainer, 'exit').then(() => writeFile(at('ended'), ''));
  for (let kills = 0; kills < 6; kills++) {
    const recorder = record(startedAt);
    const gone = once(recorder, 'exit');
    await setTimeout(80 + Math.random() * 250);
    recorder.kill('SIGKILL');
    await gone;
  }
  await exited;
  await once(record(startedAt), 'exit');
  const often = await recorded();
  await rm(at('journal'));
  await once(record(startedAt), 'exit');
  const late = await recorded();
  // Who came late cannot know the bytes of what had been deleted; all else is equal.
  const known = (each: Record<string, unknown>) =>
    each.gone ? { path: each.path, step: each.step, gone: true } : each;
  expect(often.map(known)).toEqual(late.map(known));
  expect(late.filter((each) => !each.gone).map((each) => each.path)).toEqual(await whatIsThere());
});

function follow(more: Partial<FollowOptions>): AsyncGenerator<Followed> {
  return followRun({
    trainer: sdScripts,
    outputs: plan(root),
    cwd: root,
    logPath: at('log'),
    startedAt: Date.now(),
    existedBefore: null,
    known: [],
    prompts: [],
    wantsMetadata: true,
    ended: AbortSignal.abort(),
    ...more,
  });
}

async function all(found: AsyncGenerator<Followed>): Promise<Followed[]> {
  const list: Followed[] = [];
  for await (const each of found) list.push(each);
  return list;
}

test('a run that ended while nobody followed is gone over once', async () => {
  await writeFile(at('log'), `saving checkpoint: ${at('kumo.safetensors')}\nmodel saved.\n`);
  await writeFile(at('kumo.safetensors'), safetensors({ ss_seed: '42' }));
  const prompts = [{ path: at('prompts.txt'), recorded: hashOf('another') }];
  expect(await all(follow({ prompts }))).toMatchObject([
    { type: 'prompts', version: { sha256: hashOf('a wolf\n') } },
    { type: 'artifact', artifact: { final: true } },
    { type: 'metadata', path: at('kumo.safetensors'), metadata: { ss_seed: '42' } },
    { type: 'log', log: { anchors: { modelSaved: true } } },
  ]);
});

test('a run of which nothing is left is gone over without complaint', async () => {
  await rm(root, { recursive: true });
  expect((await all(follow({}))).map((each) => each.type)).toEqual(['log']);
});

test('the metadata is told of the earliest checkpoint that can be read', async () => {
  for (const [step, time] of [
    [8, 2],
    [4, 1],
  ] as const) {
    const path = at(`kumo-step0000000${step}.safetensors`);
    await writeFile(path, safetensors({ ss_steps: String(step) }));
    await setTimeout(time * 5);
  }
  const found = await all(follow({}));
  expect(found.find((each) => each.type === 'metadata')).toMatchObject({ metadata: { ss_steps: '8' } });
});

test('the directory is looked at again as soon as it changes, long before the interval', async () => {
  const ended = new AbortController();
  const log = `saving checkpoint: kumo.safetensors\nmodel saved.\n`;
  const found = follow({ ended: ended.signal, everyMs: 3_600_000 });
  const firstArtifact = found.next();
  await setTimeout(100);
  await writeFile(at('log'), log);
  await writeFile(at('kumo.safetensors'), safetensors({}));
  expect((await firstArtifact).value).toMatchObject({ type: 'artifact' });
  ended.abort();
  expect((await all(found)).at(-1)?.type).toBe('log');
  expect((await lstat(at('kumo.safetensors'))).isFile()).toBe(true);
});
