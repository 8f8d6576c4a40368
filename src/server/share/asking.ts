/** The handlers of the interface over a home, asked without a server. */
import type { ServerContext } from '../context.ts';
import { KnownBrowsers } from '../guard/browsers.ts';
import { Sessions } from '../guard/sessions.ts';
import type { Handlers } from '../handler.ts';
import { allHandlers } from '../handlers/all.ts';
import { Hub } from '../live/hub.ts';
import { HomeWatcher } from '../live/watch-home.ts';
import { RunsIndex } from '../runs-index.ts';

export type ShareContext = Omit<ServerContext, 'index' | 'watcher' | 'hub' | 'followed'>;

export function handlersOver(context: ShareContext): { handlers: Handlers; close(): Promise<void> } {
  const { home, now } = context.recording;
  const index = new RunsIndex(home, now);
  // Nothing is followed: the runs have ended.
  const watcher = new HomeWatcher({ home, publish: () => {}, changed: () => {}, failed: () => {} });
  const hub = new Hub(() => []);
  const browsers = new KnownBrowsers(() => '', now);
  const session = { sessions: new Sessions(), browsers, cookieName: () => 'none', link: () => '' };
  const followed = Promise.resolve();
  return { handlers: allHandlers({ ...context, index, watcher, hub, followed }, session), close: () => index.close() };
}

/** Of an answer that is a document. */
export async function documentOf<T>(answer: Promise<T>): Promise<Exclude<T, Response>> {
  const found = await answer;
  if (found instanceof Response) throw new TypeError('a document was expected');
  return found as Exclude<T, Response>;
}

/** Of an answer that is bytes. */
export async function bytesOf(answer: Promise<unknown>): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await ((await answer) as Response).arrayBuffer());
}
