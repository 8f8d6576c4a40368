import { diffRuns, recordedSide } from '../../tracker/diff-runs.ts';
import { findSuspects } from '../../tracker/suspects.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { suspectsPage } from '../reporters/diff-page/suspects.ts';

/** The changes from a good run to a bad one, by how likely each explains the difference. */
export async function suspects(context: Context, good: string, bad: string, options: { json?: true }): Promise<number> {
  const { recording, find } = await openSettled(context);
  const a = await recordedSide(recording, await find(good));
  const b = await recordedSide(recording, await find(bad));
  const { changes } = await diffRuns(a, b);
  const found = await findSuspects(a, b, changes, recording);
  if (options.json) {
    const named = ({ run }: typeof a) => ({
      id: run.id,
      name: run.name.full,
      status: run.status,
      verdict: run.verdict,
    });
    const answer = {
      good: named(a),
      bad: named(b),
      suspects: found.map(({ change, ...rest }) => ({ ...change, ...rest })),
    };
    context.stdout.write(`${jsonText(answer, 2)}\n`);
    return 0;
  }
  const { style, columns, userHome } = context;
  const lines = suspectsPage(
    { good: a.run, bad: b.run, suspects: found },
    { style, columns, userHome, now: context.now(), all: false },
  );
  context.stdout.write(`${lines.join('\n')}\n`);
  return 0;
}
