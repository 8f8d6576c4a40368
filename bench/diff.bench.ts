/** Two runs over a trainer of 2,500 commits and 1,000 captions compared, against `git diff` of the two trees alone. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, command, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { dataset, git, repository } from './worlds.ts';

const commits = 2_500;
const captions = 1_000;

const benchmark: Benchmark = (directory) => {
  const trainer = repository(join(directory, 'trainer'), 400);
  manyCommits(trainer);
  const images = dataset(join(directory, 'dataset'), captions, 2_000);
  const env = { SPOOR_HOME: join(directory, 'home') };
  const record = () =>
    command([...spoor('run', '--name', 'bench', '--repo', trainer, '--dataset', images), '--', 'true'], {
      cwd: directory,
      env,
    });
  record();
  for (let index = 0; index < captions; index += 10) {
    const name = `wolf_${String(index).padStart(6, '0')}.txt`;
    writeFileSync(join(images, '2_grey wolf', name), `grey wolf, sitting, scene ${index}\n`);
  }
  for (let index = 0; index < 20; index++) {
    appendFileSync(join(trainer, `module_${index % 12}`, `part_${index}.py`), 'more = 1\n');
  }
  git(trainer, 'commit', '--quiet', '--all', '--message=More');
  record();
  const runs = JSON.parse(answer(spoor('ls', '--json'), { env })) as { id: string }[];
  const snapshots = runs.map(({ id }) => {
    const { repos } = JSON.parse(answer(spoor('show', id, '--json'), { env })) as {
      repos: { name: string; snapshot: string; code: string }[];
    };
    return repos.find(({ name }) => name === 'trainer')!;
  });
  const own = join(directory, 'home', 'code', `${snapshots[0]!.code}.git`);
  return [
    {
      name: `diff of two runs, ${commits} commits, ${captions} captions`,
      peerName: 'git diff of the two trees',
      goal: null,
      turns: 7,
      ours: { run: () => command(spoor('diff', '@~1', '@'), { env }) },
      peer: { run: () => command(['git', '--git-dir', own, 'diff', snapshots[1]!.snapshot, snapshots[0]!.snapshot]) },
    },
  ];
};
export default benchmark;

/** Written by one process of git: a line of one file a commit. */
function manyCommits(repository_: string): void {
  const lines = ['reset refs/heads/main', 'from refs/heads/main^0', ''];
  for (let index = 0; index < commits; index++) {
    const text = `value = ${index}\n`;
    lines.push(
      'commit refs/heads/main',
      `committer Spoor bench <bench@spoor.invalid> ${1_700_000_000 + index} +0000`,
      'data 4',
      'More',
      `M 100644 inline history_${index % 50}.py`,
      `data ${text.length}`,
      text,
    );
  }
  const input = `${lines.join('\n')}\n`;
  const made = spawnSync('git', ['fast-import', '--quiet', '--force'], { cwd: repository_, input });
  if (made.status !== 0) throw new Error(String(made.stderr));
  git(repository_, 'reset', '--quiet', '--hard');
}
