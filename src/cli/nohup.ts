import { ignoresHangup } from '../launch/processes.ts';
import type { Context } from './context.ts';

/**
 * Node has undone the ignored hang-up by the time this runs. bash and zsh name the program they
 * started in `_`; of `nohup ./train.sh` the script's own shell still ignores it.
 */
export function startedByNohup({ env }: Context): boolean {
  return /(^|\/)nohup$/.test(env._ ?? '') || ignoresHangup(process.ppid);
}
