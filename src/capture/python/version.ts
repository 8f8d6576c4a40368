/** The version of a Python, from the traces that its installation left. */
import { basename, dirname, join } from 'node:path';
import { namesIn, readHead } from './read.ts';

/** `python3.11` of a binary so named, else null. */
export function libraryName(...executables: string[]): string | null {
  for (const path of executables) {
    const name = /^python(\d\.\d+t?)$/.exec(basename(path))?.[1];
    if (name !== undefined) return `python${name}`;
  }
  return null;
}

interface Traces {
  prefix: string;
  basePrefix: string;
  realExecutable: string;
  /** What `pyvenv.cfg` says: the Python it was made from, which may have been updated since. */
  venvVersion: string | null;
}

export function pythonVersion({ prefix, basePrefix, realExecutable, venvVersion }: Traces): string | null {
  const series =
    seriesOf(basePrefix, realExecutable) ?? (venvVersion === null ? null : /^\d+\.\d+/.exec(venvVersion)![0]);
  const full = [
    condaVersion(prefix),
    condaVersion(basePrefix),
    series === null ? null : headerVersion(basePrefix, series),
    nameVersion(realExecutable),
    series === null || basePrefix !== '/usr' ? null : debianVersion(series),
    venvVersion,
  ];
  return (
    full.find((each) => each !== null && (series === null || each === series || each.startsWith(`${series}.`))) ??
    series
  );
}

function seriesOf(basePrefix: string, realExecutable: string): string | null {
  const named = libraryName(realExecutable);
  if (named !== null) return named.slice('python'.length).replace('t', '');
  const libraries = namesIn(join(basePrefix, 'lib')).flatMap((name) => /^python(\d\.\d+)t?$/.exec(name)?.[1] ?? []);
  return libraries.length === 1 ? libraries[0]! : null;
}

function condaVersion(prefix: string): string | null {
  for (const name of namesIn(join(prefix, 'conda-meta'))) {
    const version = /^python-(\d+\.\d+\.\d+)-[^-]+\.json$/.exec(name)?.[1];
    if (version !== undefined) return version;
  }
  return null;
}

function headerVersion(basePrefix: string, series: string): string | null {
  for (const name of [`python${series}`, `python${series}t`, `python${series}m`]) {
    const header = readHead(join(basePrefix, 'include', name, 'patchlevel.h'), 8192);
    const version = header === null ? null : /^#define PY_VERSION\s+"(\d+\.\d+\.\d+)/m.exec(header)?.[1];
    if (version) return version;
  }
  return null;
}

/** Installers put the version into the directory: `versions/3.11.7`, `cpython-3.11.7-linux-x86_64-gnu`. */
function nameVersion(realExecutable: string): string | null {
  return (
    /^(?:cpython-|pypy|python-?)?(\d+\.\d+\.\d+)(?![\d.])/.exec(basename(dirname(dirname(realExecutable))))?.[1] ?? null
  );
}

function debianVersion(series: string): string | null {
  const status = readHead('/var/lib/dpkg/status', 32 * 1024 * 1024);
  const at = status?.indexOf(`\nPackage: python${series}-minimal\n`) ?? -1;
  return at < 0 ? null : (/^Version: (?:\d+:)?(\d+\.\d+\.\d+)/m.exec(status!.slice(at, at + 4096))?.[1] ?? null);
}
