// Makes sure that the programs which tests and benchmarks drive are there. On Debian and its kin
// what is missing is installed, as root or where sudo asks for no password; elsewhere it is named,
// with the command that would.
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program → the Debian package that holds it. */
const forTests = {
  git: 'git',
  zsh: 'zsh',
  bash: 'bash',
  tmux: 'tmux',
  python3: 'python3',
  'python3 ensurepip': 'python3-venv',
  'git-lfs': 'git-lfs',
  fish: 'fish',
  openssl: 'openssl',
  ssh: 'openssh-client',
  sshd: 'openssh-server',
  shellcheck: 'shellcheck',
  ...(process.platform === 'linux' ? { chromium: 'chromium' } : {}),
  ...(process.platform === 'linux' ? { strace: 'strace', sshfs: 'sshfs' } : {}),
};
const forBenchmarks = { ...forTests, datalad: 'datalad' };

/** @param {string} program or, after a space, the Python module that it must bring */
function present(program) {
  const [python, module] = program.split(' ');
  if (module) return spawnSync(python, ['-c', `import ${module}`], { stdio: 'ignore' }).status === 0;
  // Daemons are in /usr/sbin, which an ordinary user may not have on PATH.
  return [...(process.env.PATH ?? '').split(delimiter), '/usr/sbin'].some((directory) => {
    try {
      accessSync(join(directory || '.', program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}

/**
 * Ends the process with 69 if something is missing and cannot be installed.
 * @param {boolean} benchmarks what benchmarks need, too
 */
export function provide(benchmarks) {
  const needed = benchmarks ? forBenchmarks : forTests;
  const missing = Object.entries(needed).filter(([program]) => !present(program));
  if (missing.length === 0) return;
  const packages = missing.map(([, debianPackage]) => debianPackage);
  const root = process.getuid?.() === 0;
  if (present('apt-get') && (root || spawnSync('sudo', ['-n', 'true'], { stdio: 'ignore' }).status === 0)) {
    console.error(`Installing ${packages.join(', ')} …`);
    const apt = (...args) => {
      const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-qq', ...args];
      const [program, ...rest] = root ? command : ['sudo', '-n', ...command];
      spawnSync(program, rest, { stdio: ['ignore', 2, 2] });
    };
    apt('update');
    apt('install', '-y', '--no-install-recommends', ...packages);
  }
  const still = missing.filter(([program]) => !present(program)).map(([program]) => program);
  if (still.length === 0) return;
  console.error(`Missing: ${still.join(', ')}. Install with: sudo apt-get install ${packages.join(' ')}`);
  process.exit(69);
}
