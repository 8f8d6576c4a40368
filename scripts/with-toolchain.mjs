// Runs one of the checkout's scripts with everything it needs in place:
//   node scripts/with-toolchain.mjs [--build] [--system] SCRIPT [ARGS...]
// Installs the npm packages when the lock files changed, picks a Node that is new enough
// (the checkout brings its own), builds when a source is newer than the bundle, and, with
// --system, installs the programs that tests use. Plain old JavaScript: any Node can start it.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [major, minor] = process.versions.node.split('.').map(Number);

/** Runs a command with its output on stderr, so that a script's own stdout stays clean; exits on failure. */
function must(command, args, options = {}) {
  const result = spawnSync(command, args, { stdio: ['ignore', 2, 2], cwd: root, ...options });
  if (result.error || result.status !== 0) {
    console.error(`\n${command} ${args.join(' ')} failed${result.error ? `: ${result.error.message}` : ''}.`);
    process.exit(result.status || 1);
  }
}

function installIfChanged(folder, extra = []) {
  const digest = createHash('sha256');
  for (const name of ['package.json', 'package-lock.json']) digest.update(readFileSync(join(folder, name)));
  const stamp = join(folder, 'node_modules', '.spoor-installed');
  const wanted = digest.digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  must('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error', ...extra], { cwd: folder });
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}

function toolchainNode() {
  const asked = process.env.SPOOR_TEST_NODE;
  if (asked) return asked;
  const own = join(root, 'toolchain', 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (existsSync(own)) return own;
  if (major > 22 || (major === 22 && minor >= 13)) return process.execPath;
  console.error(
    `Spoor needs Node 22.13 or newer; this is ${process.version}, and no Node is published on npm for ${process.platform}-${process.arch}.\nInstall a newer Node from https://nodejs.org and run the command again.`,
  );
  process.exit(1);
}

function newest(path) {
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  return Math.max(stat.mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

function buildIsStale() {
  const bundle = join(root, 'dist', 'main.js');
  if (!existsSync(bundle)) return true;
  const built = statSync(bundle).mtimeMs;
  return ['src', 'package.json', 'scripts/build.mjs'].some((path) => newest(join(root, path)) > built);
}

const args = process.argv.slice(2);
const flags = new Set();
while (args[0]?.startsWith('--')) flags.add(args.shift());

installIfChanged(join(root, 'toolchain'));
installIfChanged(root);
const node = toolchainNode();
process.env.PATH = [dirname(node), process.env.PATH].join(delimiter);
process.env.SPOOR_TOOLCHAIN_NODE = node;
if (flags.has('--system')) must(node, [join(root, 'scripts/system-packages.mjs')]);
if (flags.has('--build') && buildIsStale()) must(node, [join(root, 'scripts/build.mjs')]);

const script = spawnSync(node, [join(root, args[0]), ...args.slice(1)], { stdio: 'inherit' });
if (script.signal) process.kill(process.pid, script.signal);
process.exit(script.status ?? 1);
