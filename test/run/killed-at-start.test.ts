/** `spoor run` itself killed at each step by which it changes the store or starts a process. */
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { defaultSettings } from '../../src/model/settings.ts';
import { openHome } from '../../src/store/home.ts';
import { listActive } from '../../src/tracker/active.ts';
import { loadRun } from '../../src/tracker/load-run.ts';
import { verifyHome } from '../../src/tracker/verify-home.ts';
import { canTrace, killedAt } from '../support/killed-at.ts';
import { spoor, spoorBin, training } from '../support/spoor.ts';
import { eventually, processesOf, temporaryWorld } from './play.ts';

describe.skipIf(!canTrace)('spoor run, killed as it is about to', () => {
  test.each<[string, string]>([
    ['make a directory', 'mkdir,mkdirat'],
    ['rename', 'rename,renameat,renameat2'],
    ['start a process', 'clone,clone3,fork,vfork'],
  ])('%s, leaves a training and its record, or neither', { timeout: 240_000 }, async (_, calls) => {
    const world = temporaryWorld();
    world.write(join(world.trainer, 'library/extra.py'), 'VALUE = 3\n');
    const command = [process.execPath, spoorBin, 'run', '--', ...training(world)];
    const trained = new Set<boolean>();
    for (let at = 1; ; at++) {
      for (const path of [world.spoorHome, world.output]) rmSync(path, { recursive: true, force: true });
      const killed = killedAt(command, calls, at, world.env, { cwd: world.root });
      const where = `killed at ${calls} number ${at}`;
      // What lives on goes to its end.
      await eventually(() => processesOf(world).length === 0);
      expect((await spoor(world, ['ls', '--json'])).exitCode, where).toBe(0);

      const home = await openHome(world.spoorHome);
      const ids = readdirSync(join(world.spoorHome, 'runs'));
      const runs = await Promise.all(ids.map((id) => loadRun(home, id)));
      const hasTrained = existsSync(join(world.output, 'wolf.safetensors'));
      expect(
        runs.map(({ status }) => status),
        where,
      ).toEqual(hasTrained ? ['succeeded'] : runs.map(() => 'lost'));
      for (const run of runs) expect(run.endedAt, where).not.toBeNull();
      expect(await listActive(home), where).toEqual([]);
      const settings = defaultSettings;
      const recording = { home, host: hostname(), env: world.env, now: () => new Date(), version: '0', settings };
      expect(await verifyHome(recording, null, () => {}), where).toEqual([]);
      trained.add(hasTrained);
      if (!killed) break;
    }
    expect(trained).toContain(true);
  });
});
