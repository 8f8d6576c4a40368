/** A trainer that prints a lot: Spoor keeps the log and shows it, as `tee` would, and reads what it says. */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { shell, spoor } from './commands.ts';
import type { Benchmark, Comparison } from './harness.ts';
import { bigLog } from './worlds.ts';

const mebibytes = 1024;
/** A reader that notes when it has got everything. */
const reader = `{ head -c ${mebibytes * 2 ** 20} >/dev/null; date +%s%N >"$stamp"; cat >/dev/null; }`;

const benchmark: Benchmark = (directory) => {
  const big = join(directory, 'big.log');
  const home = join(directory, 'home');
  const kept = join(directory, 'kept.log');
  const stamp = join(directory, 'stamp');
  bigLog(big, mebibytes);
  const run = (line: string, words: readonly string[]) =>
    shell(`${line} | ${reader}`, words, { cwd: directory, env: { SPOOR_HOME: home, stamp } });
  const untilShown = (line: string, words: readonly string[]) => {
    const began = Date.now();
    run(line, words);
    return Number(readFileSync(stamp, 'utf8')) / 1e6 - began;
  };
  const against = (
    comparison: Pick<Comparison, 'name' | 'goal'>,
    show: typeof untilShown | typeof run,
  ): Comparison => ({
    ...comparison,
    peerName: 'cat | tee log | cat',
    turns: 3,
    ours: {
      prepare: () => rmSync(home, { recursive: true, force: true }),
      run: () => show('"$@"', spoor('run', '--', 'cat', big)),
    },
    peer: { prepare: () => rmSync(kept, { force: true }), run: () => show('cat "$1" | tee "$2"', [big, kept]) },
  });
  return [
    against({ name: '1 GiB of output, until shown', goal: 1 }, untilShown),
    // `tee` understands nothing of it: every step and message is read for the record.
    against({ name: '1 GiB of output, until recorded', goal: 4 }, run),
  ];
};
export default benchmark;
