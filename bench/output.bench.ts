/** A trainer that prints a lot: Spoor keeps the log and shows it, as `tee` would. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { shell, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { bigLog } from './worlds.ts';

const benchmark: Benchmark = (directory) => {
  const big = join(directory, 'big.log');
  const home = join(directory, 'home');
  const kept = join(directory, 'kept.log');
  bigLog(big, 1024);
  return [
    {
      name: '1 GiB of output',
      peerName: 'cat | tee log | cat',
      goal: 1,
      turns: 3,
      ours: {
        prepare: () => rmSync(home, { recursive: true, force: true }),
        run: () => shell('"$@" | cat', spoor('run', '--', 'cat', big), { cwd: directory, env: { SPOOR_HOME: home } }),
      },
      peer: {
        prepare: () => rmSync(kept, { force: true }),
        run: () => shell('cat "$1" | tee "$2" | cat', [big, kept]),
      },
    },
  ];
};
export default benchmark;
