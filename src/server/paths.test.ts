/** No request names a path: whatever stands in an address, only what a run recorded is given. */
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endpointNames, endpoints } from '../api/endpoints.ts';
import { created, fullRun, png, sample, serveHome, type TestServer, tell, testId } from './testing/served-home.ts';

const run = testId(1);
const secret = 'the secret of this machine';
let server: TestServer;

beforeAll(async () => {
  server = await serveHome(async (home, directory) => {
    writeFileSync(join(directory, 'secret.txt'), secret);
    mkdirSync(join(directory, 'web/assets'), { recursive: true });
    writeFileSync(join(directory, 'web/index.html'), '<!doctype html><title>page</title>');
    writeFileSync(join(directory, 'web/assets/index-a1b2c3d4.js'), 'let x');
    await fullRun(home, directory, run, 'noob-wolf-v1');
  });
});
afterAll(() => server[Symbol.asyncDispose]());

const right = () => ({ authorization: `Bearer ${server.served.token}` });
const out = [
  '../../../../etc/passwd',
  '..%2f..%2f..%2f..%2fetc%2fpasswd',
  '%2fetc%2fpasswd',
  '..',
  '%2e%2e',
  '....//',
  '%00',
  'secret.txt%00.png',
  '%5c..%5csecret.txt',
  '%',
  '%ff',
  '~',
  'C:%5C',
];

describe.each(endpointNames.filter((name) => endpoints[name].path.includes(':')))('%s', (name) => {
  it.each(out)('gives nothing for %s', async (text) => {
    const { method, path } = endpoints[name];
    for (const part of path.match(/:\w+/g) ?? []) {
      const asked = path.replace(part, text).replace(':run', run).replace(/:\w+/g, '0'.repeat(32));
      const { status, body, headers } = await server.send(method, asked, right());
      // What the dots lead out of the interface is a page, as any other address.
      const isPage = status === 200 && headers['content-type']?.startsWith('text/html');
      expect(isPage || [400, 404, 405].includes(status)).toBe(true);
      expect(body.toString()).not.toMatch(/root:|the secret/);
    }
  });
});

describe('the page', () => {
  it.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '//secret.txt',
    '/..%5csecret.txt',
    '/%00',
    '/assets/%2e%2e/%2e%2e/secret.txt',
  ])('does not lead out by %s', async (path) => {
    const { body } = await server.send('GET', path);
    expect(body.toString()).not.toContain(secret);
  });
});

describe('pictures', () => {
  const shown = async (id: string, path: string) => {
    await tell(server.home, id, created(id, 'noob-wolf-v2'), sample(path));
    const { samples } = await server.ask('listSamples', { run: id });
    return server.send('GET', `/api/runs/${id}/samples/${samples[0]?.id}/original`, right());
  };

  it('are given where the run made them', async () => {
    const { samples } = await server.ask('listSamples', { run });
    const { status, body, headers } = await server.send(
      'GET',
      `/api/runs/${run}/samples/${samples[0]?.id}/original`,
      right(),
    );
    expect([status, headers['content-type']]).toEqual([200, 'image/png']);
    expect(body).toEqual(png);
  });

  it('are nothing but pictures, whatever a record calls them', async () => {
    const place = join(server.directory, 'sample.png');
    for (const [hour, text] of [
      [10, secret],
      [11, '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'],
      [12, '<!doctype html><script>alert(1)</script>'],
      [13, ''],
    ] as const) {
      writeFileSync(place, text);
      const { status, json } = await shown(testId(hour), place);
      expect([status, json().error?.code]).toEqual([404, 'no-picture']);
    }
  });

  it('are not found behind a link', async () => {
    writeFileSync(join(server.directory, 'real.png'), png);
    symlinkSync(join(server.directory, 'real.png'), join(server.directory, 'link.png'));
    expect((await shown(testId(20), join(server.directory, 'link.png'))).status).toBe(404);
  });

  it('of another machine are not looked for on this one', async () => {
    const id = testId(21);
    server.home.runs.create(id);
    const line = { v: 1, at: '2026-05-01T10:00:00.000Z', host: 'elsewhere' };
    const facts = [created(id, 'noob-wolf-v3'), sample(join(server.directory, 'real.png'))];
    const text = facts.map((fact) => `${JSON.stringify({ ...line, ...fact })}\n`).join('');
    writeFileSync(join(server.home.runs.path(id), 'journal.jsonl'), text);
    const { samples } = await server.ask('listSamples', { run: id });
    expect(samples[0]).toMatchObject({ preview: false, original: false });
    const { json } = await server.send('GET', `/api/runs/${id}/samples/${samples[0]?.id}/original`, right());
    expect(json().error?.code).toBe('picture-gone');
  });
});
