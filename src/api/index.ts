/** What a page imports: types, the client, and nothing that needs a schema at run time. */
export type * from './artifacts.ts';
export { ApiError, addressOf, type Client, makeClient } from './client.ts';
export type * from './compare.ts';
export type * from './dataset.ts';
export { type EndpointName, endpoints, tokenFragment } from './endpoints.ts';
export type * from './events.ts';
export type * from './examine.ts';
export type * from './log.ts';
export { decodePoints, encodePoints, type FramedCurve } from './points-frame.ts';
export type { Answer, Asked } from './routes.ts';
export type * from './run.ts';
export type * from './runs.ts';
export type * from './series.ts';
export type * from './session.ts';
export type * from './settings.ts';
export {
  type SharedPair,
  type SharedRun,
  type SharedSite,
  sharedCall,
  sharedMeta,
  sharedPath,
  unwrapShared,
} from './shared-site.ts';
export type * from './storage.ts';
