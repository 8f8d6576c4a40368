import type { Context } from '../context.ts';
import { warn } from '../failure.ts';
import { jsonText } from '../json.ts';
import { ended, serveHere, serveUntil } from '../serve-here.ts';

export interface ServeCommandOptions {
  port?: string;
  host: string;
  openToNetwork?: true;
  json?: true;
}

/** Serves until it is told to end. */
export async function serve(context: Context, options: ServeCommandOptions): Promise<number> {
  const { port, host, openToNetwork = false } = options;
  // Before it can be asked for: who starts it may end it as soon as it says that it serves.
  const end = ended();
  const served = await serveHere(context, { port, host, openToNetwork });
  const { stdout, stderr, style } = context;
  if (options.json) {
    const { url, origin, token } = served;
    stdout.write(`${jsonText({ url, origin, token, pid: process.pid })}\n`);
  } else {
    stdout.write(`${served.url}\n`);
    stderr.write(style.dim('The address opens once. Ctrl-C ends the server.\n'));
  }
  if (openToNetwork) {
    const hint = 'Whoever has the token can read and change the records; the connection is not encrypted.';
    warn(context, `other machines can reach this server at port ${served.port}`, hint);
  }
  await serveUntil(end, served);
  return 0;
}
