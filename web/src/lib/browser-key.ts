/**
 * The key by which this browser shows a server that was started anew that it had been let in before. It cannot be read
 * out, only used: another program that listens on the port meanwhile gets nothing of lasting worth.
 */
interface BrowserKey {
  browser: string;
  /** Of the records that the server of it serves. */
  home: string;
  key: CryptoKey;
}

const hmac = { name: 'HMAC', hash: 'SHA-256' };
const place = 'browser';
/** What the browser would not store: for as long as the page lives. */
let held: BrowserKey | null = null;

/** False over a network without encryption, where browsers have no such keys. */
export const canHoldKey = globalThis.isSecureContext;

export async function holdKey(browser: string, home: string, key: string): Promise<void> {
  held = { browser, home, key: await crypto.subtle.importKey('raw', bytesOf(key), hmac, false, ['sign']) };
  const kept = held;
  await within('readwrite', (keys) => keys.put(kept, place)).catch(() => {});
}

export async function heldKey(): Promise<BrowserKey | null> {
  if (!canHoldKey) return null;
  const stored = await within<BrowserKey | undefined>('readonly', (keys) => keys.get(place)).catch(() => undefined);
  return stored ?? held;
}

/** As the server reckons it. */
export async function proofOf({ key }: BrowserKey, challenge: string): Promise<string> {
  const text = new TextEncoder().encode(`${location.origin}\n${challenge}`);
  const bytes = new Uint8Array(await crypto.subtle.sign(hmac, key, text));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');
}

function bytesOf(text: string): Uint8Array<ArrayBuffer> {
  const binary = atob(text.replaceAll('-', '+').replaceAll('_', '/'));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function within<T>(mode: IDBTransactionMode, work: (keys: IDBObjectStore) => IDBRequest): Promise<T> {
  return new Promise((resolve, reject) => {
    const opening = indexedDB.open('spoor', 1);
    opening.onupgradeneeded = () => opening.result.createObjectStore('keys');
    opening.onerror = () => reject(opening.error);
    opening.onsuccess = () => {
      const database = opening.result;
      const asked = work(database.transaction('keys', mode).objectStore('keys'));
      asked.onsuccess = () => resolve(asked.result as T);
      asked.onerror = () => reject(asked.error);
      asked.transaction?.addEventListener('complete', () => database.close());
    };
  });
}
