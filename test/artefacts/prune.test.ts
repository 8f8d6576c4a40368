import { existsSync, mkdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { eventually, folderOf, held, start } from '../run/play.ts';
import { shown, spoor, training } from '../support/spoor.ts';
import { objectAt, outputs, studio } from './play.ts';

const models = (names: readonly string[]) => names.filter((name) => name.endsWith('.safetensors'));
const [three, six, last] = ['wolf-step00000003.safetensors', 'wolf-step00000006.safetensors', 'wolf.safetensors'];

describe('spoor prune', () => {
  it('says what would go, moves the rest to the trash, and the trash gives it back', async () => {
    const { world, train } = await studio();
    await train();
    await spoor(world, ['star', '@', '3']);
    const dry = await spoor(world, ['prune', '@', '--dry-run']);
    expect(dry.exitCode).toBe(0);
    expect(dry.stdout).toMatch(/would trash {2}step 6 .*wolf-step00000006/);
    expect(dry.stdout).toMatch(/kept .*step 3 .*starred/);
    expect(models(outputs(world))).toEqual([three, six, last]);
    const { mtimeMs } = statSync(join(world.output, six!));

    const pruned = JSON.parse((await spoor(world, ['prune', '@', '--json'])).stdout);
    expect(pruned.taken).toMatchObject([{ kind: 'checkpoint', step: 6, what: 'file', from: join(world.output, six!) }]);
    expect(pruned.bytes).toBeGreaterThan(512);
    expect(models(outputs(world))).toEqual([three, last]);
    const gone = (await shown(world, '@')).artifacts.find(({ path }) => path.endsWith(six!));
    expect(gone).toMatchObject({ step: 6, goneAt: null, removed: { reason: 'pruned: step 6' } });
    expect(existsSync(gone!.removed!.trash!)).toBe(true);
    expect((await spoor(world, ['trash', 'ls'])).stdout).toContain('checkpoint');

    expect((await spoor(world, ['trash', 'restore', '@'])).exitCode).toBe(0);
    expect(models(outputs(world))).toEqual([three, six, last]);
    expect(statSync(join(world.output, six!)).mtimeMs).toBe(mtimeMs);
    expect((await shown(world, '@')).artifacts.every(({ removed }) => removed === undefined)).toBe(true);
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  });

  it('leaves in the trash what can be deleted for good, one by one: all that is named, or nothing', async () => {
    const { world, train } = await studio();
    const { id } = await train();
    await spoor(world, ['prune', '@', '--keep', 'none']);
    const ids = async () =>
      (JSON.parse((await spoor(world, ['trash', 'ls', '--json'])).stdout) as { id: string; from: string }[])
        .map((entry) => entry.id)
        .sort();
    const [first = '', second = '', third = ''] = await ids();
    // The list shows what names an entry.
    const short = id.slice(0, 10) + first.slice(26);
    expect((await spoor(world, ['trash', 'ls'])).stdout).toContain(short);

    const missing = await spoor(world, ['trash', 'delete', short, `${id}.checkpoint.99`]);
    expect(missing.exitCode).toBe(66);
    expect(missing.stderr).toContain(`the trash holds nothing of run ${id}.checkpoint.99`);
    const dry = await spoor(world, ['trash', 'delete', short, '--dry-run']);
    expect([dry.exitCode, dry.stdout]).toEqual([0, '']);
    expect(dry.stderr).toMatch(/^spoor: would delete .*wolf.*, \d.*B\n$/);
    expect(await ids()).toEqual([first, second, third]);

    expect((await spoor(world, ['trash', 'delete', short])).exitCode).toBe(0);
    expect(await ids()).toEqual([second, third]);
    // By one name twice, and by its run as well.
    expect((await spoor(world, ['trash', 'restore', second])).exitCode).toBe(0);
    expect((await spoor(world, ['trash', 'delete', third, id])).stderr.match(/deleted/g)).toHaveLength(1);
    expect(await ids()).toEqual([]);
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  });

  it('takes copies that were kept too, and the trash gives them back', async () => {
    const { world, train } = await studio();
    const { artifacts } = await train({ args: ['--keep-checkpoints', 'all'] });
    const object = artifacts.find(({ path }) => path.endsWith(three!))!.object!;
    await spoor(world, ['prune', '@']);
    expect(existsSync(objectAt(world, object))).toBe(false);
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
    await spoor(world, ['trash', 'restore', '@']);
    expect(existsSync(objectAt(world, object))).toBe(true);
    expect(
      (await shown(world, '@')).artifacts.filter((each) => each.kind === 'checkpoint' && each.object),
    ).toHaveLength(3);
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  });

  it('with --now deletes at once, and the record stays', async () => {
    const { world, train } = await studio();
    await train({ args: ['--keep-checkpoints', 'all'] });
    const { stderr } = await spoor(world, ['prune', '@', '--keep', '3', '--now']);
    expect(stderr).toMatch(/deleted 4 files/);
    expect(models(outputs(world))).toEqual([three]);
    const run = await shown(world, '@');
    const deleted = run.artifacts.filter(({ removed }) => removed);
    expect(deleted.map(({ removed, object }) => [removed?.trash, object])).toEqual([
      [null, undefined],
      [null, undefined],
    ]);
    expect((await spoor(world, ['trash', 'restore', '@'])).exitCode).toBe(66);
    expect((await spoor(world, ['prune', '@', '--keep', '3'])).stderr).toContain('nothing was taken');
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
  });

  it('leaves what was changed since, and what another run was started from', async () => {
    const { world, train } = await studio();
    await train();
    utimesSync(join(world.output, six!), new Date(), new Date());
    const base = join(world.output, three!);
    const elsewhere = join(world.root, 'output/next');
    const args = ['--output_dir', elsewhere, '--network_weights', base];
    expect((await spoor(world, ['run', '--', ...training(world, ...args)])).exitCode).toBe(0);
    const first = (await shown(world, '@~1')).id;
    const { taken, left } = JSON.parse((await spoor(world, ['prune', first, '--keep', 'none', '--json'])).stdout);
    expect(taken.map(({ from }: { from: string }) => from)).toEqual([join(world.output, last!)]);
    expect(left.map(({ why }: { why: string }) => why).sort()).toEqual([
      'it is not what the run made any more',
      expect.stringMatching(/^run .* was started from it$/),
    ]);
    expect(models(outputs(world))).toEqual([three, six]);
  });

  it('takes a training state as a whole, and leaves the last', async () => {
    const { world } = await studio();
    const hold = held(world);
    const run = start(world, ['run', '--', ...training(world)], { env: { ...hold.env, T_STEP: '0.05' } });
    await eventually(hold.ready);
    for (const step of ['00000003', '00000006']) {
      const state = join(world.output, `wolf-step${step}-state`);
      mkdirSync(state, { recursive: true });
      writeFileSync(join(state, 'optimizer.bin'), 'o'.repeat(1000));
    }
    hold.go();
    await run.exit;
    const { taken } = JSON.parse((await spoor(world, ['prune', '@', '--json'])).stdout);
    expect(taken.filter(({ what }: { what: string }) => what === 'state')).toMatchObject([{ step: 3, bytes: 1000 }]);
    expect(existsSync(join(world.output, 'wolf-step00000003-state'))).toBe(false);
    expect(existsSync(join(world.output, 'wolf-step00000006-state'))).toBe(true);
    await spoor(world, ['trash', 'restore', '@']);
    expect(existsSync(join(world.output, 'wolf-step00000003-state/optimizer.bin'))).toBe(true);
  });

  it('of a run that trains never takes the newest', async () => {
    const { world } = await studio();
    const hold = held(world);
    const run = start(world, ['run', '--', ...training(world)], { env: { T_HOLD_AT: '4', ...hold.env } });
    const pruned = async () => JSON.parse((await spoor(world, ['prune', '@', '--keep', 'none', '--json'])).stdout);
    const journal = () => join(folderOf(world), 'journal.jsonl');
    await eventually(() => existsSync(journal()) && readFileSync(journal(), 'utf8').includes('"kind":"checkpoint"'));
    expect(await pruned()).toMatchObject({ taken: [], left: [{ step: 3, why: 'the run trains still' }] });
    expect(existsSync(join(world.output, three!))).toBe(true);
    hold.go();
    await run.exit;
  });

  it('goes through a trash on another file system', async () => {
    const elsewhere = '/dev/shm';
    const { world, train } = await studio();
    if (!existsSync(elsewhere) || statSync(elsewhere).dev === statSync(world.root).dev) return;
    const output = join(elsewhere, `spoor-test-${process.pid}`);
    onTestFinished(() => rmSync(output, { recursive: true, force: true }));
    world.write(world.config, readFileSync(world.config, 'utf8').replace(world.output, output));
    await train();
    const name = join(output, six!);
    await spoor(world, ['prune', '@']);
    expect(existsSync(name)).toBe(false);
    await spoor(world, ['trash', 'restore', '@']);
    expect(statSync(name).size).toBeGreaterThan(512);
  });

  it('of a run that another machine recorded leaves whatever stands at its paths here', async () => {
    const { world, train } = await studio();
    await train();
    const facts = readFileSync(join(folderOf(world), 'journal.jsonl'), 'utf8');
    const { host } = JSON.parse(facts.split('\n')[0]!);
    writeFileSync(join(folderOf(world), 'journal.jsonl'), facts.replaceAll(`"host":"${host}"`, '"host":"rented"'));
    const { taken, left } = JSON.parse((await spoor(world, ['prune', '@', '--now', '--json'])).stdout);
    expect(taken).toEqual([]);
    expect(left.map(({ why }: { why: string }) => why)).toContain('it lies on rented, where the run was recorded');
    expect(models(outputs(world))).toEqual([three, six, last]);
  });

  it('refuses a choice that names nothing', async () => {
    const { world } = await studio();
    expect(await spoor(world, ['prune', '@', '--keep', 'best'])).toMatchObject({ exitCode: 64 });
  });
});
