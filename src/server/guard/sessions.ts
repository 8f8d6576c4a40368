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
  /** Digests of cookies, each with the browser that it was remembered as; the oldest first. */
  readonly #cookies = new Map<string, string | null>();
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
    if (this.#links.delete(digest(token))) return this.makeCookie(null);
    this.failed();
    return null;
  }

  /** @param browser that shows its key, or null */
  makeCookie(browser: string | null): string {
    const cookie = newToken();
    this.#cookies.set(digest(cookie), browser);
    dropOldest(this.#cookies, mostSessions);
    return cookie;
  }

  /** Of the browser with that cookie; null where it is not remembered. */
  browserOf(cookie: string): string | null {
    return this.#cookies.get(digest(cookie)) ?? null;
  }

  remembered(cookie: string, browser: string): void {
    if (this.isCookie(cookie)) this.#cookies.set(digest(cookie), browser);
  }

  leave(cookie: string): void {
    this.#cookies.delete(digest(cookie));
  }

  /** Something was tried that was wrong. */
  failed(): void {
    this.#failures.push(this.#now());
  }

  isBearer(token: string): boolean {
    const right = timingSafeEqual(Buffer.from(digest(token)), Buffer.from(this.#bearerDigest));
    if (!right) this.failed();
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

function dropOldest(kept: Set<string> | Map<string, unknown>, most: number): void {
  for (const each of kept.keys()) {
    if (kept.size <= most) return;
    kept.delete(each);
  }
}
