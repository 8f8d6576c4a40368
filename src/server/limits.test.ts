import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mostBodyBytes, mostJsonBytes } from '../api/route.ts';
import { Rate } from './guard/rate.ts';
import { created, fullRun, serveHome, type TestServer, tell, testId } from './testing/served-home.ts';

const run = testId(1);
let server: TestServer;
beforeAll(async () => {
  server = await serveHome((home, directory) => fullRun(home, directory, run, 'noob-wolf-v1'));
});
afterAll(() => server[Symbol.asyncDispose]());

const right = () => ({ authorization: `Bearer ${server.served.token}` });
const json = () => ({ ...right(), 'content-type': 'application/json' });

describe('bodies', () => {
  it.each([
    ['nothing', '', 400],
    ['no JSON', '{', 400],
    ['other bytes than UTF-8', Buffer.from('{"run":"\xff"}', 'latin1'), 400],
    ['another shape', '[]', 400],
    ['an empty note', JSON.stringify({ run, text: '  ' }), 400],
    ['a note to nobody', JSON.stringify({ run: testId(99), text: 'x' }), 404],
    ['no id', JSON.stringify({ run: '../x', text: 'x' }), 400],
  ])('of %s are refused', async (_, body, status) => {
    const sent = await server.send('POST', '/api/notes', json(), body);
    expect(sent.status).toBe(status);
    expect(typeof sent.json().error?.message).toBe('string');
  });

  it('that are too long are not read', async () => {
    const long = JSON.stringify({ run, text: 'x'.repeat(mostJsonBytes) });
    expect((await server.send('POST', '/api/notes', json(), long)).status).toBe(413);
    const claimed = await server
      .send('POST', '/api/notes', { ...json(), 'content-length': `${1e12}` }, 'x')
      .catch(() => null);
    expect(claimed?.status ?? 413).toBe(413);
    const octets = { ...right(), 'content-type': 'application/octet-stream', 'transfer-encoding': 'chunked' };
    const body = new Uint8Array(mostBodyBytes + 1);
    const sent = await server.send('POST', '/api/examine?name=a.png&bytes=1', octets, body).catch(() => null);
    expect(sent?.status ?? 413).toBe(413);
  });

  it('leave nothing behind where one of several runs is not there', async () => {
    const body = JSON.stringify({ runs: [run, testId(99)], add: ['half'], remove: [] });
    expect((await server.send('POST', '/api/tags', json(), body)).status).toBe(404);
    expect((await server.ask('showRun', { run })).tags).not.toContain('half');
  });
});

describe('parameters', () => {
  it.each([
    ['/api/runs?limit=0'],
    ['/api/runs?limit=100000'],
    ['/api/runs?limit=ten'],
    ['/api/runs?sort=colour'],
    ['/api/runs?query=nothing%3Aknown'],
    ['/api/runs?after=nonsense'],
    [`/api/runs?query=${'x'.repeat(3000)}`],
    ['/api/points?tag=loss'],
    [`/api/points?run=${run}&tag=loss&points=1000000000`],
    [`/api/points?${`run=${run}&`.repeat(30)}tag=loss`],
    [`/api/diff?run=${run}`],
    [`/api/diff?${`run=${run}&`.repeat(20)}`],
    [`/api/runs/${run}/log?bytes=99999999`],
    [`/api/runs/${run}/log?from=-1`],
    [`/api/runs/${run}/log/lines?count=1000000`],
    [`/api/runs/${run}/log/search?text=`],
    [`/api/glances?${`run=${run}&`.repeat(101)}`],
    [`/api/events?run=x`],
    ['/api/search?words='],
  ])('%s is refused with what is wrong', async (path) => {
    const { status, json: document } = await server.send('GET', path, right());
    expect(status).toBe(400);
    expect(document().error?.message).toMatch(/\w/);
  });

  it('name the field, and nothing of what was sent is taken for a page', async () => {
    const { headers, json: document } = await server.send('GET', '/api/runs?limit=%3Cscript%3E', right());
    expect(headers['content-type']).toMatch(/^application\/json/);
    expect(document().error?.message).toContain('limit');
  });
});

it('an address or a header that is too long is not read', async () => {
  const { status } = await server.send('GET', `/api/runs?query=${'x'.repeat(40_000)}`, right());
  expect(status).toBe(431);
});

it('who asks too often waits', () => {
  let now = 0;
  const rate = new Rate(10, 20, () => now);
  const taken = (count: number) => Array.from({ length: count }, () => rate.take()).filter(Boolean).length;
  expect(taken(50)).toBe(20);
  now = 500;
  expect(taken(50)).toBe(5);
  now = 3_600_000;
  expect(taken(50)).toBe(20);
});

it('many at once are answered as one after the other', async () => {
  const id = testId(50);
  await tell(server.home, id, created(id, 'noob-wolf-v9'));
  const notes = Array.from({ length: 40 }, (_, i) => server.ask('addNote', { body: { run: id, text: `note ${i}` } }));
  const lists = Array.from({ length: 40 }, () => server.ask('listRuns', { query: 'noob' }));
  const diffs = Array.from({ length: 10 }, () => server.ask('diff', { run: [run, id] }));
  const all = await Promise.all([Promise.all(notes), Promise.all(lists), Promise.all(diffs)]);
  expect(all[1].every(({ total }) => total === 2)).toBe(true);
  const written = (await server.ask('showRun', { run: id })).notes.map(({ text }) => text);
  expect(written.sort()).toEqual(Array.from({ length: 40 }, (_, i) => `note ${i}`).sort());
});
