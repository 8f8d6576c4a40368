/** Who may ask: whoever has the bearer token, or a cookie that a token was given away for once. */
import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

const mostSessions = 64;
const mostLinks = 64;
/** Wrong tokens in a minute, from anybody. */
const mostFailures = 20;
const minute = 60_000;

const digest = (text: string) => hash('sha256', text, 'hex');
const newToken = () => randomBytes(32).toString('base64url');

export class Sessions {
  /** For programs; as long as the server lives. */
  readonly bearer = newToken();
  readonly #bearerDigest = digest(this.bearer);
  /** Digests of tokens that work once. */
  readonly #links = new Set<string>();
  /** Digests of cookies, the oldest first. */
  readonly #cookies = new Set<string>();
  #failures: number[] = [];
  readonly #now: () => number;

  constructor(now: () => number = Date.now) {
    this.#now = now;
  }

  /** A token that works once. */
  makeLink(): string {
    const token = newToken();
    this.#links.add(digest(token));
    dropOldest(this.#links, mostLinks);
    return token;
  }

  /** The cookie for a token that works once; null where it does not, or not any more. */
  enter(token: string): string | null {
    if (!this.#links.delete(digest(token))) {
      this.#failures.push(this.#now());
      return null;
    }
    const cookie = newToken();
    this.#cookies.add(digest(cookie));
    dropOldest(this.#cookies, mostSessions);
    return cookie;
  }

  leave(cookie: string): void {
    this.#cookies.delete(digest(cookie));
  }

  isBearer(token: string): boolean {
    const right = timingSafeEqual(Buffer.from(digest(token)), Buffer.from(this.#bearerDigest));
    if (!right) this.#failures.push(this.#now());
    return right;
  }

  /** Looked up by its digest: nothing of the cookie itself is compared. */
  isCookie(cookie: string): boolean {
    return this.#cookies.has(digest(cookie));
  }

  /** Whether so many wrong tokens came that no more are looked at for now. */
  isGuessed(): boolean {
    const since = this.#now() - minute;
    this.#failures = this.#failures.filter((at) => at > since).slice(-mostFailures);
    return this.#failures.length >= mostFailures;
  }
}

function dropOldest(set: Set<string>, most: number): void {
  for (const each of set) {
    if (set.size <= most) return;
    set.delete(each);
  }
}
