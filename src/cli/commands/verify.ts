import { exitStatuses } from '../../model/errors.ts';
import { verifyHome } from '../../tracker/verify-home.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { progressReporter } from '../reporters/progress.ts';
import { plural, visible } from '../text.ts';

export async function verify(
  context: Context,
  reference: string | undefined,
  options: { json?: true },
): Promise<number> {
  const { recording, find } = await openSettled(context);
  const run = reference === undefined ? null : await find(reference);
  const report = progressReporter(context);
  const problems = await verifyHome(recording, run, report.tell);
  report.end();
  if (options.json) context.stdout.write(`${jsonText({ problems }, 2)}\n`);
  else {
    const { style, stdout } = context;
    for (const { run: of, message } of problems)
      stdout.write(`${style.red('✗')} ${of ? `${of}: ` : ''}${visible(message)}\n`);
    const what = run === null ? 'everything' : `run ${run}`;
    stdout.write(
      problems.length === 0
        ? `${style.green('✓')} ${what} is as it was recorded\n`
        : `${plural(problems.length, 'problem')}\n`,
    );
  }
  return problems.length === 0 ? 0 : exitStatuses.corrupt;
}
