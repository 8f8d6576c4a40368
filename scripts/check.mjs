// Checks what tests do not: npm run check. Every check runs; those that failed are named at the end.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bin = (name) => join(root, 'node_modules', '.bin', name);

/** Runs a program; what it says is shown only if it fails. */
function program(command, ...args) {
  const result = spawnSync(command, args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  if (result.status === 0) return [];
  return [`${result.stdout ?? ''}${result.stderr ?? ''}`.trim() || String(result.error ?? `status ${result.status}`)];
}

/** Files git tracks, with their text; binary files and genuine fixtures are left out. */
function trackedTexts() {
  const { stdout } = spawnSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return stdout
    .split('\0')
    .filter((path) => path !== '' && !path.startsWith('test/fixtures/') && existsSync(join(root, path)))
    .map((path) => ({ path, text: readFileSync(join(root, path), 'latin1') }))
    .filter(({ text }) => !text.includes('\0'));
}

/** Nothing of the machine it was written on: where the checkout lay, which registry the packages came from. */
function traces() {
  const traces = [
    ['the path of a checkout', root.length > 3 ? root : null],
    ['a home directory', /(?:\/root|\/home\/(?!lab\b|user\b|me\b|you\b)[a-z][\w-]*|\/Users\/[A-Za-z][\w-]*)\/[\w.-]/],
    ['the address of a package in a registry', /"resolved":|registry\.[a-z0-9-]+\.[a-z]+/],
  ];
  return trackedTexts().flatMap(({ path, text }) =>
    text.split('\n').flatMap((line, index) =>
      traces
        .filter(([, trace]) => (trace instanceof RegExp ? trace.test(line) : trace !== null && line.includes(trace)))
        .filter(() => path !== 'scripts/check.mjs')
        .map(([what]) => `${path}:${index + 1}: ${what}: ${line.trim().slice(0, 120)}`),
    ),
  );
}

/** `npm install --no-save` would not notice that the lock file names other versions than package.json. */
function lockFiles() {
  return ['.', 'toolchain'].flatMap((folder) => {
    const read = (name) => JSON.parse(readFileSync(join(root, folder, name), 'utf8'));
    const [wanted, locked] = [read('package.json'), read('package-lock.json').packages['']];
    return ['dependencies', 'devDependencies', 'optionalDependencies']
      .filter((key) => JSON.stringify(wanted[key] ?? {}) !== JSON.stringify(locked[key] ?? {}))
      .map(
        (key) => `${folder}/package-lock.json has other ${key} than package.json: run npm install --package-lock-only`,
      );
  });
}

/** What a user who installs the package gets. */
function packed() {
  const pack = spawnSync('npm', ['pack', '--dry-run', '--json', '--ignore-scripts', '--loglevel=error'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  if (pack.status !== 0) return [pack.stderr];
  const answer = JSON.parse(pack.stdout);
  const [{ files }] = Array.isArray(answer) ? answer : Object.values(answer);
  const paths = files.map(({ path }) => path);
  const needed = [
    'bin/spoor.js',
    'dist/main.js',
    'dist/web/index.html',
    'dist/main-looking.js',
    'dist/main-run.js',
    'dist/main-serving.js',
    'dist/recorder.js',
    'dist/recorder-main.js',
    'hook/python/sitecustomize.py',
    'hook/python/spoor_hook.py',
    'hook/python/spoor_starts.py',
    'demo/train_network.mjs',
    'demo/make-world.mjs',
    'shell/completion/spoor.zsh',
    'shell/train_functions.sh',
    'README.md',
    'CHANGELOG.md',
    'LICENSE',
  ];
  return [
    ...needed.filter((path) => !paths.includes(path)).map((path) => `${path} is not in the package`),
    ...['docs/'].filter((start) => !paths.some((path) => path.startsWith(start))).map((path) => `${path} is not there`),
    ...paths.filter((path) => /^(src|test|bench|scripts|toolchain)\/|fixtures/.test(path)).map((path) => `${path} is`),
  ];
}

const generateDocs = join(root, 'scripts', 'generate-docs.mjs');
const generateHook = join(root, 'scripts', 'generate-hook.mjs');
const build = join(root, 'scripts', 'build.mjs');
const checks = {
  'format and lint': () => program(bin('biome'), 'check', '--error-on-warnings', '.'),
  'types of the source': () => program(bin('tsc'), '-b'),
  'types of tests, benchmarks and the demo': () => program(bin('tsc'), '-p', 'test'),
  'dead code': () => program(bin('knip'), '--no-progress'),
  build: () => program(process.execPath, build),
  'package metadata': () => program(bin('publint'), '--strict'),
  'package contents': packed,
  'lock files': lockFiles,
  'generated documents': () => (existsSync(generateDocs) ? program(process.execPath, generateDocs, '--check') : []),
  'generated hook': () => program(process.execPath, generateHook, '--check'),
  'traces of a machine': traces,
};

const failed = [];
for (const [name, check] of Object.entries(checks)) {
  const started = performance.now();
  const problems = check();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${problems.length === 0 ? 'ok    ' : 'FAILED'}  ${name} (${seconds} s)`);
  for (const problem of problems) console.log(problem.replace(/^/gm, '        '));
  if (problems.length > 0) failed.push(name);
}
if (failed.length > 0) {
  console.log(`\n${failed.length} of ${Object.keys(checks).length} checks failed: ${failed.join(', ')}`);
  process.exitCode = 1;
}
