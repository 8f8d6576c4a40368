/** The server's interface, and the session of this page. */
import { type About, makeClient, tokenFragment } from '../../../src/api/index.ts';

export const api = makeClient({ origin: location.origin });

/**
 * Who opened the page by the address that Spoor printed gives its token away for a cookie; it works once, so that it is
 * taken out of the address at once. Throws ApiError where nobody let this browser in.
 */
export async function enter(): Promise<About> {
  const fragment = location.hash.slice(1);
  if (!fragment.startsWith(tokenFragment)) return api('readSession', {});
  const token = fragment.slice(tokenFragment.length);
  history.replaceState(history.state, '', location.pathname + location.search);
  return api('enter', { body: { token } }).catch((error: unknown) =>
    // Opened a second time: the cookie of the first may still hold.
    api('readSession', {}).catch(() => Promise.reject(error)),
  );
}
