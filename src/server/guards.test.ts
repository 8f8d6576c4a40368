/** Every route there is, asked by whoever must not ask. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EndpointName, endpointNames, endpoints, entries } from '../api/endpoints.ts';
import { routes } from '../api/routes.ts';
import { proofOf } from './guard/browsers.ts';
import { fullRun, options, serveHome, type TestServer, testId } from './testing/served-home.ts';

const run = testId(1);
let server: TestServer;

beforeAll(async () => {
  server = await serveHome((home, directory) => fullRun(home, directory, run, 'noob-wolf-v1'));
});
afterAll(() => server[Symbol.asyncDispose]());

const id = '0'.repeat(32);
const pathOf = (name: EndpointName) => endpoints[name].path.replace(':run', run).replace(/:(?:file|sample|image)/g, id);
const jsonType = { 'content-type': 'application/json' };

const wrong: Record<string, () => Record<string, string>> = {
  'no token': () => ({}),
  'a wrong token': () => ({ authorization: 'Bearer wrong' }),
  'an empty token': () => ({ authorization: 'Bearer ' }),
  'another scheme': () => ({
    authorization: `Basic ${Buffer.from(`spoor:${server.served.token}`).toString('base64')}`,
  }),
  'a wrong cookie': () => ({ cookie: `spoor-${server.served.port}=wrong`, origin: server.served.origin }),
  'the token as a cookie': () => ({
    cookie: `spoor-${server.served.port}=${server.served.token}`,
    origin: server.served.origin,
  }),
  'the token of the address as bearer': () => ({ authorization: `Bearer ${server.served.url.split('token=')[1]}` }),
};

describe.each(endpointNames.filter((name) => !entries.includes(name)))('%s', (name) => {
  const { method } = endpoints[name];

  it.each(Object.keys(wrong))('is not answered with %s', async (what) => {
    const { status, json, body } = await server.send(method, pathOf(name), { ...jsonType, ...wrong[what]?.() });
    expect(['no-token', 'wrong-token', 'too-many-wrong-tokens']).toContain(json().error?.code);
    expect([401, 429]).toContain(status);
    expect(body.toString()).not.toContain('noob-wolf');
  });

  const right = () => ({ ...jsonType, authorization: `Bearer ${server.served.token}` });

  it.each([
    ['a foreign name', { host: 'evil.example' }],
    ['a foreign name with our port', { host: 'evil.example:PORT' }],
    ['our name with another port', { host: '127.0.0.1:1' }],
    ['a name that only begins as ours', { host: 'localhost.evil.example:PORT' }],
    ['a page of another site', { origin: 'https://evil.example' }],
    ['a page of another port', { origin: 'http://127.0.0.1:1' }],
    ['a page without an origin', { origin: 'null' }],
    ['a page from elsewhere', { 'sec-fetch-site': 'cross-site' }],
    ['another page of this machine', { 'sec-fetch-site': 'same-site' }],
  ])('is not answered to %s, with the right token', async (_, headers) => {
    const filled = Object.entries(headers).map(([key, value]) => [key, value.replace('PORT', `${server.served.port}`)]);
    const { status, json } = await server.send(method, pathOf(name), { ...right(), ...Object.fromEntries(filled) });
    expect([status, json().error?.code]).toEqual([403, 'foreign-origin']);
  });

  it('is answered with the right token, in a way that no browser runs', async () => {
    if (name === 'events') return;
    const body = 'body' in routes[name] ? '{"wrong":1}' : '';
    const { status, headers } = await server.send(method, pathOf(name), right(), body);
    expect(name === 'remember' ? [403] : [200, 400, 404, 415]).toContain(status);
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(headers['content-security-policy']).toContain("default-src 'none'; sandbox");
    expect(headers['cross-origin-resource-policy']).toBe('same-origin');
    expect(headers['access-control-allow-origin']).toBeUndefined();
    expect(String(headers['content-type'])).not.toMatch(/html|svg|xml|javascript/);
  });

  if (method !== 'GET') {
    it('is not done for a browser that does not say which page asks', async () => {
      const headers = { ...jsonType, cookie: `spoor-${server.served.port}=x` };
      const body = 'body' in routes[name] ? '{}' : '';
      const { status, json } = await server.send(method, pathOf(name), headers, body);
      expect([status, json().error?.code]).toEqual([403, 'foreign-origin']);
    });

    it('is not done by a form of another page', async () => {
      if (!('body' in routes[name])) return;
      const headers = { ...right(), 'content-type': 'text/plain' };
      const { status } = await server.send(method, pathOf(name), headers, '{}');
      expect(status).toBe(415);
    });
  }
});

describe('a token that works once', () => {
  const enter = (token: string, headers = {}) =>
    server.send(
      'POST',
      '/api/session',
      { ...jsonType, origin: server.served.origin, ...headers },
      JSON.stringify({ token }),
    );

  it('becomes a strict cookie that no script reads, and is used up', async () => {
    const token = (await server.ask('makeLink', {})).url.split('#token=')[1] as string;
    const { status, headers } = await enter(token);
    expect(status).toBe(200);
    const [cookie = ''] = headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^spoor-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const own = { cookie: cookie.split(';')[0] as string };
    expect((await server.send('GET', '/api/session', own)).status).toBe(200);
    expect((await enter(token)).json().error?.code).toMatch(/wrong-token/);
    // What the page may not do.
    const link = await server.send('POST', '/api/session/link', { ...own, origin: server.served.origin });
    expect([link.status, link.json().error?.code]).toEqual([403, 'programs-only']);
    const left = await server.send('DELETE', '/api/session', { ...own, origin: server.served.origin });
    expect(left.headers['set-cookie']?.[0]).toContain('Max-Age=0');
    expect((await server.send('GET', '/api/session', own)).status).toBe(401);
  });

  it('is not taken from a page of another site', async () => {
    const token = (await server.ask('makeLink', {})).url.split('#token=')[1] as string;
    const foreign = await enter(token, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    expect((await enter(token)).status).toBe(200);
  });

  it('stands behind the #, so that no server and no log sees it', () => {
    const url = new URL(server.served.url);
    expect(url.hash).toMatch(/^#token=[\w-]{43}$/);
    expect(url.pathname + url.search).toBe('/');
  });
});

describe('a browser that was let in', () => {
  it('is let in by the next server of the home and port, and by no other', async () => {
    const first = await serveHome();
    const { origin, port } = first.served;
    const post = (to: TestServer, path: string, body: unknown, headers = {}) =>
      to.send(
        'POST',
        path,
        { ...jsonType, origin: to.served.origin, ...headers },
        body === '' ? '' : JSON.stringify(body),
      );
    const token = first.served.url.split('token=')[1];
    const entered = await post(first, '/api/session', { token });
    const own = { cookie: entered.headers['set-cookie']?.[0]?.split(';')[0] as string };
    const { browser, key } = (await post(first, '/api/session/remember', '', own)).json() as Record<string, string>;
    await first.served.close();

    const next = await serveHome(async () => {}, { ...options(first.home, first.directory), port });
    expect((await next.send('GET', '/api/session', own)).status).toBe(401);
    const { challenge } = (await post(next, '/api/session/challenge', '')).json() as { challenge: string };
    const proof = proofOf(key as string, origin, challenge);
    const wrong = await post(next, '/api/session/resume', { browser, challenge, proof: `${proof}x` });
    expect([wrong.status, wrong.json().error?.code]).toEqual([401, 'wrong-token']);
    const { challenge: other } = (await post(next, '/api/session/challenge', '')).json() as { challenge: string };
    const asked = { browser, challenge: other, proof: proofOf(key as string, origin, other) };
    const foreign = await post(next, '/api/session/resume', asked, { origin: 'https://evil.example' });
    expect(foreign.status).toBe(403);
    const again = await post(next, '/api/session/resume', asked);
    const [cookie = ''] = again.headers['set-cookie'] ?? [];
    expect(cookie).toMatch(/^spoor-\d+=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict$/);
    const anew = { cookie: cookie.split(';')[0] as string };
    expect((await next.send('GET', '/api/session', anew)).status).toBe(200);
    // Who leaves is not known any more.
    await next.send('DELETE', '/api/session', { ...anew, origin });
    const { challenge: last } = (await post(next, '/api/session/challenge', '')).json() as { challenge: string };
    const gone = { browser, challenge: last, proof: proofOf(key as string, origin, last) };
    expect((await post(next, '/api/session/resume', gone)).status).toBe(401);
    // Programs have their token.
    const program = { authorization: `Bearer ${next.served.token}` };
    expect((await next.send('POST', '/api/session/remember', program)).json().error?.code).toBe('browsers-only');
    await next[Symbol.asyncDispose]();
    await first[Symbol.asyncDispose]();
  });
});

it('what is not there is said to be, and only to whoever may ask', async () => {
  const right = { authorization: `Bearer ${server.served.token}` };
  expect((await server.send('GET', '/api/nothing')).status).toBe(401);
  expect((await server.send('GET', '/api/nothing', right)).status).toBe(404);
  expect((await server.send('DELETE', '/api/runs', right)).status).toBe(405);
  expect((await server.send('TRACE', '/api/runs', right)).status).toBeGreaterThanOrEqual(400);
  expect((await server.send('OPTIONS', '/api/runs', { origin: 'https://evil.example' })).status).toBe(403);
});
