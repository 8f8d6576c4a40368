/** A home of 10,000 runs: listing and filtering against Node's own start, indexing against bare reading. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, spoor } from './commands.ts';
import type { Benchmark, Comparison } from './harness.ts';
import { journals } from './journals.ts';

const benchmark: Benchmark = async (directory) => {
  const env = { SPOOR_HOME: directory };
  await journals(directory, 10_000);
  command(spoor('reindex'), { env });
  const answer = (name: string, ...query: string[]): Comparison => ({
    name,
    peerName: 'node, and 100 ms',
    goal: 1,
    turns: 9,
    ours: { run: () => command(spoor('ls', ...query), { env }) },
    peer: { run: () => command([process.execPath, '-e', 'setTimeout(() => {}, 100)']) },
  });
  return [
    answer('ls -n 50 of 10,000 runs', '-n', '50'),
    answer("ls 'lr>1e-4' status:failed", 'lr>1e-4', 'status:failed'),
    {
      name: 'reindex of 10,000 runs',
      peerName: 'readFileSync, JSON.parse of all lines',
      goal: 4,
      turns: 3,
      ours: { run: () => command(spoor('reindex'), { env }) },
      peer: { run: () => readAll(join(directory, 'runs')) },
    },
  ];
};
export default benchmark;

function readAll(runs: string): void {
  for (const id of readdirSync(runs)) {
    const text = readFileSync(join(runs, id, 'journal.jsonl'), 'utf8');
    for (const line of text.trimEnd().split('\n')) JSON.parse(line);
  }
}
