import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ProcessIdentity } from '../model/facts.ts';
import { type Liveness, lockOwner, tryLock } from './lock.ts';
import { temporaryDirectory } from './test-home.ts';

const process_ = (pid: number, host = 'lair'): ProcessIdentity => ({
  pid,
  startTicks: 1,
  bootId: 'boot',
  pidNamespace: null,
  host,
});
const always = (liveness: Liveness) => () => liveness;

describe('a lock', () => {
  it('is held by one at a time, and free after release without a trace', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'recorder.lock');
    const first = await tryLock(path, process_(1), always('alive'));
    expect(await tryLock(path, process_(2), always('alive'))).toBeNull();
    expect(await lockOwner(path)).toEqual(process_(1));
    await first?.release();
    expect(readdirSync(directory)).toEqual([]);
    expect(await lockOwner(path)).toBeNull();
    expect(await tryLock(path, process_(2), always('alive'))).not.toBeNull();
  });

  it('of a dead process is taken over, again and again, and then released whole', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'recorder.lock');
    await tryLock(path, process_(1), always('alive'));
    await tryLock(path, process_(2), always('dead'));
    const third = await tryLock(path, process_(3), always('dead'));
    expect(await lockOwner(path)).toEqual(process_(3));
    expect(await tryLock(path, process_(4), (owner) => (owner.pid === 3 ? 'alive' : 'dead'))).toBeNull();
    await third?.release();
    expect(readdirSync(directory)).toEqual([]);
  });

  it('of another host, or of a process that cannot be judged, is never taken over', async () => {
    const path = join(temporaryDirectory(), 'recorder.lock');
    await tryLock(path, process_(1, 'den'), always('alive'));
    expect(await tryLock(path, process_(2, 'lair'), always('dead'))).toBeNull();
    expect(await tryLock(path, process_(2, 'den'), always('unknown'))).toBeNull();
  });

  it('that lost its content with the power is taken over when no one can be writing it', async () => {
    const path = join(temporaryDirectory(), 'catalog.lock');
    writeFileSync(path, '');
    expect(await tryLock(path, process_(1), always('dead'))).toBeNull();
    utimesSync(path, 0, 0);
    expect(readFileSync(path, 'utf8')).toBe('');
    expect(await tryLock(path, process_(1), always('alive'))).toBeNull();
  });

  it('of a dead owner lets in one of many processes that take it over at once', async () => {
    const directory = temporaryDirectory();
    const path = join(directory, 'recorder.lock');
    const script = `
      import { tryLock } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)};
      import { appendFileSync } from 'node:fs';
      const self = { pid: process.pid, startTicks: 1, bootId: 'boot', pidNamespace: null, host: 'lair' };
      const liveness = ({ pid }) => { try { process.kill(pid, 0); return 'alive'; } catch { return 'dead'; } };
      const [path, log] = process.argv.slice(1);
      process.stdin.resume();
      await new Promise((go) => process.stdin.once('data', go));
      for (let i = 0; i < 40; i++) {
        const lock = await tryLock(path, self, liveness);
        if (!lock) continue;
        appendFileSync(log, 'in ' + process.pid + '\\n');
        // One in four dies while it holds the lock.
        if (i > 10 && process.pid % 4 === 0) process.kill(process.pid, 'SIGKILL');
        appendFileSync(log, 'out ' + process.pid + '\\n');
        await lock.release();
      }
      process.exit();`;
    await tryLock(path, process_(4_194_999), always('alive'));
    const log = join(directory, 'log');
    writeFileSync(log, '');
    const children = Array.from({ length: 8 }, () =>
      spawn(process.execPath, ['--input-type=module', '-e', script, path, log], {
        stdio: ['pipe', 'inherit', 'inherit'],
      }),
    );
    for (const child of children) child.stdin.write('go');
    await Promise.all(children.map((child) => once(child, 'exit')));
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    expect(lines.length).toBeGreaterThan(2);
    const killed = new Set(children.filter((child) => child.signalCode === 'SIGKILL').map((child) => `${child.pid}`));
    let holder: string | null = null;
    for (const line of lines) {
      const [what, pid] = line.split(' ') as [string, string];
      if (what === 'in') {
        expect(holder === null || killed.has(holder), `${pid} came in while ${holder} was`).toBe(true);
        holder = pid;
      } else {
        expect(pid).toBe(holder);
        holder = null;
      }
    }
  });
});
