import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { OwnRepository, RunGit } from '../../model/code-port.ts';

export interface CodeVerdict {
  /** Runs whose snapshot is not whole, with how many of its objects are missing. */
  incomplete: { run: string; missing: number }[];
  /** What git says of objects whose bytes do not match their name; at most 100 lines. */
  corrupt: string[];
  /** False where the time was up before all was read. */
  complete: boolean;
}

/**
 * Reads every object of one of Spoor's own repositories against its name, and looks whether each run's
 * snapshot is whole.
 * @param options.run only this run's snapshot, and no reading of the rest
 */
export async function verifyCode(
  git: RunGit,
  own: OwnRepository,
  options: { milliseconds: number; run?: string },
): Promise<CodeVerdict> {
  const { gitDirectory } = own;
  const verdict: CodeVerdict = { incomplete: [], corrupt: [], complete: true };
  const until = performance.now() + options.milliseconds;
  const limited = () => ({ gitDirectory, idle: true, milliseconds: Math.max(1, until - performance.now()) });
  const runs =
    options.run === undefined ? await readdir(join(gitDirectory, 'refs/spoor/runs')).catch(() => []) : [options.run];
  for (const run of runs.sort()) {
    const listed = await git(['rev-list', '--objects', '--missing=print', `refs/spoor/runs/${run}`], limited());
    if (listed.failure === 'timeout') return { ...verdict, complete: false };
    const missing = listed.stdout.toString('latin1').match(/^\?/gm)?.length ?? 0;
    // A snapshot whose commit or tree cannot be read is refused as a whole.
    if (listed.status !== 0 || missing > 0) verdict.incomplete.push({ run, missing: Math.max(1, missing) });
  }
  const read = await git(['fsck', '--full', '--no-dangling', '--no-reflogs', '--no-progress'], limited());
  if (read.failure !== null) verdict.complete = false;
  const corrupt = /hash mismatch|corrupt|unable to unpack|garbage|mismatch|is empty|could not parse/i;
  verdict.corrupt = `${read.stderr}\n${read.stdout}`
    .split('\n')
    .filter((line) => corrupt.test(line))
    .slice(0, 100);
  return verdict;
}
