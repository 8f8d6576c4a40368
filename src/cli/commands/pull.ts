import { tmpdir } from 'node:os';
import { setTimeout as delay } from 'node:timers/promises';
import { SpoorError } from '../../model/errors.ts';
import type { RunId } from '../../model/run-id.ts';
import { parseDestination } from '../../remote/destination.ts';
import { RemoteHome } from '../../remote/remote-home.ts';
import { openSsh } from '../../remote/ssh.ts';
import { type Pulled, pullHome } from '../../tracker/pull/pull-home.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { progressReporter } from '../reporters/progress.ts';
import { plural, visible } from '../text.ts';

export interface PullOptions {
  follow?: true;
  ssh: string;
  json?: true;
}

/** Milliseconds between two looks at a home that is followed, and at runs that may have begun there. */
const everyLook = 3_000;
const everyListing = 30_000;
/** The longest wait for a connection that broke. */
const longestPause = 60_000;

export async function pull(context: Context, address: string, options: PullOptions): Promise<number> {
  const destination = parseDestination(address);
  const { recording } = await openSettled(context);
  const command = options.ssh.trim().split(/\s+/);
  const ssh = openSsh({ destination, command, env: context.env, scratch: tmpdir() });
  try {
    const remote = await RemoteHome.open(ssh, destination.path);
    const report = progressReporter(context);
    const pass = async (only: readonly RunId[] | null) => {
      const pulled = await pullHome(recording, remote, report.tell, only);
      report.end();
      tell(context, pulled, options);
      return pulled;
    };
    const first = await pass(null);
    if (options.follow) await follow(context, first.running, pass);
    return 0;
  } finally {
    ssh.close();
  }
}

/** Looks again until no run there trains; a connection that breaks is taken up again. */
async function follow(
  context: Context,
  begun: readonly RunId[],
  pass: (only: readonly RunId[] | null) => Promise<Pulled>,
): Promise<void> {
  let running: readonly RunId[] = begun;
  let listed = Date.now();
  let pause = everyLook;
  while (running.length > 0) {
    await delay(pause);
    const all = Date.now() - listed >= everyListing;
    try {
      running = (await pass(all ? null : running)).running;
      if (all) listed = Date.now();
      pause = everyLook;
    } catch (error) {
      // A connection breaks, a laptop sleeps, another pull is at work: none is a reason to stop following.
      if (!(error instanceof SpoorError) || !['ssh-failed', 'pull-running'].includes(error.code)) throw error;
      pause = Math.min(longestPause, pause * 2);
      warn(context, `${error.message}; trying again in ${pause / 1000} s`, null);
    }
  }
}

function tell(context: Context, { added, updated, running, objects }: Pulled, { json }: PullOptions): void {
  if (json) {
    context.stdout.write(`${jsonText({ added, updated, running, objects })}\n`);
    return;
  }
  const { stderr, errorStyle: style } = context;
  const parts = [
    plural(added.length, 'new run'),
    ...(updated.length > 0 ? [`${updated.length} brought up to date`] : []),
    ...(objects > 0 ? [plural(objects, 'object')] : []),
    ...(running.length > 0 ? [`${running.length} still training`] : []),
  ];
  stderr.write(`${style.dim(`spoor: ${visible(parts.join(', '))}`)}\n`);
}
