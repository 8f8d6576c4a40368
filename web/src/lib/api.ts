/** The server's interface, and the session of this page; of a shared page the files that stand for a server. */
import {
  type About,
  type Asked,
  addressOf as addressOnServer,
  type Client,
  makeClient,
  sharedPath,
  tokenFragment,
} from '../../../src/api/index.ts';
import { isShared } from './site.ts';

const fromFiles: Client = async (name, asked) => (await import('./shared.ts')).answerOf(name, asked);

export const api: Client = isShared ? fromFiles : makeClient({ origin: location.origin });

/** What a page shows or links to by its address. */
type Addressed = 'samplePreview' | 'sampleOriginal' | 'downloadLog' | 'imageThumbnail' | 'imageOriginal';

/** The address of a picture, or of a log. A shared site has samples as they are previewed, and no pictures of datasets. */
export function addressOf<N extends Addressed>(name: N, asked: Asked<N>): string {
  if (!isShared) return addressOnServer(name, asked as never);
  const { run, sample } = asked as { run: string; sample?: string };
  return sample === undefined ? sharedPath.logText(run) : sharedPath.sample(run, sample);
}

/** Of the contact sheet of runs; a shared site has none. */
export const sheetAddress = (run: string[]): string => addressOnServer('contactSheet', { run });

/**
 * Who opened the page by the address that Spoor printed gives its token away for a cookie; it works once, so that it is
 * taken out of the address at once. Throws ApiError where nobody let this browser in.
 */
export async function enter(): Promise<About> {
  const fragment = location.hash.slice(1);
  if (isShared || !fragment.startsWith(tokenFragment)) return api('readSession', {});
  const token = fragment.slice(tokenFragment.length);
  history.replaceState(history.state, '', location.pathname + location.search);
  return api('enter', { body: { token } }).catch((error: unknown) =>
    // Opened a second time: the cookie of the first may still hold.
    api('readSession', {}).catch(() => Promise.reject(error)),
  );
}
