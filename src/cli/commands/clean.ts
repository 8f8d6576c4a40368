import { SpoorError } from '../../model/errors.ts';
import { type Cleaned, cleanLeftovers } from '../../tracker/clean-leftovers.ts';
import type { Cleaning } from '../../tracker/clean-output.ts';
import { cleanSetUp } from '../../tracker/clean-set-up.ts';
import type { Context } from '../context.ts';
import { note } from '../failure.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { isSet } from '../switches.ts';
import { plural, shortPath, size, visible } from '../text.ts';

export interface CleanOptions {
  dryRun?: true;
  json?: true;
  output?: string;
  created?: true;
}

/** Moves what failed runs left to the trash, and says of each what was done or why it stays. */
export async function clean(context: Context, options: CleanOptions): Promise<number> {
  if (options.output !== undefined || options.created) return cleanOne(context, options);
  const { recording } = await openSettled(context);
  const { stdout, stderr } = context;
  const all: Cleaned[] = [];
  for await (const each of cleanLeftovers(recording, { cwd: context.cwd, dryRun: options.dryRun === true })) {
    all.push(each);
    if (!options.json) stdout.write(`${lineOf(context, each)}\n`);
  }
  if (options.json) stdout.write(`${jsonText(all.map(document), 2)}\n`);
  else if (all.length === 0) stderr.write('spoor: no failed run has left anything\n');
  else if (all.some(({ action }) => action === 'removed')) {
    stderr.write('spoor: spoor trash restore RUN brings one back\n');
  }
  return 0;
}

/** For the shell library: of a run that never began. */
async function cleanOne(context: Context, { output, created }: CleanOptions): Promise<number> {
  if (output === undefined || !created) {
    const hint = 'spoor clean without either finds what failed runs left.';
    throw new SpoorError('usage', 'output-and-created', '--output and --created belong together', hint);
  }
  if (isSet(context.env.NO_CLEAN)) return 0;
  const { recording } = await openSettled(context);
  const done = await cleanSetUp(recording, output, context.cwd);
  if (done === null) return 0;
  const directory = shortPath(done.directory, context.userHome);
  if (done.action === 'kept') note(context, `kept ${directory}: ${done.reason}`);
  else if (done.action === 'removed') {
    const entry = done.to.split('/').at(-2);
    note(context, `moved ${directory} to the trash: ${done.reason}`, `spoor trash restore ${entry} brings it back`);
  }
  return 0;
}

function lineOf({ style, userHome }: Context, each: Cleaned): string {
  const where = `${shortPath(each.directory, userHome)} ${style.dim(`(${visible(each.name)}, ${each.run})`)}`;
  if (each.action === 'kept') return `${style.yellow('kept')} ${where}: ${visible(each.reason)}`;
  const what = `${plural(each.files, 'file')}, ${size(each.bytes)}`;
  const word = each.action === 'removed' ? style.green('moved to the trash') : 'would go to the trash';
  return `${word} ${where}: ${visible(each.reason)}; ${what}`;
}

function document(each: Cleaning & { run: string; name: string }) {
  const { run, name, action, directory, reason } = each;
  const { files, bytes } = each.action === 'kept' ? { files: null, bytes: null } : each;
  return { run, name, action, directory, reason, files, bytes, to: each.action === 'removed' ? each.to : null };
}
