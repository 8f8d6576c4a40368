/** pyenv's shims: shell scripts that choose a Python by variable and by files up the tree. */
import { basename, dirname, join } from 'node:path';
import type { Place } from './program.ts';
import { isFile, namesIn, readHead } from './read.ts';

/**
 * Where a shim leads.
 * @returns null if it is no shim; `next` if it leads to the system's own, further down PATH
 */
export function pyenvTarget(shim: string, place: Place): { path: string } | 'next' | null {
  if (basename(dirname(shim)) !== 'shims') return null;
  const text = readHead(shim, 4096);
  if (text === null || !/^#!.*sh\b/.test(text) || !/\bpyenv["']? exec\b/.test(text)) return null;
  const root = /^export PYENV_ROOT="([^"\n]+)"/m.exec(text)?.[1] ?? place.env.PYENV_ROOT ?? dirname(dirname(shim));
  const chosen = chosenVersions(root, place);
  for (const version of chosen) {
    if (version === 'system') return 'next';
    const directory = installed(root, version);
    const path = directory === null ? null : join(root, 'versions', directory, 'bin', basename(shim));
    if (path !== null && isFile(path)) return { path };
  }
  return { path: join(root, 'versions', chosen[0]!, 'bin', basename(shim)) };
}

/** In pyenv's order: variable, `.python-version` of the directory or one above, the global file. At least one. */
function chosenVersions(root: string, { env, cwd }: Place): string[] {
  const given = env.PYENV_VERSION?.split(':').filter((each) => each !== '') ?? [];
  if (given.length > 0) return given;
  for (let directory = env.PYENV_DIR ?? cwd; ; directory = dirname(directory)) {
    const local = versionsIn(join(directory, '.python-version'));
    if (local.length > 0) return local;
    if (directory === dirname(directory)) break;
  }
  const global = versionsIn(join(root, 'version'));
  return global.length > 0 ? global : ['system'];
}

function versionsIn(path: string): string[] {
  const lines = (readHead(path, 4096) ?? '').split('\n').map((line) => line.split('#', 1)[0]!.trim());
  return lines
    .join(' ')
    .split(/\s+/)
    .filter((each) => each !== '' && !each.includes('/') && each !== '..');
}

/** Directory of a version under `versions/`; `3.11` means the latest 3.11 that is installed. */
function installed(root: string, version: string): string | null {
  const names = namesIn(join(root, 'versions'));
  for (const wanted of [version, version.replace(/^python-/, '')]) {
    if (names.includes(wanted)) return wanted;
    const series = names.filter((name) => name.startsWith(`${wanted}.`) && /^[\d.]+$/.test(name));
    const patch = (name: string) => Number(name.slice(name.lastIndexOf('.') + 1));
    const latest = series.sort((a, b) => patch(a) - patch(b)).at(-1);
    if (latest !== undefined) return latest;
  }
  return null;
}
