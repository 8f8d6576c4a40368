/** Worlds to measure in: repositories, environments, datasets and big files, the same each time. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../demo/library/random.mjs';
import { command } from './commands.ts';

const identity = {
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'Spoor bench',
  GIT_AUTHOR_EMAIL: 'bench@spoor.invalid',
  GIT_COMMITTER_NAME: 'Spoor bench',
  GIT_COMMITTER_EMAIL: 'bench@spoor.invalid',
};

/** Runs git without the user's configuration. */
export function git(directory: string, ...args: string[]): void {
  command(['git', ...args], { cwd: directory, env: identity });
}

/** Bytes that do not compress. */
function noise(bytes: number, seed: number): Buffer {
  const random = new Random(seed);
  const buffer = Buffer.alloc(bytes);
  for (let at = 0; at + 4 <= bytes; at += 4) buffer.writeUInt32LE(Math.floor(random.uniform() * 2 ** 32), at);
  return buffer;
}

/** A file of the given size, in pieces of 1 MiB that differ from one another. */
export function bigFile(path: string, mebibytes: number): void {
  const piece = noise(2 ** 20, 1);
  const file = openSync(path, 'w');
  for (let index = 0; index < mebibytes; index++) {
    piece.writeUInt32LE(index, 0);
    writeSync(file, piece);
  }
  closeSync(file);
}

/** Lines as a trainer prints them, of the given size. */
export function bigLog(path: string, mebibytes: number): void {
  const line = 'steps:  40%|████      | 640/1600 [05:12<07:48,  2.05it/s, avr_loss=0.0928]\r';
  const piece = Buffer.from(line.repeat(Math.ceil(2 ** 20 / Buffer.byteLength(line)))).subarray(0, 2 ** 20);
  const file = openSync(path, 'w');
  for (let index = 0; index < mebibytes; index++) writeSync(file, piece);
  closeSync(file);
}

/** A repository the size of a trainer's, committed, with two changed files and an untracked one. */
export function repository(directory: string, files: number): string {
  mkdirSync(directory, { recursive: true });
  git(directory, 'init', '--quiet', '--initial-branch=main');
  for (let index = 0; index < files; index++) {
    const folder = join(directory, `module_${index % 12}`);
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, `part_${index}.py`), `# part ${index}\n${'value = compute(value)\n'.repeat(200)}`);
  }
  writeFileSync(join(directory, 'train_network.py'), 'print("trained")\n');
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message=All parts');
  writeFileSync(join(directory, 'module_0', 'part_0.py'), 'value = 1\n');
  writeFileSync(join(directory, 'train_network.py'), 'print("trained again")\n');
  writeFileSync(join(directory, 'notes.txt'), 'not committed\n');
  return directory;
}

/** A virtual environment with metadata of packages as pip leaves it, and no packages. */
export function virtualEnvironment(directory: string, packages: number): string {
  const site = join(directory, 'lib', 'python3.11', 'site-packages');
  mkdirSync(join(directory, 'bin'), { recursive: true });
  writeFileSync(
    join(directory, 'pyvenv.cfg'),
    'home = /usr/bin\ninclude-system-site-packages = false\nversion = 3.11.2\n',
  );
  writeFileSync(join(directory, 'bin', 'python'), '#!/bin/sh\nexec /usr/bin/python3 "$@"\n', { mode: 0o755 });
  for (let index = 0; index < packages; index++) {
    const info = join(site, `package_${index}-1.${index}.0.dist-info`);
    mkdirSync(info, { recursive: true });
    const description = 'A package of the environment.\n'.repeat(100);
    writeFileSync(
      join(info, 'METADATA'),
      `Metadata-Version: 2.1\nName: package-${index}\nVersion: 1.${index}.0\n\n${description}`,
    );
    writeFileSync(join(info, 'RECORD'), `package_${index}/__init__.py,,\n`);
    writeFileSync(join(info, 'INSTALLER'), 'pip\n');
  }
  return directory;
}

/** `<directory>/2_grey wolf/` with images of noise and captions. */
export function dataset(directory: string, images: number, bytesEach: number): string {
  const folder = join(directory, '2_grey wolf');
  mkdirSync(folder, { recursive: true });
  const image = noise(bytesEach, 2);
  for (let index = 0; index < images; index++) {
    image.writeUInt32LE(index, 0);
    const name = join(folder, `wolf_${String(index).padStart(6, '0')}`);
    writeFileSync(`${name}.png`, image);
    writeFileSync(`${name}.txt`, `grey wolf, howling, scene ${index}\n`);
  }
  return directory;
}
