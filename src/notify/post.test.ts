import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { post } from './post.ts';
import { status, testServer } from './testing/server.ts';

const to = (url: string, allowPrivate = true, milliseconds = 10_000) =>
  post(
    { url, method: 'POST', headers: { authorization: 'Bearer x', 'x-own': '1' }, body: 'hello', allowPrivate },
    milliseconds,
  );

test('what the server says decides: sent, later, or never', async () => {
  const server = await testServer((response, { path }) =>
    status(response, Number(path.slice(1)), { 'retry-after': '7' }),
  );
  for (const code of [200, 204]) {
    expect(await to(`${server.url}/${code}`)).toEqual({ outcome: 'sent', detail: `status ${code}` });
  }
  for (const code of [408, 425, 429, 500, 503]) {
    expect(await to(`${server.url}/${code}`)).toEqual({ outcome: 'later', detail: `status ${code}`, after: 7000 });
  }
  for (const code of [400, 401, 403, 404, 410]) {
    expect(await to(`${server.url}/${code}`)).toEqual({ outcome: 'refused', detail: `status ${code}` });
  }
  expect(server.asked[0]).toMatchObject({
    method: 'POST',
    headers: { authorization: 'Bearer x', 'content-length': '5' },
  });
  expect(server.asked[0]?.body.toString()).toBe('hello');
});

test('when to come again may be a date', async () => {
  const date = new Date(Date.now() + 60_000).toUTCString();
  const server = await testServer((response) => status(response, 429, { 'retry-after': date }));
  const answer = await to(server.url);
  expect(answer).toMatchObject({ outcome: 'later', after: expect.closeTo(60_000, -4) });
});

test('a server that never answers, or never ends its answer, is not waited for', async () => {
  const silent = await testServer(() => {});
  expect(await to(silent.url, true, 150)).toEqual({ outcome: 'later', detail: 'no answer within 0.15 s', after: null });
  const endless = await testServer((response) => {
    response.writeHead(200);
    response.write('x');
  });
  expect(await to(endless.url, true, 150)).toMatchObject({ outcome: 'later', detail: 'no answer within 0.15 s' });
});

test('of an answer only the beginning is read', async () => {
  const server = await testServer((response) => {
    const more = () => {
      while (response.write('x'.repeat(65_536))) if (response.destroyed) return;
      response.once('drain', more);
    };
    more();
  });
  expect(await to(server.url)).toEqual({ outcome: 'sent', detail: 'status 200' });
});

test('a server that is away, hangs up, or speaks no HTTP is tried later', async () => {
  const raw = createServer(
    (socket) =>
      void socket
        .on('error', () => {})
        .resume()
        .end('SSH-2.0-x\r\n'),
  );
  await new Promise<void>((resolve) => raw.listen(0, '127.0.0.1', resolve));
  const { port } = raw.address() as { port: number };
  expect(await to(`http://127.0.0.1:${port}`)).toMatchObject({ outcome: 'later' });
  await new Promise((resolve) => raw.close(resolve));
  expect(await to(`http://127.0.0.1:${port}`)).toEqual({ outcome: 'later', detail: 'ECONNREFUSED', after: null });
  const rude = await testServer((response) => response.destroy());
  expect(await to(rude.url)).toMatchObject({ outcome: 'later', detail: 'ECONNRESET' });
});

test.each([
  'http://127.0.0.1:PORT',
  'http://localhost:PORT',
  'http://[::1]:PORT',
  'http://0x7f.1:PORT',
  'http://[::ffff:127.0.0.1]:PORT',
])('nothing is sent to %s unless the user named it as private', async (address) => {
  const server = await testServer();
  const answer = await to(address.replace('PORT', String(server.port)), false);
  expect(answer).toMatchObject({ outcome: 'refused', detail: expect.stringContaining('allow_private') });
  expect(server.asked).toEqual([]);
});

test('a redirection that keeps the method is followed, within bounds', async () => {
  const server = await testServer((response, { path }) =>
    path === '/end' ? response.end() : status(response, 307, { location: path === '/loop' ? '/loop' : '/end' }),
  );
  expect(await to(`${server.url}/start`)).toMatchObject({ outcome: 'sent' });
  expect(server.asked[1]).toMatchObject({ method: 'POST', path: '/end', headers: { authorization: 'Bearer x' } });
  expect(server.asked[1]?.body.toString()).toBe('hello');
  expect(await to(`${server.url}/loop`)).toEqual({ outcome: 'refused', detail: 'it redirects again and again' });
});

test('one that would change the method, or lead out of the web, is not', async () => {
  const server = await testServer((response, { path }) =>
    path === '/found'
      ? status(response, 302, { location: '/end' })
      : status(response, 308, { location: 'file:///etc/passwd' }),
  );
  expect(await to(`${server.url}/found`)).toMatchObject({
    outcome: 'refused',
    detail: expect.stringContaining('redirects'),
  });
  expect(await to(`${server.url}/file`)).toMatchObject({ outcome: 'refused' });
  expect(server.asked).toHaveLength(2);
});

test('a redirection leads to no private address of another host, and takes no secret to another server', async () => {
  const other = await testServer();
  const targets: Record<string, string> = { '/name': `http://localhost:${other.port}/`, '/port': `${other.url}/` };
  const server = await testServer((response, { path }) => status(response, 307, { location: targets[path] ?? '' }));
  expect(await to(`${server.url}/name`)).toMatchObject({
    outcome: 'refused',
    detail: expect.stringContaining('private'),
  });
  expect(other.asked).toEqual([]);
  expect(await to(`${server.url}/port`)).toMatchObject({ outcome: 'sent' });
  expect(other.asked[0]?.headers).not.toHaveProperty('authorization');
  expect(other.asked[0]?.headers).not.toHaveProperty('x-own');
});

test('headers that no request can have are refused, not thrown', async () => {
  const answer = await post({
    url: 'http://127.0.0.1:1',
    method: 'POST',
    headers: { a: 'b\nc' },
    body: '',
    allowPrivate: true,
  });
  expect(answer.outcome).toBe('refused');
});
