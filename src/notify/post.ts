import { lookup as resolveName } from 'node:dns';
import { type ClientRequest, type IncomingMessage, request as plain } from 'node:http';
import { request as secure } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { errorCode, errorText } from '../model/errors.ts';
import type { Answer } from './message.ts';
import { isPublicAddress } from './public-address.ts';

export interface Post {
  url: string;
  method: 'POST' | 'PUT';
  headers: Record<string, string>;
  body: Uint8Array | string;
  /** Whether it may go to this machine or a private network. */
  allowPrivate: boolean;
}

/** Milliseconds for all of a request, redirections included. */
const patience = 20_000;
const mostRedirections = 3;
/** Bytes read of an answer. */
const longestAnswer = 16_384;

/**
 * Sends a request and tells what became of it; never throws. Redirections are followed where they keep the
 * method (307, 308), each address being checked anew, secrets left behind where they lead to another server, and
 * never to a private address of another host.
 * Where a name leads to addresses of which one is private, nothing is sent.
 */
export async function post(wanted: Post, milliseconds = patience): Promise<Answer> {
  const signal = AbortSignal.timeout(milliseconds);
  let next = wanted;
  for (let redirections = 0; ; redirections++) {
    const answer = await send(next, signal, milliseconds);
    if (!('location' in answer)) return answer;
    if (redirections === mostRedirections) return { outcome: 'refused', detail: 'it redirects again and again' };
    const target = URL.parse(answer.location, next.url);
    const from = new URL(next.url);
    if (!target || !/^https?:$/.test(target.protocol)) {
      return { outcome: 'refused', detail: 'it redirects to no address of the web' };
    }
    if (from.protocol === 'https:' && target.protocol === 'http:') {
      return { outcome: 'refused', detail: 'it redirects to an address without encryption' };
    }
    const elsewhere = target.origin !== from.origin;
    next = {
      ...next,
      url: target.href,
      // The user named one host, no other.
      allowPrivate: next.allowPrivate && target.hostname === from.hostname,
      ...(elsewhere && { headers: withoutSecrets(next.headers) }),
    };
  }
}

/** Of headers only what says how the body is to be read. */
function withoutSecrets(headers: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^content-type$/i.test(name)));
}

function send(
  { url, method, headers, body, allowPrivate }: Post,
  signal: AbortSignal,
  milliseconds: number,
): Promise<Answer | { location: string }> {
  const { protocol, hostname, username, password } = new URL(url);
  const host = hostname.replace(/^\[|\]$/g, '');
  if (!allowPrivate && isIP(host) !== 0 && !isPublicAddress(host)) return Promise.resolve(privateAnswer);
  const make = protocol === 'https:' ? secure : plain;
  return new Promise((resolve) => {
    const fail = (error: unknown) => resolve(failed(error, signal, milliseconds));
    let request: ClientRequest;
    try {
      const auth = username === '' ? {} : { auth: `${decodeURIComponent(username)}:${decodeURIComponent(password)}` };
      const own = { 'user-agent': 'spoor', 'content-length': String(Buffer.byteLength(body)) };
      request = make(url, {
        method,
        headers: { ...own, ...headers },
        signal,
        agent: false,
        ...auth,
        ...(!allowPrivate && { lookup: publicOnly }),
      });
    } catch (error) {
      return resolve({ outcome: 'refused', detail: errorText(error) });
    }
    request.on('error', fail);
    request.on('response', (response) => void read(response).then(resolve, fail));
    request.end(body);
  });
}

/** Some servers answer in more than anyone reads: the rest is not waited for. */
async function read(response: IncomingMessage): Promise<Answer | { location: string }> {
  const { statusCode: status = 0, headers } = response;
  let bytes = 0;
  for await (const chunk of response) {
    bytes += (chunk as Buffer).length;
    if (bytes > longestAnswer) break;
  }
  response.destroy();
  const detail = `status ${status}`;
  if (status >= 200 && status < 300) return { outcome: 'sent', detail };
  if ((status === 307 || status === 308) && headers.location) return { location: headers.location };
  if (status >= 300 && status < 400) {
    return {
      outcome: 'refused',
      detail: `${detail}: it redirects elsewhere; put the address that it leads to in the settings`,
    };
  }
  if (status >= 500 || status === 408 || status === 425 || status === 429) {
    return { outcome: 'later', detail, after: retryAfter(headers['retry-after']) };
  }
  return { outcome: 'refused', detail };
}

/** Milliseconds, of seconds or a date. */
function retryAfter(text: string | undefined): number | null {
  if (text === undefined) return null;
  const milliseconds = /^\d{1,9}$/.test(text) ? Number(text) * 1000 : Date.parse(text) - Date.now();
  return milliseconds >= 0 ? milliseconds : null;
}

const privateCode = 'SPOOR_PRIVATE';
const privateAnswer: Answer = {
  outcome: 'refused',
  detail: 'its address is one of this machine or of a private network, which takes allow_private = true',
};

/** As the system resolves names, with an error for what leads to a private address: checked where the connection is made. */
const publicOnly: LookupFunction = (name, options, callback) => {
  resolveName(name, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const hidden = addresses.find(({ address }) => !isPublicAddress(address));
    if (hidden || addresses.length === 0) {
      return callback(Object.assign(new Error('private'), { code: privateCode }), '', 0);
    }
    if (options.all) return callback(null, addresses as never);
    callback(null, addresses[0]!.address, addresses[0]!.family);
  });
};

function failed(error: unknown, signal: AbortSignal, milliseconds: number): Answer {
  if (errorCode(error) === privateCode) return privateAnswer;
  if (signal.aborted) return { outcome: 'later', detail: `no answer within ${milliseconds / 1000} s`, after: null };
  return { outcome: 'later', detail: errorCode(error) ?? errorText(error), after: null };
}
