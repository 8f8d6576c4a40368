/** What `spoor wrap` costs every Python that starts no training: `python3 -c pass` and a script, with and without. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer, command, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';

/** Many starts a turn, because one is short against a machine's moods. */
const starts = 20;

const benchmark: Benchmark = (directory) => {
  const python = answer(['python3', '-c', 'import sys; print(sys.executable)']).trim();
  const script = join(directory, 'caption.py');
  writeFileSync(script, '');
  const { env } = JSON.parse(answer(spoor('hook', 'jupyter'))) as { env: Record<string, string> };
  const hooked = { ...env, PYTHONPATH: env.PYTHONPATH?.split(':')[0] ?? '' };
  const side = (words: string[], variables: Record<string, string>) => ({
    run: () => {
      for (let start = 0; start < starts; start++) command([python, ...words], { env: variables });
    },
  });
  return [['-c', 'pass'], [script]].map((words) => ({
    name: `wrap: ${starts} × python3 ${words.length > 1 ? words.join(' ') : 'caption.py'}`,
    peerName: 'the same without the hook',
    goal: 1.2,
    turns: 9,
    ours: side(words, hooked),
    peer: side(words, { PYTHONPATH: '' }),
  }));
};
export default benchmark;
