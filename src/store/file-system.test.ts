import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { fileSystemOf } from './file-system.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-fs-')));
afterAll(() => rmSync(root, { recursive: true }));

const line = (at: string, type: string) => `36 35 98:0 / ${at} rw,noatime master:1 - ${type} /dev/source rw\n`;
const escaped = (path: string) => path.replaceAll(' ', '\\040');

test('the deepest mount that holds the path counts, symbolic links followed', () => {
  mkdirSync(join(root, 'a volume/runs'), { recursive: true });
  symlinkSync(join(root, 'a volume'), join(root, 'link'));
  const mounts = line('/', 'overlay') + line(escaped(join(root, 'a volume')), 'nfs4') + line('/proc', 'proc');
  const volume = { type: 'nfs4', mountPoint: join(root, 'a volume'), network: true, wiped: false };
  expect(fileSystemOf(join(root, 'a volume/runs'), mounts)).toEqual(volume);
  expect(fileSystemOf(join(root, 'link/not/yet/there'), mounts)).toEqual(volume);
  expect(fileSystemOf(join(root, 'a volumes'), mounts)).toMatchObject({ type: 'overlay', wiped: true });
});

test('a later mount on the same directory covers the earlier', () => {
  const mounts = line('/', 'overlay') + line(root, 'ext4') + line(root, 'tmpfs');
  expect(fileSystemOf(root, mounts)).toMatchObject({ type: 'tmpfs', wiped: true, network: false });
});

test.each([
  ['ext4', false],
  ['btrfs', false],
  ['fuseblk', false],
  ['fuse.mergerfs', false],
  ['nfs', true],
  ['cifs', true],
  ['9p', true],
  ['fuse.sshfs', true],
  ['fuse.gcsfuse', true],
  ['fuse', true],
  ['vboxsf', true],
  ['fuse.fuse-overlayfs', false],
  ['lustre', true],
])('%s is shared between hosts: %s', (type, network) => {
  expect(fileSystemOf('/x', line('/', type))?.network).toBe(network);
});

test('where nothing is known nothing is said', () => {
  expect(fileSystemOf('/x', null)).toBeNull();
  expect(fileSystemOf('/x', '\ngarbage\n36 35\n')).toBeNull();
});

test.runIf(process.platform === 'linux')('the machine tells of its own', () => {
  expect(fileSystemOf('/proc')).toMatchObject({ type: 'proc', mountPoint: '/proc' });
});
