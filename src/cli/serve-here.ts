/** The server of a home as commands start it: wired to this process, and told of in the home while it runs. */
import { join } from 'node:path';
import { errorText, SpoorError } from '../model/errors.ts';
import type { SettingsPort } from '../server/context.ts';
import type { Served } from '../server/server.ts';
import type { Recording } from '../tracker/request.ts';
import type { Context } from './context.ts';
import { note, warn } from './failure.ts';
import { openSettled } from './home.ts';
import { packageRoot } from './package.ts';
import { rememberServed } from './served-file.ts';

export interface ServeHere {
  port: string | undefined;
  host: string;
  openToNetwork: boolean;
}

/** S, P, O, R on a telephone's keys. */
const usualPort = 7767;

/** Errors: `bad-port`, and those of `serve`. */
export async function serveHere(context: Context, options: ServeHere): Promise<Served> {
  const port = options.port === undefined ? null : asPort(options.port);
  const { recording, home } = await openSettled(context);
  const { serve } = await import('../server/server.ts');
  const request = {
    recording,
    userHome: context.userHome,
    cwd: context.cwd,
    host: options.host,
    openToNetwork: options.openToNetwork,
    webDirectory: join(packageRoot, 'dist/web'),
    examine: async () => (await import('./commands/doctor.ts')).examine(context),
    settings: settingsWhenAsked(context, recording),
    settle: async () => void (await openSettled(context)),
    tell: (error: unknown) => warn(context, `while serving: ${errorText(error)}`, null),
  };
  const served = await serve({ ...request, port: port ?? usualPort }).catch(async (error) => {
    if (port !== null || !(error instanceof SpoorError) || error.code !== 'port-in-use') throw error;
    // A second one, of another home maybe, takes any port.
    const elsewhere = await serve({ ...request, port: 0 });
    const hint = 'Pages that were open at another port do not find it. --port chooses one that stays the same.';
    note(context, `port ${usualPort} is taken by another program, so this server is at ${elsewhere.port}`, hint);
    return elsewhere;
  });
  const forget = await rememberServed(home, context.host, served);
  return {
    ...served,
    async close() {
      await forget();
      await served.close();
    },
  };
}

/** What reads and writes the settings file is loaded when it is asked for. */
function settingsWhenAsked(context: Context, recording: Recording): SettingsPort {
  const port = async () =>
    (await import('./commands/serve-settings.ts')).settingsPort(context, (settings) => {
      recording.settings = settings;
    });
  return {
    read: async () => (await port()).read(),
    write: async (change, revision) => (await port()).write(change, revision),
    test: async (name) => (await port()).test(name),
  };
}

/** Follows the home and serves until `end`, or until it turns out that the home cannot be read. */
export async function serveUntil(end: Promise<void>, served: Served): Promise<void> {
  try {
    await Promise.race([end, served.follow().then(() => end)]);
  } finally {
    await served.close();
  }
}

/** Resolves when it is told to end; asked a second time it ends at once, as any program. */
export function ended(): Promise<void> {
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
