/** The guide's training script in a world of its own: a home with a space in it, conda, a dataset, a trainer. */
import { spawn } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { spoor, spoorBin } from '../support/spoor.ts';
import { makeWorld, png, safetensors, type World } from '../support/world.ts';

const root = new URL('../..', import.meta.url).pathname;
export const shells = ['zsh', 'bash'] as const;
export type Shell = (typeof shells)[number];

export const name = 'noob-wolf-v1s24';

export interface GuideWorld extends World {
  home: string;
  /** The training directory. */
  training: string;
  /** Where the run's own directory is made. */
  outputs: string;
  /** The run's own directory. */
  run: string;
  base: string;
  script: string;
  shell: Shell;
}

/** @param shell for bash, the library and the first line are bash's */
export async function guideWorld(shell: Shell = 'zsh'): Promise<GuideWorld> {
  const world = makeWorld();
  onTestFinished(() => world.remove());
  const home = join(world.root, 'grey wolf home');
  mkdirSync(home);
  Object.assign(world.env, { HOME: home, T_STEP: '0.001' });
  const training = join(home, "wolf's data", 'wolf');
  cpSync(world.dataset, training, { recursive: true });
  const images = join(training, '2_grey wolf');
  world.write(join(images, 'four.png'), png('four'));
  world.write(
    join(training, 'config.toml'),
    `[general]\ncaption_extension = ".txt"\n\n[[datasets]]\nresolution = 64\n\n[[datasets.subsets]]\nimage_dir = "${images}"\nnum_repeats = 2\n`,
  );
  const trainer = join(home, 'sd scripts');
  cpSync(world.trainer, trainer, { recursive: true });
  const base = world.write(join(home, 'models', 'base.safetensors'), safetensors(4096));
  installConda(world, join(home, 'miniconda3'));
  await spoor(world, ['shell', shell, '--install']);
  const guide = {
    ...world,
    home,
    training,
    trainer,
    base,
    shell,
    outputs: join(home, 'output_dir'),
    run: join(home, 'output_dir', name),
    script: join(home, "wolf's scripts", 'train wolf.zsh'),
  };
  writeScript(guide, guideScript(guide));
  return guide;
}

function installConda(world: World, directory: string): void {
  mkdirSync(join(directory, 'bin'), { recursive: true });
  cpSync(join(root, 'test/fixtures/conda/conda'), join(directory, 'bin/conda'));
  chmodSync(join(directory, 'bin/conda'), 0o755);
  for (const each of ['sdscripts', 'wolves']) {
    mkdirSync(join(directory, 'envs', each, 'conda-meta'), { recursive: true });
    const python = world.write(join(directory, 'envs', each, 'bin/python'), '#!/bin/sh\nexec python3 "$@"\n');
    chmodSync(python, 0o755);
  }
}

/** The script of docs/guide.md with only its names and paths filled in. */
export function guideScript({ shell, training, base, trainer }: GuideWorld): string {
  const guide = readFileSync(join(root, 'docs/guide.md'), 'utf8');
  const script = /```zsh\n([\s\S]*?)```/.exec(guide)?.[1] ?? '';
  const filled = [
    ['your-model-name-v1s2400', name],
    ['/path/to/your/dataset', training],
    ['/path/to/base/model.safetensors', base],
    ['/path/to/train_network.py', join(trainer, 'train_network.py')],
  ] as const;
  let text = script;
  for (const [from, to] of filled) {
    if (text.split(from).length !== 2) throw new Error(`${from} is not in the guide's script once`);
    text = text.replace(from, to);
  }
  return shell === 'zsh' ? text : text.replaceAll('zsh', 'bash');
}

export function writeScript(world: GuideWorld, text: string, path = world.script): string {
  world.write(path, text);
  chmodSync(path, 0o755);
  return path;
}

/** The script's text with something put before the line that begins with `before`. */
export function inserted(world: GuideWorld, before: string, text: string): void {
  const script = guideScript(world);
  if (!script.includes(`\n${before}`)) throw new Error(`no line of the script begins with ${before}`);
  writeScript(world, script.replace(`\n${before}`, `\n${text}\n${before}`));
}

export interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Starts a script; `ended` settles when it and whoever holds its output have ended. */
export function start(world: GuideWorld, env: Record<string, string> = {}, script = world.script, args: string[] = []) {
  const child = spawn(script, args, {
    cwd: world.root,
    env: { ...world.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const texts = { stdout: '', stderr: '' };
  child.stdout.on('data', (data) => {
    texts.stdout += data;
  });
  child.stderr.on('data', (data) => {
    texts.stderr += data;
  });
  const ended = new Promise<Ended>((settle, fail) => {
    child.on('error', fail);
    child.on('close', (status, signal) => settle({ status, signal, ...texts }));
  });
  return { pid: child.pid!, ended, texts };
}

export const play = (world: GuideWorld, env: Record<string, string> = {}): Promise<Ended> => start(world, env).ended;

/** The names in the run's directory. */
export const left = (directory: string): string[] => (existsSync(directory) ? readdirSync(directory).sort() : []);

/** `spoor` as a command, for scripts that use it. */
export function commandOnPath(world: GuideWorld): void {
  const path = world.write(join(world.root, 'bin/spoor'), `#!/bin/sh\nexec '${process.execPath}' '${spoorBin}' "$@"\n`);
  chmodSync(path, 0o755);
  world.env.PATH = `${join(world.root, 'bin')}:${world.env.PATH}`;
}
