import { expect, test } from 'vitest';
import type { FileSystem } from '../store/file-system.ts';
import { chooseHome } from './choose-home.ts';

const layer = { type: 'overlay', mountPoint: '/', network: false, wiped: true };
const disk = { type: 'ext4', mountPoint: '/', network: false, wiped: false };
const mounted = (mountPoint: string, type: string) => ({
  type,
  mountPoint,
  network: type === 'nfs4',
  wiped: type === 'tmpfs',
});

/** A machine with one root and some volumes, on which every directory can be written but those named. */
function choose(
  root: FileSystem,
  found: { volumes?: FileSystem[]; env?: NodeJS.ProcessEnv; files?: string[]; readOnly?: string[] } = {},
) {
  const { volumes = [], env = {}, files = [], readOnly = [] } = found;
  return chooseHome(
    { env, userHome: '/home/me', cwd: '/work' },
    {
      fileSystemOf: (path) => volumes.find((each) => `${path}/`.startsWith(`${each.mountPoint}/`)) ?? root,
      exists: (path) => files.includes(path),
      writable: (path) => !readOnly.includes(path),
    },
  );
}

const usual = { directory: '/home/me/.local/share/spoor', choice: 'default' };
const workspace = mounted('/workspace', 'nfs4');

test('in a container with a volume of its own, records are kept on the volume', () => {
  expect(choose(layer, { volumes: [workspace] })).toEqual({ directory: '/workspace/.spoor', choice: 'volume' });
});

test('a home that is there already is not left', () => {
  const files = ['/home/me/.local/share/spoor/home.json'];
  expect(choose(layer, { volumes: [workspace], files })).toEqual(usual);
});

test.each([
  ['the disk is not wiped', choose(disk, { volumes: [workspace] })],
  ['there is no volume', choose(layer)],
  ['the volume is memory', choose(layer, { volumes: [mounted('/workspace', 'tmpfs')] })],
  ['the volume cannot be written', choose(layer, { volumes: [workspace], readOnly: ['/workspace'] })],
  ['the home directory is a volume itself', choose(layer, { volumes: [workspace, mounted('/home/me', 'ext4')] })],
])('the usual home where %s', (_, chosen) => {
  expect(chosen).toEqual(usual);
});

test('SPOOR_HOME comes before all, XDG_DATA_HOME before the usual place', () => {
  const volumes = [workspace];
  expect(choose(layer, { volumes, env: { SPOOR_HOME: 'here' } })).toEqual({
    directory: '/work/here',
    choice: 'variable',
  });
  expect(choose(disk, { env: { XDG_DATA_HOME: '/data' } }).directory).toBe('/data/spoor');
  expect(choose(disk, { env: { XDG_DATA_HOME: 'relative' } })).toEqual(usual);
});
