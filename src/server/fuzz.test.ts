/** Whatever is asked, the server has an answer that is none of its own defects, and goes on. */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { endpointNames, endpoints } from '../api/endpoints.ts';
import type { Route } from '../api/route.ts';
import { routes } from '../api/routes.ts';
import { fullRun, serveHome, type TestServer, testId } from './testing/served-home.ts';

const [a, b] = [testId(1), testId(2)];
const defects: unknown[] = [];
let server: TestServer;

beforeAll(async () => {
  const fill = async (home: Parameters<typeof fullRun>[0], directory: string) => {
    await fullRun(home, directory, a, 'noob-wolf-v1');
    await fullRun(home, directory, b, 'noob-wolf-v2');
  };
  server = await serveHome(fill, { tell: (error) => void defects.push(error) });
});
afterAll(() => server[Symbol.asyncDispose]());

const ids = fc.constantFrom(a, b, testId(99), '0'.repeat(32), 'f'.repeat(32), '..', '%00', 'x');
const texts = fc.oneof(
  fc.constantFrom('', '0', '-1', '1', '5', '1e9', 'NaN', 'true', 'loss/average', 'raw', 'coloured', '-name', 'lr>1e-4'),
  fc.constantFrom('status:failed', '"', '(', 'since:', 'tag:*', '\\', '%', '\0', '[', 'a'.repeat(3000), a),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
/** What a route knows of: else it would be refused at once. */
const keysOf = (name: (typeof endpointNames)[number]): string[] => {
  const route: Route = routes[name];
  return route.query ? Object.keys(route.query.shape) : ['x'];
};
const names = endpointNames.filter(
  (name) => !['events', 'enter', 'leave', 'makeLink', 'emptyTrash', 'clean'].includes(name),
);
const bodies = fc.oneof(
  fc.jsonValue({ maxDepth: 3 }),
  fc.record(
    {
      run: ids,
      runs: fc.array(ids, { maxLength: 3 }),
      text: texts,
      add: fc.array(texts, { maxLength: 2 }),
      remove: fc.array(texts, { maxLength: 2 }),
      verdict: fc.constantFrom('worked', null, 'x'),
      entries: fc.array(texts, { maxLength: 2 }),
      id: ids,
      starred: fc.boolean(),
      keep: fc.array(fc.oneof(fc.constantFrom('last', 'none'), fc.nat()), { maxLength: 2 }),
      dryRun: fc.constant(true),
      ui: fc.jsonValue(),
      revision: texts,
    },
    { requiredKeys: [] },
  ),
);

it('answers requests of any kind', { timeout: 240_000 }, async () => {
  const request = fc.constantFrom(...names).chain((name) =>
    fc.record({
      name: fc.constant(name),
      parts: fc.array(ids, { minLength: 2, maxLength: 2 }),
      query: fc.array(fc.tuple(fc.constantFrom(...keysOf(name)), fc.oneof(ids, texts)), { maxLength: 5 }),
      body: bodies,
      bytes: fc.uint8Array({ maxLength: 200 }),
    }),
  );
  await fc.assert(
    fc.asyncProperty(request, async ({ name, parts, query, body, bytes }) => {
      const { method, path } = endpoints[name];
      let at = 0;
      const address = path.replace(/:\w+/g, () => encodeURIComponent(parts[at++] as string));
      const route = routes[name];
      const isBytes = 'body' in route && route.body === 'bytes';
      const type = isBytes ? 'application/octet-stream' : 'application/json';
      const headers = { authorization: `Bearer ${server.served.token}`, 'content-type': type };
      const sent = 'body' in route ? (isBytes ? bytes : JSON.stringify(body)) : '';
      const { status, json } = await server.send(method, `${address}?${new URLSearchParams(query)}`, headers, sent);
      const { code } = status >= 400 ? (json().error ?? { code: 'none' }) : { code: null };
      expect([status, code]).not.toEqual([500, expect.anything()]);
      expect(defects).toEqual([]);
    }),
    { numRuns: 400 },
  );
  expect((await server.ask('listRuns', {})).total).toBeLessThanOrEqual(2);
});
