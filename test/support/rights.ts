/** What the tests' own process may do. */
import { execFileSync } from 'node:child_process';
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
