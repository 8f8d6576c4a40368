/** How this page is let in: by the token of the printed address, by its cookie, or as a browser that is known. */
import { type About, ApiError, type Client, tokenFragment } from '../../../src/api/index.ts';
import { canHoldKey, heldKey, holdKey, proofOf } from './browser-key.ts';

/**
 * A client that is let in again where its session ended with the server it was of.
 *
 * @param ask as it is answered, 401 among it
 */
export function resuming(ask: Client): Client {
  return async (name, asked, signal) => {
    try {
      return await ask(name, asked, signal);
    } catch (error) {
      if (!isShut(error) || !(await resumed(ask))) throw error;
      return ask(name, asked, signal);
    }
  };
}

const isShut = (error: unknown): boolean => error instanceof ApiError && error.status === 401;

let resumption: Promise<About | null> | null = null;

/** Null where the server does not know this browser. Several that ask at once are let in by one. */
export function resumed(ask: Client): Promise<About | null> {
  resumption ??= resume(ask).finally(() => {
    resumption = null;
  });
  return resumption;
}

async function resume(ask: Client): Promise<About | null> {
  const held = await heldKey();
  if (held === null) return null;
  try {
    const { challenge } = await ask('challenge', {});
    const proof = await proofOf(held, challenge);
    return await ask('resume', { body: { browser: held.browser, challenge, proof } });
  } catch {
    return null;
  }
}

/**
 * Who opened the page by the address that Spoor printed gives its token away for a cookie; it works once, so that it is
 * taken out of the address at once. Throws ApiError where nobody let this browser in.
 */
export async function enterBy(ask: Client): Promise<About> {
  const fragment = location.hash.slice(1);
  if (!fragment.startsWith(tokenFragment)) {
    const about = await resuming(ask)('readSession', {});
    void heldKey().then((held) => (held?.home === about.home ? null : remember(ask, about)), ignored);
    return about;
  }
  const token = fragment.slice(tokenFragment.length);
  history.replaceState(history.state, '', location.pathname + location.search);
  try {
    const about = await ask('enter', { body: { token } });
    void remember(ask, about);
    return about;
  } catch (error) {
    // Opened a second time: the cookie of the first may still hold.
    return resuming(ask)('readSession', {}).catch(() => Promise.reject(error));
  }
}

/** Has this browser known by a key of its own, unless it is. Where that fails it is let in all the same. */
async function remember(ask: Client, { home }: About): Promise<void> {
  if (!canHoldKey || (await resumed(ask)) !== null) return;
  const known = await ask('remember', {}).catch(ignored);
  if (known) await holdKey(known.browser, home, known.key).catch(ignored);
}

const ignored = () => null;
