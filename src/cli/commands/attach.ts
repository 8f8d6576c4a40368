import { SpoorError } from '../../model/errors.ts';
import { attachRun } from '../../tracker/late/attach-run.ts';
import type { Context } from '../context.ts';
import { openSettled } from '../home.ts';
import { startRecorder } from '../start-recorder.ts';
import { tellLaunch } from './tell-launch.ts';

export interface AttachOptions {
  name?: string;
  outputDir?: string;
  dataset?: string[];
  repo?: string[];
  script?: string;
  reason?: string;
  tag?: string[];
}

/** Records a training that runs already, in the background and to its end. Prints the run's id. */
export async function attach(context: Context, pid: string, options: AttachOptions): Promise<number> {
  const { home, recording } = await openSettled(context, 'any');
  const request = {
    name: options.name ?? null,
    outputDir: options.outputDir ?? null,
    datasets: options.dataset ?? [],
    repos: options.repo ?? [],
    script: options.script ?? null,
    reason: options.reason ?? null,
    tags: options.tag ?? [],
    userHome: context.userHome,
  };
  const prepared = await attachRun(numberOf(pid), request, recording);
  void startRecorder(context, prepared.id, 'journal', home.runs.path(prepared.id), prepared.held);
  await tellLaunch(context, prepared, { warnings: [] }, recording, null);
  context.stdout.write(`${prepared.id}\n`);
  return 0;
}

function numberOf(text: string): number {
  const pid = Number(text);
  if (/^\d{1,10}$/.test(text) && pid > 0) return pid;
  const hint = 'Give the number of a process; pgrep -af python lists candidates.';
  throw new SpoorError('usage', 'bad-pid', `${text} is no process id`, hint);
}
