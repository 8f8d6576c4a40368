/** `spoor serve`: the interface and the page of one home, for whoever has the token. */
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tokenFragment } from '../api/endpoints.ts';
import { errorCode, SpoorError } from '../model/errors.ts';
import type { ServerContext } from './context.ts';
import { browsersFile, KnownBrowsers } from './guard/browsers.ts';
import { type Hosts, inAddress, isLoopback, ownHosts } from './guard/hosts.ts';
import { Sessions } from './guard/sessions.ts';
import type { Asking, Handlers } from './handler.ts';
import { Hub } from './live/hub.ts';
import { HomeWatcher } from './live/watch-home.ts';
import { RunsIndex } from './runs-index.ts';
import { pages } from './static.ts';

export interface ServeOptions extends Omit<ServerContext, 'index' | 'watcher' | 'hub' | 'followed'> {
  host: string;
  /** 0 for any that is free. */
  port: number;
  /** Whether others than this machine may connect. */
  openToNetwork: boolean;
  /** Of the built page; it need not be there. */
  webDirectory: string;
  /** Settles runs whose processes are gone; asked now and then. */
  settle(): Promise<void>;
  /** Told of what is a defect, or keeps something from being followed. */
  tell(error: unknown): void;
}

export interface Served {
  /** `http://127.0.0.1:7767` */
  origin: string;
  /** Opens the page once. */
  url: string;
  /** For programs. */
  token: string;
  port: number;
  /** Begins to follow the home; settles once it does. Until then streams of events wait. Asked by whoever serves, once. */
  follow(): Promise<void>;
  /** Ends all streams and answers what is being asked, at most for a while. */
  close(): Promise<void>;
}

const all = { query: '' };
const nobody: Asking = {
  ...{ signal: new AbortController().signal, header: () => undefined },
  ...{ isProgram: true, cookie: null, isLocal: true },
};
const settleEveryMs = 30_000;
/** Milliseconds for answers that are under way when the server ends. */
const farewellMs = 3000;

/** Errors: `not-loopback`, `port-in-use`, `cannot-listen`. */
export async function serve(options: ServeOptions): Promise<Served> {
  const { recording, host, openToNetwork, tell } = options;
  if (!isLoopback(host) && !openToNetwork) {
    const hint =
      'Whoever reaches this machine could then try to open your runs, over a connection that others can read. Forward a port instead (ssh -L 7767:127.0.0.1:7767), or add --open-to-network.';
    throw new SpoorError('refused', 'not-loopback', `--host ${host} can be reached by other machines`, hint);
  }
  const sessions = new Sessions();
  const browsers = new KnownBrowsers(
    () => browsersFile(recording.home, recording.host, place?.port ?? 0),
    recording.now,
  );
  const index = new RunsIndex(recording.home, recording.now);
  const hub = new Hub(() => watcher.running());
  const watcher = new HomeWatcher({
    home: recording.home,
    publish: (event) => hub.publish(event),
    changed: (id) => index.markChanged(id === null ? undefined : [id]),
    failed: tell,
  });
  let place: { hosts: Hosts; port: number; origin: string } | null = null;
  const cookieName = () => `spoor-${place?.port ?? 0}`;
  const link = (token: string) => `${place?.origin}/#${tokenFragment}${token}`;
  const begun = Promise.withResolvers<void>();
  let following: Promise<void> | null = null;
  const followed = begun.promise;
  // Told to who asked for it.
  followed.catch(() => {});
  const context: ServerContext = { ...options, index, watcher, hub, followed };
  let answering: Promise<Answering> | null = null;
  // A browser starts while what answers it is loaded: asked for by the first request, or by `follow`.
  const answers = () => {
    answering ??= loadAnswering((handlers) => ({
      handlers: handlers(context, { sessions, browsers, cookieName, link }),
      sessions,
      hosts: () => place?.hosts ?? { isOwn: () => false },
      cookieName,
      page: pages(options.webDirectory),
      tell,
    }));
    return answering;
  };
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 10_000, maxHeaderSize: 32 * 1024 },
    (request, response) => void answers().then(({ listener }) => listener(request, response)),
  );
  server.maxConnections = 256;
  await listen(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  // All addresses are asked by that of the loopback.
  const shown = host === '0.0.0.0' ? '127.0.0.1' : host === '::' ? '::1' : host;
  place = { hosts: ownHosts(host, port, recording.host), port, origin: `http://${inAddress(shown)}:${port}` };

  watcher.listen();
  const follow = async () => {
    const running = await index.all('status:running');
    await watcher.start(
      await index.ask(async (catalog) => catalog.stamps()),
      running.map(({ id }) => id),
    );
    const { handlers } = await answers();
    // A browser that is starting will ask for these first.
    await Promise.all([handlers.listFamilies({ ...all, sort: '-started' }, nobody), handlers.listColumns(all, nobody)]);
  };
  const settling = setInterval(() => void options.settle().catch(tell), settleEveryMs);
  settling.unref();
  return {
    origin: place.origin,
    url: link(sessions.makeLink()),
    token: sessions.bearer,
    port,
    follow() {
      following = follow();
      begun.resolve(following);
      return following;
    },
    async close() {
      clearInterval(settling);
      hub.end();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      // Browsers keep connections for what they may ask next.
      const idle = setInterval(() => server.closeIdleConnections(), 20);
      const late = setTimeout(() => server.closeAllConnections(), farewellMs);
      await closed;
      clearTimeout(late);
      clearInterval(idle);
      await following?.catch(() => {});
      await watcher.stop();
      await index.close();
    },
  };
}

interface Answering {
  handlers: Handlers;
  listener: RequestListener;
}

async function loadAnswering(
  options: (handlers: typeof import('./handlers/all.ts').allHandlers) => Parameters<MakeApp>[0],
): Promise<Answering> {
  const [{ getRequestListener }, { makeApp }, { allHandlers }] = await Promise.all([
    import('@hono/node-server'),
    import('./app.ts'),
    import('./handlers/all.ts'),
  ]);
  const asked = options(allHandlers);
  const { fetch } = makeApp(asked);
  return { handlers: asked.handlers, listener: getRequestListener(fetch, { overrideGlobalObjects: false }) };
}
type MakeApp = typeof import('./app.ts').makeApp;

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (error) => {
      const code = errorCode(error);
      const hint = 'Choose another with --port, or 0 for any that is free.';
      reject(
        code === 'EADDRINUSE'
          ? new SpoorError('busy', 'port-in-use', `port ${port} of ${host} is in use`, hint, error)
          : new SpoorError(
              'unavailable',
              'cannot-listen',
              `cannot listen on ${host} port ${port}: ${code}`,
              hint,
              error,
            ),
      );
    });
    server.listen(port, host, () => resolve());
  });
}
