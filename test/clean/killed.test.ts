/** Cleaning, restoring, removing and emptying, killed at each call that changes the disk: nothing is ever lost. */
import { cpSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { openHome } from '../../src/store/home.ts';
import { loadRun } from '../../src/tracker/load-run.ts';
import { canTrace, killedAt } from '../support/killed-at.ts';
import { recorded, spoorBin, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';
import { clean, contents, failing, otherFileSystem, trash } from './play.ts';

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

/** The disk's changes, by the calls that make them: strace counts each by itself. */
const calls = ['rename', 'link', 'mkdir', 'symlink', 'unlink', 'rmdir'];

/** Kills the command at its first such call, its second, …; `check` looks after each. */
async function atEach(
  stage: Stage,
  state: 'left' | 'cleaned',
  args: string[],
  check: (where: string) => Promise<void>,
) {
  const command = [process.execPath, spoorBin, ...args];
  for (const call of calls) {
    for (let at = 1, killed = true; killed; at++) {
      stage.to(state);
      killed = killedAt(command, call, at, stage.world.env);
      await check(`killed at ${call} number ${at}`);
    }
  }
}

/** What is no trace of a lock, which the next to take it removes, or a sweep a day later. */
const isEntry = (name: string) => !name.includes('.lock') && !name.startsWith('.tmp-');

/** The record, without a command that would settle anything. */
async function recordOf({ world, run }: Stage): Promise<Run> {
  return loadRun(await openHome(world.spoorHome), run.id);
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
  const settled = async (where: string) => {
    const { world, output, whole } = stage;
    const entries = (await trash(world)).filter(({ kind }) => kind === 'output');
    const { cleaned } = await recordOf(stage);
    const stands = existsSync(output);
    expect(entries.length, where).toBe(stands ? 0 : 1);
    expect(contents(stands ? output : (entries[0]?.to ?? '')), where).toEqual(whole);
    expect(cleaned?.state === 'removed', where).toBe(!stands);
    // Nothing half-done is left anywhere.
    expect(
      Object.keys(contents(dirname(output)) ?? {}).filter((path) => path.startsWith('.')),
      where,
    ).toEqual([]);
    const left = readdirSync(join(world.spoorHome, 'trash')).filter(isEntry);
    expect(left, where).toEqual(entries.map(({ id }) => id));
    return stands;
  };

  test('cleaning leaves the directory or the trash whole', { timeout: 600_000 }, async () => {
    const stood = new Set<boolean>();
    await atEach(stage, 'left', ['clean'], async (where) => {
      stood.add(await settled(where));
    });
    expect([...stood].sort()).toEqual([false, true]);
  });

  test('restoring leaves the trash or the directory whole', { timeout: 600_000 }, async () => {
    const stood = new Set<boolean>();
    await atEach(stage, 'cleaned', ['trash', 'restore', stage.run.id], async (where) => {
      stood.add(await settled(where));
    });
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
    const stood = new Set<boolean>();
    await atEach(stage, 'left', ['rm', run.id], async (where) => {
      const entries = await trash(world);
      const stands = existsSync(join(world.spoorHome, 'runs', run.id));
      stood.add(stands);
      expect(entries.length, where).toBe(stands ? 0 : 1);
      const folder = stands ? join(world.spoorHome, 'runs', run.id) : (entries[0]?.to ?? '');
      expect(contents(folder)?.log, where).toBe(log);
    });
    expect([...stood].sort()).toEqual([false, true]);
  });

  test('emptying deletes or does not, and the record agrees', { timeout: 600_000 }, async () => {
    const { world } = stage;
    await atEach(stage, 'cleaned', ['trash', 'empty'], async (where) => {
      const entries = await trash(world);
      const { cleaned } = await recordOf(stage);
      expect(cleaned?.state, where).toBe(entries.length === 0 ? 'deleted' : 'removed');
      if (entries.length > 0) expect(contents(entries[0]?.to ?? ''), where).toEqual(stage.whole);
      const left = readdirSync(join(world.spoorHome, 'trash')).filter(isEntry);
      expect(left, where).toEqual(entries.map(({ id }) => id));
    });
  });
});
