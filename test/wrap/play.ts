/** Worlds beneath `spoor wrap`: an `accelerate` on PATH, launchers written in Python, and the runs they leave. */
import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import { join } from 'node:path';
import type { Run } from '../../src/model/run.ts';
import { type Started, start, temporaryWorld } from '../run/play.ts';
import { shown, spoor, training } from '../support/spoor.ts';
import type { World } from '../support/world.ts';

/** The Python itself, not a shell script that stands before it. */
export const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();

/** In the manner of accelerate's: starts the trainer as a child, and exits with 1 where that fails. */
const accelerateSource = `#!${python}
import subprocess, sys
words = sys.argv[sys.argv.index("launch") + 1:]
while words[0].startswith("-"):
    words = words[2:]
child = subprocess.Popen([sys.executable] + words)
if child.wait() != 0:
    raise subprocess.CalledProcessError(child.returncode, words)
`;

export function wrapWorld(): World {
  const world = temporaryWorld();
  world.env.PATH = `${join(world.root, 'bin')}:${join(python, '..')}:${world.env.PATH}`;
  chmodSync(world.write(join(world.root, 'bin/accelerate'), accelerateSource), 0o755);
  return world;
}

/** The command of a training beneath `accelerate`, found on PATH. */
export const accelerated = (world: World, ...more: string[]) => [
  'accelerate',
  'launch',
  '--num_cpu_threads_per_process',
  '2',
  ...training(world, ...more).slice(1),
];

/** Starts a launcher written in Python, with its arguments, beneath `spoor wrap`. */
export function launch(
  world: World,
  source: string,
  args: readonly string[],
  options: { env?: Record<string, string>; detached?: boolean } = {},
): Started {
  const script = world.write(join(world.root, 'gui/launcher.py'), source);
  return start(world, ['wrap', '--', python, script, ...args], options);
}

/** Every run of the world, the oldest first, none of them running any more. */
export async function runsOf(world: World): Promise<Run[]> {
  for (;;) {
    const { stdout } = await spoor(world, ['ls', '--json', '--sort', 'started']);
    const runs = JSON.parse(String(stdout)) as { id: string; status: string }[];
    if (runs.some(({ status }) => status === 'running')) continue;
    return Promise.all(runs.map(({ id }) => shown(world, id)));
  }
}
