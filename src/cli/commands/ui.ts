import type { Served } from '../../server/server.ts';
import { openHome } from '../../store/home.ts';
import type { Context } from '../context.ts';
import { note } from '../failure.ts';
import { browsersHere, openBrowser } from '../open-browser.ts';
import { ended, serveHere, serveUntil } from '../serve-here.ts';
import { linkOfServed } from '../served-file.ts';

export interface UiOptions {
  port?: string;
  open: boolean;
}

/** Opens the page: of the server that runs already, else of one that it starts and keeps until it is told to end. */
export async function ui(context: Context, { port, open }: UiOptions): Promise<number> {
  const running = await linkOfServed(await openHome(context.home, context.host, context.cache), context.host);
  if (running !== null && (port === undefined || port === new URL(running).port)) {
    note(context, `a server of these records runs already, at port ${new URL(running).port}`);
    await show(context, running, open);
    return 0;
  }
  const end = ended();
  const served: Served = await serveHere(context, { port, host: '127.0.0.1', openToNetwork: false });
  await show(context, served.url, open);
  note(context, 'Ctrl-C ends the server.');
  await serveUntil(end, served);
  return 0;
}

/** The address is told in any case: the browser may be another one, or none. */
async function show(context: Context, url: string, open: boolean): Promise<void> {
  const { stdout, env } = context;
  stdout.write(`${url}\n`);
  if (!open) return;
  const browsers = browsersHere(env);
  if (await openBrowser(browsers, url)) return note(context, 'opened in your browser; the address opens once');
  const { port } = new URL(url);
  const forward = `ssh -L ${port}:127.0.0.1:${port} ${target(context)}`;
  if (env.SSH_CONNECTION) {
    const how = 'Where you sit, forward the port with this, then open the address there; it opens once:';
    return note(context, `you are here by ssh, so no browser is opened. ${how}`, forward);
  }
  const why = browsers.length > 0 ? `${browsers[0]?.[0]} opened no browser` : 'there is no screen to open a browser on';
  note(
    context,
    `${why}. Open the address yourself; it opens once. From another machine first forward the port:`,
    forward,
  );
}

/** By the address that the connection came in on. */
function target({ env, host }: Context): string {
  const [, , here] = (env.SSH_CONNECTION ?? '').split(' ');
  const name = here || host;
  return env.USER ? `${env.USER}@${name}` : name;
}
