/** Cleaning, restoring, removing and emptying, killed at each call that changes the disk: nothing is ever lost. */
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { recorded, shown, spoor, spoorBin, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { canTrace, clean, contents, failing, killedAt, otherFileSystem, trash } from './play.ts';

/** One failed run whose output directory stands, and the states of the disk that the tests begin with. */
interface Stage {
  world: World;
  run: Run;
  output: string;
  /** What the output directory holds. */
  whole: Record<string, string> | null;
  /** Brings the disk to a state that was saved. */
  to(state: 'left' | 'cleaned'): void;
  remove(): void;
}

async function stageAt(parent: string | null): Promise<Stage> {
  const world = makeWorld();
  const far = parent ?? world.root;
  const output = join(far, 'runs/wolf-v1');
  const command = training(world, '--output_dir', output);
  const { run } = await recorded(world, command, { env: { ...failing, NO_CLEAN: '1' } });
  const whole = contents(output);
  const kept = [world.spoorHome, dirname(output)];
  const save = (state: string) => {
    for (const path of kept) cpSync(path, `${path}.${state}`, copying);
  };
  save('left');
  await clean(world);
  save('cleaned');
  const to = (state: string) => {
    for (const path of kept) {
      rmSync(path, { recursive: true, force: true });
      cpSync(`${path}.${state}`, path, copying);
    }
  };
  const remove = () => {
    world.remove();
    if (parent) rmSync(parent, { recursive: true, force: true });
  };
  return { world, run, output, whole, to, remove };
}

const copying = { recursive: true, preserveTimestamps: true, verbatimSymlinks: true };

/** The disk's changes, by the calls that make them. */
const calls = 'rename,renameat,renameat2,mkdir,mkdirat,rmdir,unlink,unlinkat,link,linkat,fsync,fdatasync';

/** Kills the command at its first such call, its second, …; `check` looks after each. */
async function atEach(stage: Stage, state: 'left' | 'cleaned', args: string[], check: (at: number) => Promise<void>) {
  for (let at = 1; ; at++) {
    stage.to(state);
    const command = [process.execPath, spoorBin, ...args];
    const killed = killedAt(command, calls, at, { ...stage.world.env, SPOOR_HOME: stage.world.spoorHome });
    await check(at);
    if (!killed) return at - 1;
  }
}

const places: [string, () => string | null][] = [['on one file system', () => null]];
if (otherFileSystem) places.push(['across file systems', () => mkdtempSync('/dev/shm/spoor-test-')]);

describe.skipIf(!canTrace).each(places)('%s, killed at any moment,', (_, place) => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await stageAt(place());
  }, 120_000);
  afterAll(() => stage?.remove());

  /** The directory's content is whole in its place or in the trash, never in both, and the record agrees. */
  const settled = async (at: number) => {
    const { world, output, whole, run } = stage;
    const where = `killed at call ${at}`;
    const entries = (await trash(world)).filter(({ kind }) => kind === 'output');
    const { cleaned } = await shown(world, run.id);
    const stands = existsSync(output);
    expect(entries.length, where).toBe(stands ? 0 : 1);
    expect(contents(stands ? output : (entries[0]?.to ?? '')), where).toEqual(whole);
    expect(cleaned?.state === 'removed', where).toBe(!stands);
    // Nothing half-done is left anywhere.
    expect(
      Object.keys(contents(dirname(output)) ?? {}).filter((path) => path.startsWith('.')),
      where,
    ).toEqual([]);
    const left = Object.keys(contents(join(world.spoorHome, 'trash')) ?? {}).filter((path) => !path.includes('/'));
    expect(
      left.filter((name) => !name.includes('.lock')),
      where,
    ).toEqual(entries.map(({ id }) => id));
    return stands;
  };

  test('cleaning leaves the directory or the trash whole, and cleaning again finishes it', {
    timeout: 600_000,
  }, async () => {
    const stood = new Set<boolean>();
    const kills = await atEach(stage, 'left', ['clean'], async (at) => {
      stood.add(await settled(at));
      await clean(stage.world);
      expect(await settled(at)).toBe(false);
    });
    expect(kills).toBeGreaterThan(8);
    expect([...stood].sort()).toEqual([false, true]);
  });

  test('restoring leaves the trash or the directory whole, and restoring again finishes it', {
    timeout: 600_000,
  }, async () => {
    const stood = new Set<boolean>();
    const kills = await atEach(stage, 'cleaned', ['trash', 'restore', stage.run.id], async (at) => {
      const stands = await settled(at);
      stood.add(stands);
      if (!stands) expect((await spoor(stage.world, ['trash', 'restore', stage.run.id])).exitCode).toBe(0);
      expect(await settled(at)).toBe(true);
    });
    expect(kills).toBeGreaterThan(4);
    expect([...stood].sort()).toEqual([false, true]);
  });
});

describe.skipIf(!canTrace)('killed at any moment,', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await stageAt(null);
  }, 120_000);
  afterAll(() => stage?.remove());

  test('rm leaves the record in its place or in the trash', { timeout: 600_000 }, async () => {
    const { world, run } = stage;
    const log = contents(join(world.spoorHome, 'runs', run.id))?.log;
    await atEach(stage, 'left', ['rm', run.id], async (at) => {
      const entries = await trash(world);
      const stands = existsSync(join(world.spoorHome, 'runs', run.id));
      expect(entries.length, `killed at call ${at}`).toBe(stands ? 0 : 1);
      if (!stands) expect(contents(entries[0]?.to ?? '')?.log).toBe(log);
      if (!stands) expect((await spoor(world, ['trash', 'restore', run.id])).exitCode).toBe(0);
      expect(await shown(world, run.id)).toMatchObject({ id: run.id, status: 'failed' });
    });
  });

  test('emptying deletes or does not, and the record agrees', { timeout: 600_000 }, async () => {
    const { world, run } = stage;
    await atEach(stage, 'cleaned', ['trash', 'empty'], async (at) => {
      const entries = await trash(world);
      const { cleaned } = await shown(world, run.id);
      expect(cleaned?.state, `killed at call ${at}`).toBe(entries.length === 0 ? 'deleted' : 'removed');
      if (entries.length > 0) expect(contents(entries[0]?.to ?? '')).toEqual(stage.whole);
      const left = Object.keys(contents(join(world.spoorHome, 'trash')) ?? {});
      expect(left.filter((name) => /deleting|moving|restoring/.test(name))).toEqual([]);
    });
  });
});
