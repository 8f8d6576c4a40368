/** How a route is answered. */
import type { EndpointName } from '../api/endpoints.ts';
import type { Answer, routes } from '../api/routes.ts';

type Routes = typeof routes;
type OutputOf<T> = T extends { _zod: { output: infer O } } ? O : unknown;

/** What was asked, as it was understood. */
export type Understood<N extends EndpointName> = (Routes[N] extends { params: infer P } ? OutputOf<P> : unknown) &
  (Routes[N] extends { query: infer Q } ? OutputOf<Q> : unknown) &
  (Routes[N] extends { body: infer B } ? { body: B extends 'bytes' ? Uint8Array<ArrayBuffer> : OutputOf<B> } : unknown);

export interface Asking {
  /** Aborted when whoever asks is gone. */
  signal: AbortSignal;
  header(name: string): string | undefined;
  /** Whether a program asks, with the bearer token. */
  isProgram: boolean;
  cookie: string | null;
  /** Whether the connection comes from this machine. */
  isLocal: boolean;
}

/** A document, or a whole response where it is none. */
export type Handler<N extends EndpointName> = (
  asked: Understood<N>,
  asking: Asking,
) => Promise<(Routes[N]['answer'] extends { _zod: unknown } ? Answer<N> : never) | Response>;

export type Handlers = { [N in EndpointName]: Handler<N> };
/** Those of one subject. */
export type Some<N extends EndpointName> = Pick<Handlers, N>;
