/** The documents of a shared site: asked of its web server, or loaded as scripts where it lies on a disk. */
import { sharedCall, unwrapShared } from '../../../src/api/index.ts';

/** @returns null where the site has no such document */
export function sharedText(path: string): Promise<string | null> {
  return location.protocol === 'file:' ? loaded(path) : asked(path);
}

async function asked(path: string): Promise<string | null> {
  const response = await fetch(path).catch(() => null);
  return response?.ok ? unwrapShared(await response.text()) : null;
}

const waiting = new Map<string, (text: string) => void>();

function loaded(path: string): Promise<string | null> {
  Object.assign(globalThis, { [sharedCall]: (from: string, text: string) => waiting.get(from)?.(text) });
  return new Promise((resolve) => {
    waiting.set(path, resolve);
    const script = document.createElement('script');
    script.src = path;
    const over = () => {
      waiting.delete(path);
      script.remove();
      resolve(null);
    };
    script.onload = over;
    script.onerror = over;
    document.head.append(script);
  });
}
