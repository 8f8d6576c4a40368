// Makes sure that the programs the tests and benchmarks drive are there. On Debian and its kin,
// as root, what is missing is installed; elsewhere it is named, with the command that would.
import { spawnSync } from 'node:child_process';

/** Program → the Debian package that holds it. */
const needed = {
  git: 'git',
  zsh: 'zsh',
  bash: 'bash',
  tmux: 'tmux',
  python3: 'python3',
  'git-lfs': 'git-lfs',
  openssl: 'openssl',
};

const present = (program) => spawnSync('sh', ['-c', 'command -v "$1" >/dev/null', 'sh', program]).status === 0;
const missing = Object.keys(needed).filter((program) => !present(program));
if (missing.length > 0) {
  const packages = missing.map((program) => needed[program]);
  const canInstall = process.getuid?.() === 0 && present('apt-get');
  if (canInstall) {
    const apt = (...args) =>
      spawnSync('apt-get', args, {
        stdio: ['ignore', 2, 2],
        env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
      });
    apt('update', '-qq');
    apt('install', '-y', '-qq', '--no-install-recommends', ...packages);
  }
  const still = missing.filter((program) => !present(program));
  if (still.length > 0) {
    console.error(`The tests need ${still.join(', ')}. Install with: sudo apt-get install ${packages.join(' ')}`);
    process.exit(1);
  }
}
