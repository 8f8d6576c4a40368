import { join } from 'node:path';
import { errorText, SpoorError } from '../../model/errors.ts';
import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { openSettled } from '../home.ts';
import { jsonText } from '../json.ts';
import { packageRoot } from '../package.ts';
import { examine } from './doctor.ts';
import { settingsToShow } from './serve-settings.ts';

export interface ServeCommandOptions {
  port?: string;
  host: string;
  openToNetwork?: true;
  json?: true;
}

/** S, P, O, R on a telephone's keys. */
const usualPort = 7767;

/** Serves until it is told to end. */
export async function serve(context: Context, options: ServeCommandOptions): Promise<number> {
  const port = options.port === undefined ? null : asPort(options.port);
  const { recording } = await openSettled(context);
  const { serve: start } = await import('../../server/server.ts');
  const request = {
    recording,
    userHome: context.userHome,
    cwd: context.cwd,
    host: options.host,
    openToNetwork: options.openToNetwork === true,
    webDirectory: join(packageRoot, 'dist/web'),
    examine: () => examine(context),
    readSettings: () => settingsToShow(context),
    settle: async () => void (await openSettled(context)),
    tell: (error: unknown) => warn(context, `while serving: ${errorText(error)}`, null),
  };
  // Before it can be asked for: who starts it may end it as soon as it says that it serves.
  const end = ended();
  const served = await start({ ...request, port: port ?? usualPort }).catch((error) => {
    // A second one, of another home maybe, takes any port.
    if (port === null && error instanceof SpoorError && error.code === 'port-in-use')
      return start({ ...request, port: 0 });
    throw error;
  });
  const { stdout, stderr, style } = context;
  if (options.json) {
    const { url, origin, token } = served;
    stdout.write(`${jsonText({ url, origin, token, pid: process.pid })}\n`);
  } else {
    stdout.write(`${served.url}\n`);
    stderr.write(style.dim('The address opens once. Ctrl-C ends the server.\n'));
  }
  if (request.openToNetwork) {
    const hint = 'Whoever has the token can read and change the records; the connection is not encrypted.';
    warn(context, `other machines can reach this server at port ${served.port}`, hint);
  }
  await end;
  await served.close();
  return 0;
}

/** Asked a second time it ends at once, as any program. */
function ended(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
}

function asPort(text: string): number {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : Number.NaN;
  if (port <= 65_535) return port;
  throw new SpoorError(
    'usage',
    'bad-port',
    `--port ${text} is no port`,
    'Give a number up to 65535; 0 for any that is free.',
  );
}
