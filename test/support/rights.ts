/** What the tests' own process may do. */
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, closeSync, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Whether this process is refused what permissions refuse. Root is not, unless `npm test` took that right
 * from it (scripts/test.mjs).
 */
export const permissionsBind = refused();

/** Whether it may mount file systems: a small disk, a read-only one. */
export const canMount = mounts();

/** Whether it may mount a directory of another host, as `sshfs` does. */
export const canMountOverNetwork =
  spawnSync('sshfs', ['--version']).status === 0 &&
  spawnSync('sh', ['-c', ': <> /dev/fuse'], { stdio: 'ignore' }).status === 0 &&
  (process.getuid?.() !== 0 || canMount);

/** Whether it may start the checkout's Spoor as another user: only root may, where others can reach the checkout. */
export const canBeNobody =
  process.getuid?.() === 0 &&
  spawnSync(process.execPath, ['-e', `require('node:fs').accessSync(${JSON.stringify(import.meta.filename)})`], {
    uid: 65534,
    gid: 65534,
    cwd: '/',
  }).status === 0;

function refused(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-permissions-'));
  try {
    chmodSync(directory, 0o500);
    closeSync(openSync(join(directory, 'file'), 'w'));
    return false;
  } catch {
    return true;
  } finally {
    chmodSync(directory, 0o700);
    rmSync(directory, { recursive: true });
  }
}

function mounts(): boolean {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-mount-'));
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'none', directory], { stdio: 'ignore' });
    execFileSync('umount', [directory], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  } finally {
    rmSync(directory, { recursive: true });
  }
}
