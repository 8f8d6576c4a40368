/**
 * How long a user waits: until the trainer starts, and for the whole of `spoor run -- true`, with three
 * repositories, an environment of 200 packages and a warm dataset of 1,000 images, against bare Node and
 * the bare git commands that the same facts need, and against DataLad, which records far less.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { answer, command, shell, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { dataset, git, repository, virtualEnvironment } from './worlds.ts';

const benchmark: Benchmark = (directory) => {
  const repositories = ['trainer', 'lycoris', 'tools'].map((name) => repository(join(directory, name), 250));
  const environment = virtualEnvironment(join(directory, 'venv'), 200);
  const images = dataset(join(directory, 'dataset'), 1000, 20_000);
  const env = {
    SPOOR_HOME: join(directory, 'home'),
    VIRTUAL_ENV: environment,
    PATH: `${join(environment, 'bin')}:${process.env.PATH ?? ''}`,
  };
  const record = (...trainer: string[]) => [
    ...spoor('run', '--name', 'bench', '--dataset', images),
    ...repositories.flatMap((path) => ['--repo', path]),
    ...['--', ...trainer],
  ];
  /** Milliseconds until `date` reads the same clock. */
  const untilStarted = () => {
    const began = performance.timeOrigin + performance.now();
    return Number(answer(record('date', '+%s%N'), { cwd: directory, env })) / 1e6 - began;
  };
  // The same facts with bare git: HEAD, branch, changed files, and the work tree as a tree object.
  const bare = [
    'export GIT_INDEX_FILE; "$1" -e 0; shift; for r; do cd "$r"; GIT_INDEX_FILE="$r/.git/bench-index"',
    'cp .git/index "$GIT_INDEX_FILE"; git rev-parse HEAD; git status --porcelain=v2 --branch -z',
    'git add --all; git write-tree; done',
  ].join('; ');
  const single = repository(join(directory, 'single'), 250);
  git(single, 'add', '--all');
  git(single, 'commit', '--quiet', '--message=All');
  command(['datalad', 'create', '--force', '--no-annex', single]);
  mkdirSync(env.SPOOR_HOME);
  return [
    {
      name: 'run: to the start of the trainer, 3 repositories',
      peerName: 'node + git status, add, write-tree',
      goal: 2,
      turns: 9,
      ours: { run: untilStarted },
      peer: { run: () => shell(bare, [process.execPath, ...repositories], { cwd: directory }) },
    },
    {
      name: 'run -- true: the whole, 3 repositories',
      peerName: 'node + git status, add, write-tree',
      goal: null,
      turns: 9,
      ours: { run: () => command(record('true'), { cwd: directory, env }) },
      peer: { run: () => shell(bare, [process.execPath, ...repositories], { cwd: directory }) },
    },
    {
      name: 'run -- true, 1 repository',
      peerName: 'datalad run --explicit true',
      goal: 1,
      turns: 5,
      ours: { run: () => command([...spoor('run', '--name', 'bench'), '--', 'true'], { cwd: single, env }) },
      peer: { run: () => command(['datalad', 'run', '--explicit', 'true'], { cwd: single }) },
    },
  ];
};
export default benchmark;
