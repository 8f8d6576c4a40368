/** A home on a network file system: sshfs to a real sshd, without symbolic links that lead out, notices or sound locks. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type Sshd, startSshd } from '../pull/sshd.ts';
import { canMountOverNetwork } from '../support/rights.ts';
import { recorded, shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';
import { eventually, held, start, temporaryWorld } from './play.ts';

let sshd: Sshd & { directory: string };
beforeAll(async () => {
  if (canMountOverNetwork) sshd = await startSshd();
});
afterAll(() => sshd?.stop());

/** A world whose home is on a mount; the directory that it shows, as another host has it, and the cache of this one. */
function networkWorld(): World & { there: string; cache: string } {
  const world = temporaryWorld();
  const [there, mount] = [join(world.root, 'server'), join(world.root, 'a mount')];
  for (const directory of [there, mount]) mkdirSync(directory);
  const options = [
    `IdentityFile=${join(sshd.directory, 'user')}`,
    `UserKnownHostsFile=${join(sshd.directory, 'known_hosts')}`,
    'dir_cache=no,attr_timeout=0,entry_timeout=0',
  ];
  const from = `${userInfo().username}@127.0.0.1:${there}`;
  execFileSync('sshfs', ['-p', String(sshd.port), ...options.flatMap((each) => ['-o', each]), from, mount]);
  onTestFinished(() => void spawnSync('fusermount3', ['-uz', mount]));
  Object.assign(world.env, { SPOOR_HOME: join(mount, 'home'), XDG_CACHE_HOME: join(world.root, 'cache') });
  return { ...world, there: join(there, 'home'), cache: join(world.root, 'cache/spoor') };
}

test.runIf(canMountOverNetwork)(
  'holds the whole of a run, its code too; the catalog is in a cache of this machine',
  async () => {
    const world = networkWorld();
    world.write(join(world.trainer, 'hack.py'), 'HACK = 1\n');
    const { run, exitCode } = await recorded(world, training(world));
    expect([exitCode, run.status, run.repos.map(({ dirty, snapshot }) => [dirty, typeof snapshot])]).toEqual([
      0,
      'succeeded',
      [[true, 'string']],
    ]);
    expect(run.warnings.map(({ code }) => code).filter((code) => !/no-site-packages|log-space/.test(code))).toEqual([]);
    expect((await spoor(world, ['ls'])).stdout).toContain(run.id.slice(0, 10));
    const [place = ''] = readdirSync(world.cache);
    expect(existsSync(join(world.cache, place, 'catalog.db'))).toBe(true);
    expect(existsSync(join(world.there, 'catalog.db'))).toBe(false);
    expect((await spoor(world, ['verify'])).exitCode).toBe(0);
    expect((await spoor(world, ['doctor'])).stdout).toMatch(
      /file-system .* is on a network file system \(fuse\.sshfs at /,
    );
  },
);

test.runIf(canMountOverNetwork)(
  'shows a run of another host while it grows there, without a notice of it',
  async () => {
    const world = networkWorld();
    const elsewhere = { env: { SPOOR_HOME: world.there } };
    const hold = held(world);
    const trainer = start(world, ['run', '--', ...training(world)], { env: { ...elsewhere.env, ...hold.env } });
    await eventually(hold.ready, trainer.err);
    const { id } = await shown(world, '@');
    const follower = start(world, ['log', '-f', id]);
    await eventually(() => follower.out().includes('1/6'), follower.err);
    hold.go();
    expect(await trainer.exit).toBe(0);
    expect(await follower.exit).toBe(0);
    expect(follower.out()).toContain('model saved');
    expect((await shown(world, id)).status).toBe('succeeded');
  },
);
