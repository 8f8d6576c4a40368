import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { cells } from '../../src/cli/text.ts';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
const hostile = 'wolf\u001b]0;owned\u0007\u001b[31m\u009b2J\u202e<b>';

beforeAll(async () => {
  world = makeWorld();
  await recorded(world, training(world), {
    args: ['--name', 'noob-wolf-v1s6', '--reason', 'first try', '--tag', 'good'],
  });
  world.write(`${world.trainer}/library/train_util.py`, 'VALUE = 2\n');
  await recorded(world, training(world, '--learning_rate=4e-4'), {
    args: ['--name', 'noob-wolf-v2s6'],
    env: { T_FAIL_AT: '4' },
  });
  await recorded(world, ['true'], { args: ['--name', hostile, '--reason', hostile] });
}, 120_000);
afterAll(() => world.remove());

const names = async (...query: string[]) => {
  const { stdout, exitCode } = await spoor(world, ['ls', '--json', ...query]);
  expect(exitCode).toBe(0);
  return (JSON.parse(stdout) as { name: string }[]).map(({ name }) => name);
};

test('runs are found by status, dataset, tag, setting, time and words', async () => {
  expect(await names('status:failed')).toEqual(['noob-wolf-v2s6']);
  expect(await names('dataset:wolf', 'tag:good')).toEqual(['noob-wolf-v1s6']);
  expect(await names('lr>1e-4')).toEqual(['noob-wolf-v2s6']);
  expect(await names('first', 'try', 'since:7d')).toEqual(['noob-wolf-v1s6']);
  expect(await names('-tag:good', 'family:noob-wolf')).toEqual(['noob-wolf-v2s6']);
  expect(await names('family:noob-wolf', '--sort', 'started', '-n', '1')).toEqual(['noob-wolf-v1s6']);
});

test('options may stand behind the query', async () => {
  const { stdout } = await spoor(world, ['ls', 'status:failed', '--json']);
  expect(JSON.parse(stdout)).toHaveLength(1);
});

test.each([40, 80, 120])('list and page fit %d columns', async (columns) => {
  for (const args of [['ls'], ['show', 'noob-wolf-v2s6'], ['show', 'noob-wolf-v1s6', '--all']]) {
    const { stdout } = await spoor(world, args, { env: { COLUMNS: String(columns) } });
    for (const line of stdout.split('\n')) expect(cells(line), line).toBeLessThanOrEqual(columns);
  }
});

test('the page says how a run ended and why, what made it and what it made', async () => {
  const { stdout } = await spoor(world, ['show', 'noob-wolf-v2s6'], { env: { COLUMNS: '100' } });
  expect(stdout).toMatch(/^noob-wolf-v2s6 {2}✗ failed$/m);
  expect(stdout).toMatch(/^why +.*memory/m);
  expect(stdout).toMatch(/^remedy +\S/m);
  expect(stdout).toMatch(/^ {2}learning_rate +4e-4 .*argument$/m);
  expect(stdout).toMatch(/M library\/train_util\.py$/m);
  expect(stdout).toMatch(/3 images {2}3 captions/);
  expect(stdout).toMatch(/1 checkpoint/);
});

test('what a hostile run says is shown as text, in pages, lists and JSON', async () => {
  for (const args of [['show', '@'], ['ls'], ['show', '@', '--json'], ['ls', '--json']]) {
    const { stdout } = await spoor(world, args);
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    expect(stdout).toContain('<b>');
  }
  expect((await shown(world, '@')).name.full).toBe(hostile);
});

test('notes, tags and verdicts of people are on the page', async () => {
  for (const args of [
    ['note', 'noob-wolf-v1s6', 'paws are right,\nears melt'],
    ['tag', 'noob-wolf-v1s6', '+fur', '-good'],
    ['verdict', 'noob-wolf-v1s6', 'mixed', '--why', 'flat nights'],
  ]) {
    expect((await spoor(world, args)).exitCode).toBe(0);
  }
  const run = await shown(world, 'noob-wolf-v1s6');
  expect(run).toMatchObject({ tags: ['fur'], verdict: 'mixed', verdictWhy: 'flat nights' });
  expect(run.notes[0]?.text).toBe('paws are right,\nears melt');
  const { stdout } = await spoor(world, ['show', 'noob-wolf-v1s6']);
  expect(stdout).toMatch(/^verdict +mixed: flat nights$/m);
  expect(stdout).toMatch(/^ +paws are right,\n +ears melt$/m);
});

test.each([
  [['frob'], 127],
  [['help', 'frob'], 127],
  [['show', 'nothing-of-that-name'], 66],
  [['ls', '--frob'], 64],
  [['ls', 'status:faild'], 64],
  [['tag', '@'], 64],
  [['verdict', '@', 'good'], 64],
  [['note', '@'], 64],
  [['note', '@', '--edit', '9', 'x'], 66],
  [['note', '@', '--withdraw', '1', 'x'], 64],
  [['note', '@', '--withdraw', '1', '--edit', '1'], 64],
])('%j is refused with status %d and a hint', async (args, status) => {
  const { exitCode, stdout, stderr } = await spoor(world, args);
  expect({ exitCode, stdout }).toEqual({ exitCode: status, stdout: '' });
  expect(stderr).toMatch(/^error: .+\nhint: /);
});

test('a note is taken from standard input, and from the editor', async () => {
  const id = 'noob-wolf-v2s6';
  expect((await spoor(world, ['note', id], { stdin: 'pipe', input: '- from a pipe\n' })).exitCode).toBe(0);
  const editor = world.write(`${world.root}/my editor.sh`, 'printf "# from %s" "$1" > "$2"\n');
  const EDITOR = `sh '${editor}' "an editor"`;
  expect((await spoor(world, ['note', id], { env: { EDITOR } })).exitCode).toBe(0);
  expect((await shown(world, id)).notes.map((each) => each.text)).toEqual(['- from a pipe', '# from an editor']);
});

test('a note is changed and withdrawn by its number, and found by what it says now', async () => {
  const id = 'noob-wolf-v1s6';
  const notes = async () => (await shown(world, id)).notes;
  expect((await spoor(world, ['note', id, 'tails curl'])).exitCode).toBe(0);
  const [, second] = await notes();
  const EDITOR = 'sed -i s/curl/droop/';
  expect((await spoor(world, ['note', id, '--edit', 'last'], { env: { EDITOR } })).exitCode).toBe(0);
  expect(await notes()).toMatchObject([{}, { id: second?.id, at: second?.at, text: 'tails droop' }]);
  expect((await notes())[1]?.editedAt).toMatch(/Z$/);
  expect((await spoor(world, ['show', id])).stdout).toMatch(/^ *2 .+, changed .+\n +tails droop$/m);
  const found = async (word: string) => {
    const [searched, listed] = [
      await spoor(world, ['search', word, '--json']),
      await spoor(world, ['ls', word, '--json']),
    ];
    return [JSON.parse(String(searched.stdout)).length, JSON.parse(String(listed.stdout)).length];
  };
  expect([await found('droop'), await found('curl')]).toEqual([
    [1, 1],
    [0, 0],
  ]);
  expect((await spoor(world, ['note', id, '--withdraw', '2'])).exitCode).toBe(0);
  expect((await notes()).map(({ text }) => text)).toEqual(['paws are right,\nears melt']);
  expect(await found('droop')).toEqual([0, 0]);
  expect((await spoor(world, ['note', id, '--edit', second?.id ?? '', 'tails droop'])).exitCode).toBe(0);
  expect((await notes()).map(({ text }) => text)).toEqual(['paws are right,\nears melt', 'tails droop']);
});

test('a run that is removed goes to the trash, packs are written, the catalog is rebuilt, all is verified', async () => {
  const before = (await names()).length;
  expect((await spoor(world, ['rm', '@'])).exitCode).toBe(0);
  expect(await names()).toHaveLength(before - 1);
  const reindexed = await spoor(world, ['reindex', '--json']);
  expect(JSON.parse(reindexed.stdout)).toMatchObject({ runs: before - 1 });
  const packed = await spoor(world, ['pack', 'noob-wolf-v1s6', '-o', 'wolf.tar', '--json']);
  expect(JSON.parse(packed.stdout)).toMatchObject({ file: `${world.root}/wolf.tar`, missing: [] });
  const verified = await spoor(world, ['verify', '--json']);
  expect({ ...JSON.parse(verified.stdout), exitCode: verified.exitCode }).toEqual({ problems: [], exitCode: 0 });
});

const text = z.string();
const maybe = text.nullable();
const measured = z.union([z.number(), z.enum(['NaN', 'Infinity', '-Infinity'])]);
const contract = z.object({
  id: z.string().length(26),
  name: z.object({ full: text, model: maybe, dataset: maybe, version: maybe, steps: z.number().nullable() }),
  status: z.enum(['running', 'succeeded', 'failed', 'interrupted', 'lost']),
  exitCode: z.number().nullable(),
  signal: maybe,
  reason: maybe,
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime().nullable(),
  command: z.array(text).min(1),
  cwd: text,
  outputDir: maybe,
  trainer: maybe,
  repos: z
    .array(
      z.object({
        name: text,
        path: text,
        head: maybe,
        branch: maybe,
        dirty: z.boolean().nullable(),
        snapshot: maybe,
        remote: maybe,
      }),
    )
    .min(1),
  files: z.array(z.object({ role: text, path: text, sha1: maybe, sha256: maybe, bytes: z.number().nullable() })).min(3),
  dataset: z.object({ files: z.number(), images: z.literal(3), captions: z.literal(3), sha256: text }),
  environment: z.object({
    python: maybe,
    packages: z.array(z.object({ name: text, version: maybe })),
    conda: maybe,
    torch: maybe,
    cuda: maybe,
    gpus: z.array(z.object({ name: text })),
    os: text,
    variables: z.record(text, z.unknown()),
  }),
  diagnosis: z.object({ code: text, message: text, hint: maybe }).nullable(),
  artifacts: z
    .array(
      z.object({
        kind: z.enum(['checkpoint', 'sample', 'state']),
        path: text,
        step: z.number().nullable(),
        epoch: z.number().nullable(),
        bytes: z.number().nullable(),
        sha256: maybe,
        tensorSha256: maybe,
      }),
    )
    .min(1),
  series: z
    .array(
      z.object({
        tag: text,
        points: z.number(),
        first: measured,
        last: measured,
        min: z.number().nullable(),
        max: z.number().nullable(),
      }),
    )
    .min(1),
  notes: z.array(z.unknown()),
  tags: z.array(text),
  verdict: z.enum(['worked', 'failed', 'mixed']).nullable(),
  warnings: z.array(z.object({ code: text, message: text, hint: maybe })),
});

test('the JSON of a run holds every key of the contract, of its type', async () => {
  const [good, bad] = [await shown(world, 'noob-wolf-v1s6'), await shown(world, 'noob-wolf-v2s6')];
  expect(contract.safeParse(good).error).toBeUndefined();
  expect(contract.safeParse(bad).error).toBeUndefined();
  expect([good.diagnosis, bad.diagnosis?.code]).toEqual([null, 'out-of-memory']);
});

test('list and page give the same parts of a name; what trained on a dataset is found by it either way', async () => {
  const { stdout } = await spoor(world, ['ls', '--json']);
  const listed = JSON.parse(stdout) as { id: string; dataset: string | null; model: string | null }[];
  for (const { id, dataset, model } of listed) expect((await shown(world, id)).name).toMatchObject({ dataset, model });
  expect(await names('dataset:wolf')).toContain('noob-wolf-v1s6');
});
