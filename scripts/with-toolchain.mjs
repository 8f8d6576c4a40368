// Runs one of the checkout's scripts with everything it needs in place:
//   node scripts/with-toolchain.mjs [--build] [--system[=bench]] SCRIPT [ARGS...]
// Installs the npm packages when the lock files changed, picks a Node that is new enough
// (the checkout brings its own), builds when a source is newer than the bundle, and, with
// --system, installs the programs that tests or benchmarks use. Plain old JavaScript: any Node
// can start it.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, constants as osConstants, tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/** Runs a command with its output on stderr, so that a script's own stdout stays clean; exits on failure. */
function must(command, args, options = {}) {
  const result = spawnSync(command, args, { stdio: ['ignore', 2, 2], cwd: root, ...options });
  if (result.error || result.status !== 0) {
    console.error(`\n${command} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}.`);
    process.exit(result.status || 1);
  }
}

/** Installs a folder's packages unless its lock file is the one installed last. */
function installIfChanged(folder) {
  const digest = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) digest.update(readFileSync(join(folder, name)));
  const stamp = join(folder, 'node_modules', '.spoor-installed');
  const wanted = digest.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error(`Installing the packages of ${join(folder, 'package-lock.json')} …`);
  const cache = npmCacheIsWritable() ? null : mkdtempSync(join(tmpdir(), 'spoor-npm-'));
  process.on('exit', () => cache !== null && rmSync(cache, { recursive: true, force: true }));
  const env = cache === null ? process.env : { ...process.env, npm_config_cache: cache };
  // Not `npm ci`: it refuses a lock file without the optional binaries of every platform, and a registry
  // need not mirror them all. This keeps to the lock file and leaves it as it is. Every binary comes
  // prebuilt inside its package; install scripts would compile (better-sqlite3) or have no use (esbuild).
  must('npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: folder,
    env,
  });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

/** npm fails without a cache, and a container's home may be read-only. */
function npmCacheIsWritable() {
  const cache = process.env.npm_config_cache || join(homedir(), '.npm');
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** The Node for the scripts: the one asked for, the checkout's own, or the running one if it is new enough. */
function toolchainNode() {
  if (process.env.SPOOR_TEST_NODE) return process.env.SPOOR_TEST_NODE;
  const own = join(root, 'toolchain', 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(own)) return own;
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > 22 || (major === 22 && minor >= 14)) return process.execPath;
  console.error(
    `Spoor needs Node 22.14 or newer; this is ${process.version}, and the checkout brings none for ${process.platform}-${process.arch}.\nInstall a newer Node from https://nodejs.org and run the command again.`,
  );
  process.exit(69);
}

/** Modification time, in milliseconds, of the newest file that goes into the bundle. */
function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return path.endsWith('.test.ts') ? 0 : stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function buildIsStale() {
  const bundle = join(root, 'dist', 'main.js');
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  return ['src', 'web', 'package.json', 'scripts/build.mjs'].some((path) => newest(join(root, path)) >= built);
}

/**
 * Runs the script with this process's terminal and streams and ends as it ends. What a terminal sends
 * (Ctrl-C) reaches the script by itself; what is sent to this process alone is passed on.
 */
function become(node, args) {
  const script = spawn(node, args, { stdio: 'inherit' });
  const terminal = process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY;
  for (const signal of ['SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGHUP']) {
    const fromTerminal = terminal && (signal === 'SIGINT' || signal === 'SIGQUIT');
    process.on(signal, () => fromTerminal || script.kill(signal));
  }
  script.on('error', (error) => {
    console.error(`Cannot run ${node}: ${error.message}`);
    process.exit(69);
  });
  script.on('exit', (status, signal) => {
    if (signal === null) process.exit(status);
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
    // For a signal that does not end this process after all.
    setTimeout(() => process.exit(128 + osConstants.signals[signal]), 100);
  });
}

const args = process.argv.slice(2);
const flags = new Set();
while (args[0]?.startsWith('--')) flags.add(args.shift());

installIfChanged(join(root, 'toolchain'));
const node = toolchainNode();
process.env.PATH = [dirname(node), process.env.PATH].join(delimiter);
installIfChanged(root);
if (flags.has('--system') || flags.has('--system=bench')) {
  const { provide } = await import('./system-packages.mjs');
  provide(flags.has('--system=bench'));
}
if (flags.has('--build') && buildIsStale()) must(node, [join(root, 'scripts/build.mjs')]);
become(node, [join(root, args[0]), ...args.slice(1)]);
