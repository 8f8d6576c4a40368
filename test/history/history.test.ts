import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imported, layOut, metadataOf, world } from '../import/play.ts';
import { recorded, spoor, training } from '../support/spoor.ts';
import { safetensors, type World } from '../support/world.ts';

async function versions(made: World): Promise<string[]> {
  const ids: string[] = [];
  const run = async (name: string, reason: string, args: string[], env: Record<string, string> = {}) => {
    const { run: each } = await recorded(made, training(made, ...args), {
      args: ['--name', name, '--reason', reason],
      env,
    });
    ids.push(each.id);
  };
  await run('noob-wolf-v1', 'a beginning', ['--unet_lr', '1e-4']);
  await run('noob-wolf-v2', 'too timid', ['--unet_lr', '1'], { T_FAIL_AT: '2' });
  await run('noob-wolf-v2', 'lower', ['--unet_lr', '2e-4']);
  await spoor(made, ['verdict', '@', 'worked', '--why', 'fur holds']);
  await spoor(made, ['note', '@', 'ears melt at step 3']);
  return ids;
}

const document = async (made: World, ...args: string[]) => {
  const { stdout, stderr, exitCode } = await spoor(made, [...args, '--json']);
  if (exitCode !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
};

describe('spoor history', () => {
  it('tells each version with what changed, failed attempts folded', async () => {
    const made = world();
    const [first, failed, second] = await versions(made);
    const history = await document(made, 'history', 'noob-wolf');
    expect(history.family).toBe('noob-wolf');
    expect(history.versions.map((each: { id: string }) => each.id)).toEqual([first, second]);
    const [, last] = history.versions;
    expect(last).toMatchObject({
      from: first,
      reason: 'lower',
      verdict: 'worked',
      notes: [{ text: 'ears melt at step 3' }],
    });
    expect(last.attempts).toMatchObject([{ id: failed, status: 'failed' }]);
    expect(last.changes).toContainEqual(expect.objectContaining({ subject: 'unet_lr', before: 0.0001, after: 0.0002 }));
    const { stdout } = await spoor(made, ['history'], { env: { COLUMNS: '80' } });
    expect(stdout).toContain('unet_lr 1e-4→2e-4');
    expect(stdout).toContain('1 attempt: out-of-memory');
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('names the files of code and the tags of captions that changed', async () => {
    const made = world();
    await recorded(made, training(made), { args: ['--name', 'noob-wolf-v1'] });
    made.write(join(made.trainer, 'library/train_util.py'), 'VALUE = 2\n');
    made.write(join(made.dataset, '2_grey wolf/one.txt'), 'grey wolf, one, indoors');
    await recorded(made, training(made), { args: ['--name', 'noob-wolf-v2'] });
    const { stdout } = await spoor(made, ['history', 'noob-wolf']);
    expect(stdout).toContain('sd-scripts 1 file changed: library/train_util.py');
    expect(stdout).toContain('1 caption changed: +indoors, −outdoors');
  });

  it('follows one setting through all runs', async () => {
    const made = world();
    await versions(made);
    const { runs } = await document(made, 'history', 'noob-wolf', '--param', 'unet_lr');
    expect(runs.map(({ value }: { value: number }) => value)).toEqual([0.0001, 1, 0.0002]);
    expect((await spoor(made, ['history', 'noob-wolf', '--param', 'no_such'])).exitCode).toBe(66);
    expect((await spoor(made, ['history', 'no-such'])).exitCode).toBe(66);
  });

  it('writes a changelog to publish, without paths of this machine', async () => {
    const made = world();
    await versions(made);
    const { stdout } = await spoor(made, ['history', 'noob-wolf', '--markdown']);
    expect(stdout).toMatch(
      /^# Changelog of noob-wolf\n\n## v2 \(\d{4}-\d\d-\d\d\)\n\nlower\n\n- unet\\_lr 1e-4→2e-4\n/,
    );
    expect(stdout).toContain('- Verdict: worked: fur holds');
    expect(stdout).not.toContain(made.root);
  });

  it('calls unknown what an import does not tell, also of its settings', async () => {
    const made = world();
    layOut(made, 'A-good-lora-pty', { 'kumo.safetensors': {} });
    made.write(join(made.root, 'trainings/kumo-v2.safetensors'), safetensors(64, metadataOf('B-lr-and-captions-pty')));
    await imported(made, join(made.root, 'trainings'));
    const { versions: all } = await document(made, 'history', 'kumo');
    const changes = all[1].changes as { kind: string; subject: string; effective: boolean }[];
    const of = (subject: string) => changes.find((each) => each.subject === subject);
    expect(of('unet_lr')).toMatchObject({ kind: 'changed', before: 0.0001, after: 0.0002, effective: true });
    expect(of('learning_rate')).toMatchObject({ kind: 'changed', effective: false });
    expect(of('save_precision')).toMatchObject({ kind: 'unknown' });
    expect(of('dataset')).toMatchObject({ kind: 'unknown' });
    expect(of('tag detailed fur')).toMatchObject({ kind: 'added', after: 1 });
    expect(changes.filter(({ kind }) => kind === 'removed').map(({ subject }) => subject)).toEqual([
      'tag a grey cat asleep on a blue blanket',
      'tag looking at viewer',
    ]);
  });
});

describe('spoor search', () => {
  it('finds words in notes, reasons, prompts, captions, arguments, commits and diagnoses, and says where', async () => {
    const made = world();
    const [first, failed, second] = await versions(made);
    const places = async (...words: string[]) =>
      (await document(made, 'search', ...words)).map(
        (each: { id: string; passages: { place: string; source: string }[] }) => [
          each.id,
          each.passages[0]!.place,
          each.passages[0]!.source,
        ],
      );
    expect(await places('melt')).toEqual([[second, 'note', expect.stringMatching(/^\d{4}-\d\d-\d\d$/)]]);
    expect(await places('timid')).toEqual([[failed, 'reason', '']]);
    expect(await places('fur', 'holds')).toEqual([[second, 'verdict', 'worked']]);
    expect(await places('out-of-memory')).toEqual([[failed, 'diagnosis', 'out-of-memory']]);
    expect(await places('network_dim')).toEqual([second, failed, first].map((id) => [id, 'argument', 'network_dim']));
    expect((await places('outdoors'))[0]).toEqual([second, 'caption', expect.stringContaining('2_grey wolf/')]);
    expect((await places('grey wolf', '--in', 'prompts')).map(([, place]: string[]) => place)).toEqual(
      Array(3).fill('prompt'),
    );
    expect((await places('trainer', '--in', 'commit'))[0]?.[2]).toMatch(/^sd-scripts [0-9a-f]{10}$/);
    expect(await places('mel*')).toHaveLength(1);
    expect(await places('melt', 'nowhere')).toEqual([]);
  });

  it('finds what is said since, and forgets runs that are gone', async () => {
    const made = world();
    const { run } = await recorded(made, training(made));
    expect(await document(made, 'search', 'whiskers')).toEqual([]);
    await spoor(made, ['note', run.id, 'whiskers are crisp']);
    expect(await document(made, 'search', 'WHISKERS')).toMatchObject([{ id: run.id, count: 1 }]);
    await spoor(made, ['rm', run.id]);
    expect(await document(made, 'search', 'whiskers')).toEqual([]);
  });

  it('answers the same from a catalog that was rebuilt, and without one', async () => {
    const made = world();
    await versions(made);
    const answer = () => document(made, 'search', 'wolf');
    const before = await answer();
    expect(before).toHaveLength(3);
    await spoor(made, ['reindex']);
    expect(await answer()).toEqual(before);
    const catalog = join(made.spoorHome, 'catalog.db');
    for (const end of ['', '-wal', '-shm']) await rm(catalog + end, { force: true });
    await mkdir(catalog);
    const without = (await answer()) as { id: string; count: number }[];
    expect(without.map(({ id, count }) => [id, count])).toEqual(
      before.map(({ id, count }: { id: string; count: number }) => [id, count]),
    );
  });

  it('refuses what holds no word, and places that there are not', async () => {
    const made = world();
    expect((await spoor(made, ['search', '*"('])).exitCode).toBe(64);
    expect((await spoor(made, ['search', 'wolf', '--in', 'attic'])).exitCode).toBe(64);
  });
});
