/** A button is pressed twice in one go: what is said while the very same is being said is one saying. */
import { type Client, endpoints } from '../../../src/api/index.ts';

/** A client whose equal requests that change something are one as long as the first is not answered. */
export function sayingOnce(ask: Client): Client {
  const underWay = new Map<string, Promise<unknown>>();
  return (name, asked, signal) => {
    const { body } = asked as { body?: unknown };
    // What has a signal belongs to one asker, who may give it up; bytes are only looked at.
    if (endpoints[name].method === 'GET' || signal || body instanceof Uint8Array) return ask(name, asked, signal);
    const key = JSON.stringify([name, asked]);
    const begun = underWay.get(key) ?? ask(name, asked).finally(() => underWay.delete(key));
    underWay.set(key, begun);
    return begun as ReturnType<typeof ask<typeof name>>;
  };
}
