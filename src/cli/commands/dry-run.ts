import { foldFacts } from '../../model/fold.ts';
import { stamp } from '../../store/fact-log.ts';
import { finish } from '../../tracker/finish-later.ts';
import { prepareRun } from '../../tracker/prepare-run.ts';
import type { RunRequest } from '../../tracker/request.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { runPage } from '../reporters/run-page.ts';
import { refusal } from './refusal.ts';
import { inThrowAwayHome } from './throw-away.ts';

/** Captures everything as a run would, into a home that is thrown away, and shows it; starts nothing. */
export async function dryRun(
  context: Context,
  request: RunRequest,
  options: { strict?: true; json?: true },
): Promise<number> {
  return inThrowAwayHome(context, async (recording) => {
    const prepared = await prepareRun(request, recording);
    const { host, now } = recording;
    const { facts, later } = prepared.captured;
    for (const piece of later) if (piece.kind === 'repository') facts.push(...(await finish(recording, piece)));
    const { run } = foldFacts(prepared.id, stamp(facts, host, now()));
    if (options.json) context.stdout.write(`${JSON.stringify(run, null, 2)}\n`);
    else {
      const { style, columns, userHome } = context;
      const lines = runPage(run, { style, columns, userHome, now: now(), all: false, planned: true });
      context.stdout.write(`${lines.join('\n')}\n`);
    }
    warn(context, `nothing was started; the capture took ${prepared.milliseconds} ms`, null);
    if (options.strict && prepared.refusals.length > 0) throw refusal(prepared.refusals);
    return 0;
  });
}
