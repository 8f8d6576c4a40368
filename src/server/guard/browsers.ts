/**
 * Browsers that were let in, each by a key of its own: whoever shows that it holds one is let in again by the next server
 * of the same home and port. The key itself is never sent back, so that what listens on the port meanwhile learns nothing.
 */
import { createHmac, hash, randomBytes, timingSafeEqual } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { writeDurably } from '../../store/durable.ts';
import type { Home } from '../../store/home.ts';
import { oneByOne } from './gate.ts';

const file = z.object({
  v: z.literal(1),
  browsers: z.array(z.object({ id: z.string(), key: z.string(), seen: z.iso.datetime() })),
});
type Known = z.infer<typeof file>['browsers'][number];

const mostBrowsers = 64;
const mostChallenges = 64;
/** One that did not come for so long is forgotten. */
const rememberedMs = 30 * 24 * 3600_000;
const someText = (bytes: number) => randomBytes(bytes).toString('base64url');

export interface Proof {
  browser: string;
  challenge: string;
  /** `proofOf` the rest. */
  proof: string;
}

/** Of one machine's server at one port: a browser keeps what it knows by both. */
export function browsersFile({ directory }: Home, host: string, port: number): string {
  return join(directory, 'ui', `browsers-${hash('sha256', host, 'hex').slice(0, 8)}-${port}.json`);
}

/** HMAC-SHA-256 by the browser's key over the page's origin and the challenge, in base64url. */
export function proofOf(key: string, origin: string, challenge: string): string {
  return createHmac('sha256', Buffer.from(key, 'base64url')).update(`${origin}\n${challenge}`).digest('base64url');
}

export class KnownBrowsers {
  readonly #path: () => string;
  readonly #now: () => Date;
  readonly #challenges = new Set<string>();
  readonly #turn = oneByOne();

  /** @param path of the file, asked for when it is needed */
  constructor(path: () => string, now: () => Date) {
    this.#path = path;
    this.#now = now;
  }

  /** What is to be proved over; it works once. */
  challenge(): string {
    const challenge = someText(32);
    this.#challenges.add(challenge);
    for (const each of this.#challenges) {
      if (this.#challenges.size <= mostChallenges) break;
      this.#challenges.delete(each);
    }
    return challenge;
  }

  /** A new one. Errors: `cannot-write`. */
  remember(): Promise<{ browser: string; key: string }> {
    return this.#turn.through(async () => {
      const one = { id: someText(12), key: someText(32), seen: this.#now().toISOString() };
      await this.#write([...(await this.#read()), one]);
      return { browser: one.id, key: one.key };
    });
  }

  /** @param origin of the page that asks, as this server knows it. @returns whether it is the browser that it says */
  isProved({ browser, challenge, proof }: Proof, origin: string): Promise<boolean> {
    const isOurs = this.#challenges.delete(challenge);
    return this.#turn.through(async () => {
      const known = await this.#read();
      const one = known.find(({ id }) => id === browser);
      if (!isOurs || !one || !isSame(proof, proofOf(one.key, origin, challenge))) return false;
      const rest = known.filter((each) => each !== one);
      // A home that cannot be written lets in all the same.
      await this.#write([...rest, { ...one, seen: this.#now().toISOString() }]).catch(() => {});
      return true;
    });
  }

  forget(browser: string): Promise<void> {
    return this.#turn.through(async () => this.#write((await this.#read()).filter(({ id }) => id !== browser)));
  }

  /** Those that came lately; the longest away first. What is damaged counts as not there. */
  async #read(): Promise<Known[]> {
    const text = await readFile(this.#path(), 'utf8').catch(() => 'null');
    try {
      const since = new Date(this.#now().getTime() - rememberedMs).toISOString();
      return file.parse(JSON.parse(text)).browsers.filter(({ seen }) => seen > since);
    } catch {
      return [];
    }
  }

  async #write(browsers: Known[]): Promise<void> {
    await mkdir(dirname(this.#path()), { recursive: true, mode: 0o700 });
    const text = `${JSON.stringify({ v: 1, browsers: browsers.slice(-mostBrowsers) })}\n`;
    await writeDurably(this.#path(), Buffer.from(text), { mode: 0o600 });
  }
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
