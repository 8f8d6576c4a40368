/** Parts of the page are loaded when they are needed, also where the server is away just then. */
import { isShared } from './site.ts';

/** Milliseconds until it is tried again. */
const restMs = { first: 250, most: 2000 };
/** Of the address for which this window was last loaded anew. */
const reloadedKey = 'spoor.reloaded';

/**
 * Tries until the server is there again: the page keeps what it shows, and says once that it is not connected. Where
 * the server answers but has no such part (it was replaced by another version, or the browser remembers that it was not
 * to be had) the page is loaded anew, once; all that it shows is in its address. Throws where that did not help.
 */
export async function loadPart<T>(load: () => Promise<T>): Promise<T> {
  let isRefused = false;
  for (let rest = restMs.first; ; rest = Math.min(rest * 2, restMs.most)) {
    try {
      return await load();
    } catch (error) {
      if (isShared || (isRefused && !reloads())) throw error;
      forgetStyles();
      isRefused = await answers();
      await new Promise((resolve) => setTimeout(resolve, rest));
    }
  }
}

/** Whether the server is there. */
async function answers(): Promise<boolean> {
  try {
    return (await fetch(location.href, { method: 'HEAD', cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

/** Style sheets that did not come count as there, and would be missing for good. */
function forgetStyles(): void {
  for (const link of document.querySelectorAll<HTMLLinkElement>('head link[rel=stylesheet]'))
    if (link.sheet === null) link.remove();
}

/** False where it was done already. */
function reloads(): boolean {
  try {
    if (sessionStorage.getItem(reloadedKey) === location.href) return false;
    sessionStorage.setItem(reloadedKey, location.href);
  } catch {
    // Where nothing is kept it could go on for ever.
    return false;
  }
  location.reload();
  return true;
}
