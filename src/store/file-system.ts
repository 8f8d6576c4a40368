/** What kind of file system a path lies on; Linux tells, elsewhere nothing is known. */
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';

export interface FileSystem {
  /** As the kernel names it: `ext4`, `nfs4`, `fuse.sshfs`. */
  type: string;
  mountPoint: string;
  /** Shared between hosts: locks may lie, changes are not announced, SQLite's WAL does not work. */
  network: boolean;
  /** Gone with the container or the power: a container's own layer, memory. */
  wiped: boolean;
}

const networkTypes =
  /^(nfs\d?|cifs|smb\d?|smbfs|9p|virtiofs|afs|ceph|lustre|glusterfs|beegfs|gpfs|orangefs|ocfs2|gfs2|wekafs|vboxsf|fuse|fuse\.(?!mergerfs|bindfs|ext|ntfs|exfat|encfs|gocryptfs|fuse-overlayfs).*)$/;
/** `fuse.fuse-overlayfs` is the layer of a container that no root started. */
const wipedTypes = /^(overlay|aufs|tmpfs|ramfs|fuse\.fuse-overlayfs)$/;

/**
 * The file system of a path, or of its nearest ancestor that exists. Null where that is not known.
 *
 * @param mounts text of `/proc/self/mountinfo`
 */
export function fileSystemOf(path: string, mounts = readMounts()): FileSystem | null {
  if (mounts === null) return null;
  const real = realPath(path);
  let found: FileSystem | null = null;
  for (const line of mounts.split('\n')) {
    const [before, after] = line.split(' - ');
    const mountPoint = plain(before?.split(' ')[4] ?? '');
    const type = after?.split(' ')[0] ?? '';
    if (mountPoint === '' || type === '' || !isWithin(real, mountPoint)) continue;
    // A later mount covers an earlier one on the same directory.
    if (found && mountPoint.length < found.mountPoint.length) continue;
    found = { type, mountPoint, network: networkTypes.test(type), wiped: wipedTypes.test(type) };
  }
  return found;
}

function readMounts(): string | null {
  try {
    return readFileSync('/proc/self/mountinfo', 'utf8');
  } catch {
    return null;
  }
}

function realPath(path: string): string {
  let at = path;
  while (!existsSync(at) && dirname(at) !== at) at = dirname(at);
  try {
    return realpathSync(at);
  } catch {
    return at;
  }
}

const isWithin = (path: string, directory: string) =>
  directory === '/' || path === directory || path.startsWith(`${directory}/`);

/** Spaces and backslashes in mount points are written `\040`. */
const plain = (text: string) =>
  text.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
