import { exitStatusOf } from '../../launch/exit.ts';
import { endLike, replaceBy } from '../../launch/replace.ts';
import type { Context } from '../context.ts';
import { hookEnvironment } from '../hook-environment.ts';
import { startedByNohup } from '../nohup.ts';

/** Runs a command beneath which every trainer is recorded; it takes the place of this process. */
export async function wrap(context: Context, command: string[]): Promise<number> {
  const { cwd, stderr, errorStyle: style } = context;
  const env = { ...context.env, ...hookEnvironment(context), SPOOR_NO_WRAP: undefined };
  if (stderr.isTTY) stderr.write(`${style.dim('spoor: trainings started beneath are recorded')}\n`);
  const ended = await replaceBy({ argv: command, cwd, env, ignored: startedByNohup(context) ? ['SIGHUP'] : [] });
  endLike(ended);
  return exitStatusOf(ended);
}
