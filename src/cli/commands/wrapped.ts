import { exitStatusOf } from '../../launch/exit.ts';
import { endLike, replaceBy } from '../../launch/replace.ts';
import { errorText } from '../../model/errors.ts';
import { seeThrough } from '../../trainers/see-through.ts';
import { startedTrainer } from '../../trainers/starts.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { run } from './run.ts';

/** Tells the hook (`hook/python/spoor_hook.py`) to let a process go on as it is. */
const notATraining = 99;

/** What the hook puts in the place of a trainer's process: a run that its launcher cannot tell from the trainer. */
export async function wrapped(
  context: Context,
  command: string[],
  options: { check?: true; ignored?: string },
): Promise<number> {
  if (options.check) return startedTrainer(seeThrough(command, context.cwd)) === null ? notATraining : 0;
  const ignored = (options.ignored ?? '').split(',').filter(Boolean) as NodeJS.Signals[];
  const { SPOOR_NODE_OPTIONS: NODE_OPTIONS, ...env } = context.env;
  const its = { ...context, env: NODE_OPTIONS === undefined ? env : { ...env, NODE_OPTIONS } };
  const place = { ignored, launched: false };
  try {
    return await run(its, command, { clean: true, wrapped: place });
  } catch (error) {
    if (place.launched) throw error;
    warn(context, `This training is not recorded: ${errorText(error)}`, null);
    const bare = { ...its.env, SPOOR_NO_WRAP: '1' };
    const ended = await replaceBy({ argv: command, cwd: context.cwd, env: bare, ignored });
    endLike(ended);
    return exitStatusOf(ended);
  }
}
