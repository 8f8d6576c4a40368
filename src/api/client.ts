/** A typed client of the interface, for pages and programs: it needs `fetch` and nothing else. */
import { type EndpointName, type ErrorDocument, endpoints } from './endpoints.ts';
import type { Answer, Asked } from './routes.ts';

export interface ClientOptions {
  /** `http://127.0.0.1:7332`; of a page its own origin. */
  origin: string;
  /** The bearer token; a page has its cookie. */
  token?: string;
  fetch?: typeof globalThis.fetch;
}

/** A request that failed: `status` is 0 where no server answered. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: string;
  readonly hint: string | null;

  constructor(status: number, { error }: ErrorDocument) {
    super(error.message);
    this.name = 'ApiError';
    this.status = status;
    this.code = error.code;
    this.hint = error.hint;
  }
}

type Value = string | number | boolean | undefined | readonly (string | number)[];

/** The address of a route, for links and pictures. */
export function addressOf<N extends EndpointName>(name: N, asked: Omit<Asked<N>, 'body'>): string {
  const left = new Map(Object.entries(asked as Record<string, Value>));
  left.delete('body');
  const path = endpoints[name].path.replace(/:(\w+)/g, (_, key: string) => {
    const value = left.get(key);
    left.delete(key);
    return encodeURIComponent(String(value));
  });
  const query = new URLSearchParams();
  for (const [key, value] of left) {
    if (value === undefined) continue;
    for (const each of Array.isArray(value) ? value : [value]) query.append(key, String(each));
  }
  const text = query.toString();
  return text === '' ? path : `${path}?${text}`;
}

export type Client = <N extends Exclude<EndpointName, 'events'>>(
  name: N,
  asked: Asked<N>,
  signal?: AbortSignal,
) => Promise<Answer<N>>;

/** Throws ApiError. */
export function makeClient({ origin, token, fetch = globalThis.fetch }: ClientOptions): Client {
  return async (name, asked, signal) => {
    const { body } = asked as { body?: unknown };
    const isBytes = body instanceof Uint8Array;
    const response = await fetch(new URL(addressOf(name, asked as never), origin), {
      method: endpoints[name].method,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isBytes ? (body as Uint8Array<ArrayBuffer>) : JSON.stringify(body) }),
      ...(signal ? { signal } : {}),
    }).catch((error: unknown) => {
      if (signal?.aborted) throw error;
      throw new ApiError(0, { error: { code: 'no-answer', message: 'Spoor does not answer', hint: null } });
    });
    if (!response.ok) throw new ApiError(response.status, await errorOf(response));
    const type = response.headers.get('content-type') ?? '';
    if (type.startsWith('application/json')) return response.json();
    if (type.startsWith('text/plain')) return response.text() as never;
    return new Uint8Array(await response.arrayBuffer()) as never;
  };
}

async function errorOf(response: Response): Promise<ErrorDocument> {
  try {
    const document: ErrorDocument = await response.json();
    if (typeof document.error.message === 'string') return document;
  } catch {
    // Something else than Spoor answered.
  }
  return { error: { code: 'unknown', message: `the server answered ${response.status}`, hint: null } };
}
