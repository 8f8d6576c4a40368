/** What a request says of who sends it, and from which page. */
import { SpoorError } from '../../model/errors.ts';
import type { Sessions } from './sessions.ts';

/** Of `Authorization: Bearer …`; null where there is none. */
export function tokenIn(authorization: string | undefined): string | null {
  return /^Bearer ([\w.~+/-]{1,200}=*)$/i.exec(authorization ?? '')?.[1] ?? (authorization === undefined ? null : '');
}

export function cookieIn(cookies: string | undefined, name: string): string | null {
  for (const each of (cookies ?? '').split(';')) {
    const [key = '', value = ''] = each.trim().split(/=(.*)/s);
    if (key === name && value !== '') return value;
  }
  return null;
}

/** Strict and for this server alone: no page of another site sends it, no script reads it. */
export function cookieText(name: string, value: string, left: boolean): string {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Strict${left ? '; Max-Age=0' : ''}`;
}

/**
 * Why a request is refused that a page of another origin made; null where it is not. Another port of this
 * machine is another origin, although browsers send it the same cookies.
 */
export function originFault(
  method: string,
  header: (name: string) => string | undefined,
  isApi: boolean,
): string | null {
  const [origin, host, site] = [header('origin'), header('host'), header('sec-fetch-site')];
  if (origin !== undefined && origin.toLowerCase() !== `http://${host?.toLowerCase()}`)
    return `a page of ${origin.slice(0, 200)} must not ask here`;
  // A link from elsewhere may open the page, but nothing of its data.
  const isFromElsewhere = site !== undefined && site !== 'same-origin' && site !== 'none';
  if (isFromElsewhere && isApi) return 'a page from elsewhere must not ask here';
  const changes = method !== 'GET' && method !== 'HEAD';
  const isBrowser = header('cookie') !== undefined || site !== undefined;
  if (changes && isBrowser && origin === undefined && site !== 'same-origin')
    return 'a browser must say which page sends this';
  return null;
}

/** @param given whether there was a token at all, which then was a wrong one */
export function mayNotAsk(sessions: Sessions, given: boolean): SpoorError {
  const hint = 'Open the address that `spoor serve` printed, or send its token: Authorization: Bearer TOKEN';
  if (!given) return new SpoorError('refused', 'no-token', 'this server answers only who has its token', hint);
  return sessions.isGuessed()
    ? new SpoorError('busy', 'too-many-wrong-tokens', 'too many wrong tokens were tried', 'Try again in a minute.')
    : new SpoorError('refused', 'wrong-token', 'the token is not one of this server, or was used already', hint);
}
