/**
 * What `.pth` files add to an interpreter's imports. Their `import …` lines are programs and are never
 * run; where such a line installs an editable finder, the finder's table is read as text.
 */
import { isAbsolute, join, resolve } from 'node:path';
import { isDirectory, isFile, namesIn, readHead } from './read.ts';

export interface PathFiles {
  /** Directories added to `sys.path`, after the site directory they were found in. */
  directories: string[];
  /** Modules that finders map: top name → file or package directory. */
  modules: Map<string, string>;
}

const largestPathFile = 262_144;
const mostLines = 10_000;

export function readPathFiles(site: string): PathFiles {
  const result: PathFiles = { directories: [], modules: new Map() };
  for (const name of namesIn(site)) {
    if (!name.endsWith('.pth') || name.startsWith('.')) continue;
    const lines = (readHead(join(site, name), largestPathFile) ?? '').split(/\r?\n/, mostLines);
    for (const line of lines) {
      if (/^import[ \t]/.test(line)) readFinder(site, line, result.modules);
      else if (line.trim() !== '' && !line.startsWith('#') && !line.includes('\0')) {
        const directory = resolve(site, line.trimEnd());
        if (isDirectory(directory) || isFile(directory)) result.directories.push(directory);
      }
    }
  }
  return result;
}

/** setuptools' `__editable___x_finder` with its MAPPING, and `map_module(…)` of the `editables` package. */
function readFinder(site: string, line: string, modules: Map<string, string>): void {
  for (const match of line.matchAll(/\bimport[ \t]+([A-Za-z_]\w{0,200})/g)) {
    const text = readHead(join(site, `${match[1]!}.py`), largestPathFile);
    if (text === null) continue;
    const table = /^MAPPING\b[^={]{0,200}=\s{0,20}\{([^}]{0,65536})\}/m.exec(text)?.[1] ?? '';
    const calls = [...text.matchAll(/\bmap_module\(([^)]{1,8192})\)/g)].map((call) => call[1]!);
    const pairs = [...table.matchAll(pair(':')), ...calls.flatMap((call) => [...call.matchAll(pair(','))])];
    for (const [, , name = '', , path = ''] of pairs) {
      const target = unquoted(path);
      if (isAbsolute(target) && !target.includes('\0'))
        modules.set(unquoted(name), target.replace(/[\\/]__init__\.py$/, ''));
    }
  }
}

/** Two Python string literals with a sign between them. */
function pair(sign: string): RegExp {
  const literal = (quote: number) => `(["'])((?:\\\\.|(?!\\${quote})[^\\\\\\n]){0,4096})\\${quote}`;
  return new RegExp(`${literal(1)}\\s{0,20}${sign}\\s{0,20}r?${literal(3)}`, 'g');
}

function unquoted(literal: string): string {
  return literal.replace(/\\(x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|.)/g, (_, letter: string) => {
    if (/^[xu]./.test(letter)) return String.fromCodePoint(Number.parseInt(letter.slice(1), 16));
    return { n: '\n', t: '\t', r: '\r' }[letter] ?? letter;
  });
}
