import { constants } from 'node:os';
import { SpoorError } from '../../model/errors.ts';
import { stop as stopRun } from '../../tracker/stop-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';

export async function stop(
  context: Context,
  reference: string,
  options: { signal: string; wait: string },
): Promise<number> {
  const signal = signalNamed(options.signal);
  const seconds = Number(options.wait);
  if (!(seconds >= 0 && seconds <= 1e6)) {
    const hint = 'Give seconds, from 0 to 1000000.';
    throw new SpoorError('usage', 'bad-wait', `--wait ${options.wait} is no number of seconds`, hint);
  }
  const { home, find } = await openSettled(context, 'any');
  const id = await find(reference);
  await stopRun(home, id, { signal, grace: seconds * 1000 });
  context.stderr.write(`spoor: ${id} has stopped\n`);
  return 0;
}

function signalNamed(text: string): NodeJS.Signals {
  const name = text.toUpperCase().replace(/^(?!SIG)/, 'SIG');
  if (Object.hasOwn(constants.signals, name)) return name as NodeJS.Signals;
  const hint = 'For example SIGINT, SIGTERM or SIGKILL.';
  throw new SpoorError('usage', 'bad-signal', `--signal ${text} is not a signal of this system`, hint);
}
