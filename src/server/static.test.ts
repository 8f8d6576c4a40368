import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { serveHome } from './testing/served-home.ts';

async function withBundle(_: unknown, directory: string): Promise<void> {
  const put = (name: string, text: string) => {
    mkdirSync(join(directory, 'web', name, '..'), { recursive: true });
    writeFileSync(join(directory, 'web', name), text);
  };
  put('index.html', '<!doctype html><script type="module" src="/assets/index-B8a4f2_c.js"></script>');
  put('assets/index-B8a4f2_c.js', 'let x');
  put('assets/fraktion-x.woff2', 'font');
  put('favicon.svg', '<svg xmlns="http://www.w3.org/2000/svg"/>');
}

it('serves the bundle: files by their names, the page for every other address', async () => {
  await using server = await serveHome(withBundle);
  const page = await server.send('GET', '/');
  expect([page.status, page.headers['content-type'], page.headers['cache-control']]).toEqual([
    200,
    'text/html; charset=utf-8',
    'no-cache',
  ]);
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'; script-src 'self'; style-src 'self'");
  expect(policy).not.toMatch(/unsafe|\*|http:|https:/);
  for (const path of ['/runs/01KTEST0000000000000000000', '/compare?run=a', '/settings', '/families/wolf.exe']) {
    expect((await server.send('GET', path)).body).toEqual(page.body);
  }
  const script = await server.send('GET', '/assets/index-B8a4f2_c.js');
  expect(script.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const again = await server.send('GET', '/favicon.svg');
  expect(again.headers['cache-control']).toBe('no-cache');
  const known = await server.send('GET', '/favicon.svg', { 'if-none-match': String(again.headers.etag) });
  expect([known.status, known.body.length]).toEqual([304, 0]);
});

it('says that a file is not there, instead of giving the page in its place', async () => {
  await using server = await serveHome(withBundle);
  for (const path of ['/assets/index-00000000.js', '/nothing.png', '/robots.txt']) {
    expect([path, (await server.send('GET', path)).status]).toEqual([path, 404]);
  }
  expect((await server.send('POST', '/', { origin: server.served.origin })).status).toBe(404);
});

it('says so where there is no bundle', async () => {
  await using server = await serveHome();
  const page = await server.send('GET', '/');
  expect(page.status).toBe(200);
  expect(page.body.toString()).toContain('The pages are not part of this build');
  expect(page.body.toString()).not.toMatch(/<script|<style|style=/);
});

it('does not serve the page to a foreign name, nor in a frame', async () => {
  await using server = await serveHome(withBundle);
  expect((await server.send('GET', '/', { host: 'evil.example' })).status).toBe(403);
  const { headers } = await server.send('GET', '/', { 'sec-fetch-site': 'cross-site', 'sec-fetch-mode': 'navigate' });
  expect([headers['x-frame-options'], headers['cross-origin-opener-policy']]).toEqual(['DENY', 'same-origin']);
});
