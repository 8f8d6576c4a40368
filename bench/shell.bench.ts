/**
 * What the shell library adds to a training script: sourcing it, and each of its functions, as whole scripts
 * against the same zsh that does nothing. A function that asks Spoor cannot be faster than Node starts, which
 * is measured too.
 */
import { chmodSync, cpSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, command, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { dataset, repository } from './worlds.ts';

const benchmark: Benchmark = (directory) => {
  const home = join(directory, 'home');
  const env = { HOME: home, SPOOR_HOME: join(directory, 'spoor') };
  dataset(join(home, 'datasets', 'wolf'), 100, 20_000);
  const trainer = repository(join(directory, 'trainer'), 250);
  const conda = join(home, 'miniconda3');
  for (const name of ['bin', 'envs/lora/conda-meta']) mkdirSync(join(conda, name), { recursive: true });
  cpSync(join(import.meta.dirname, '../test/fixtures/conda/conda'), join(conda, 'bin/conda'));
  chmodSync(join(conda, 'bin/conda'), 0o755);
  const library = join(directory, 'train_functions.zsh');
  writeFileSync(library, answer(spoor('shell', 'zsh'), { env }));

  const zsh = (script: string) => () => command(['zsh', '-f', '-c', script, 'zsh', library, trainer], { env });
  const bare = { peerName: 'zsh -c true', peer: { run: zsh('true') }, goal: 2, turns: 21 };
  const node = { peerName: 'zsh -c "node -e 0"', peer: { run: zsh(`'${process.execPath}' -e 0`) }, goal: 4, turns: 9 };
  const load = 'source "$1"; ';
  // The directory is new each time, and nothing is cleaned at the end.
  const prepare = () => rmSync(join(home, 'output_dir'), { recursive: true, force: true });
  const setUp = `${load}setup_training_vars noob-wolf-v1s2400; __spoor_created=; `;
  const ready = `${load}NAME=x STEPS= TRAINING_DIR=~/datasets/wolf __spoor_dir=~/output; `;
  const script = join(trainer, 'train_network.py');
  const recorded = ['--name', 'x', '--output-dir', join(home, 'output'), '--dataset', join(home, 'datasets/wolf')];
  return [
    { name: 'source train_functions.zsh', ...bare, ours: { run: zsh(load) } },
    { name: 'cleanup_empty_output, all is well', ...bare, ours: { run: zsh(`${load}cleanup_empty_output`) } },
    { name: 'setup_training_vars', ...node, ours: { prepare, run: zsh(setUp) } },
    { name: 'setup_conda_env', ...node, ours: { run: zsh(`${load}setup_conda_env lora`) } },
    { name: 'store_commits_hashes, 1 repository', ...node, ours: { run: zsh(`${ready}store_commits_hashes "$2"`) } },
    { name: 'get_lycoris_repo', ...node, ours: { run: zsh(`${load}get_lycoris_repo`) } },
    {
      name: 'run_training_script',
      peerName: 'spoor run -- python3',
      goal: 1.3,
      turns: 9,
      ours: { run: zsh(`${ready}run_training_script "$2/train_network.py"`) },
      peer: {
        run: () => command([...spoor('run', ...recorded), '--', 'python3', script], { cwd: trainer, env }),
      },
    },
  ];
};
export default benchmark;
