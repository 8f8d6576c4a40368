/** What routes answer, of runs that have something for each, and of runs that wish harm. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addressOf } from '../api/client.ts';
import type { EndpointName } from '../api/endpoints.ts';
import { decodePoints } from '../api/points-frame.ts';
import { routes } from '../api/routes.ts';
import { created, ended, fullRun, png, serveHome, type TestServer, tell, testId } from './testing/served-home.ts';

const [a, b] = [testId(1), testId(2)];
const hostile = '</script><img src=x onerror=alert(1)>\u202e\u0000\u001b[31m"\\\n';
const evil = testId(3);
let server: TestServer;

beforeAll(async () => {
  server = await serveHome(async (home, directory) => {
    await fullRun(home, directory, a, 'noob-wolf-v1');
    await fullRun(home, directory, b, 'noob-wolf-v2');
    await tell(
      home,
      evil,
      created(evil, hostile, { reason: hostile, tags: ['x'], command: [hostile] }),
      ended('failed'),
    );
  });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Asks, and holds the answer against its schema. */
async function ask<N extends Exclude<EndpointName, 'events'>>(name: N, asked: Parameters<typeof server.ask<N>>[1]) {
  const answer = await server.ask(name, asked);
  const schema = routes[name].answer;
  if (typeof schema !== 'string') expect(schema.safeParse(answer).error?.issues ?? []).toEqual([]);
  return answer;
}

describe('lists', () => {
  it('page through the runs in order, each once, and go on where the list grew meanwhile', async () => {
    const first = await ask('listRuns', { limit: 2, sort: 'name' });
    expect([first.runs.length, first.total]).toEqual([2, 3]);
    const late = testId(4);
    await tell(server.home, late, created(late, 'a-first-v1', { tags: ['late'] }), ended());
    const rest = await ask('listRuns', { limit: 2, sort: 'name', after: first.next as string });
    const names = [...first.runs, ...rest.runs].map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(new Set(names).size).toBe(3);
    expect(rest.next).toBeNull();
    await server.ask('removeRuns', { body: { runs: [late] } });
  });

  it('give a part by its number in the order, families together where that is asked', async () => {
    const all = await ask('listRuns', { from: 0, limit: 10 });
    expect(all.total).toBe(3);
    const rest = await ask('listRuns', { from: 1, limit: 1 });
    expect([rest.runs.map(({ id }) => id), rest.total]).toEqual([[all.runs[1]?.id], 3]);
    const together = await ask('listRuns', { from: 0, grouped: true, sort: 'name' });
    const familiesBy = async (sort: string) =>
      (await ask('listFamilies', { sort })).families.map(({ family }) => family);
    expect([...new Set(together.runs.map(({ family }) => family))]).toEqual(await familiesBy('name'));
    for (const sort of ['name', '-name', 'started', '-started', 'loss']) {
      const { runs } = await ask('listRuns', { from: 0, grouped: true, sort });
      const ungrouped = (await ask('listRuns', { from: 0, sort })).runs;
      expect([...new Set(runs.map(({ family }) => family))]).toEqual([
        ...new Set(ungrouped.map(({ family }) => family)),
      ]);
      expect(await familiesBy(sort)).toEqual([...new Set(runs.map(({ family }) => family))]);
    }
    expect(await familiesBy('name')).toEqual((await familiesBy('-name')).toReversed());
    expect(together.runs.slice(1).map(({ name }) => name)).toEqual(['noob-wolf-v1', 'noob-wolf-v2']);
    expect((await ask('listRuns', { from: 3 })).runs).toEqual([]);
  });

  it('tell what is wrong with a query', async () => {
    expect(await ask('checkQuery', { query: 'status:failed' })).toEqual({ problem: null });
    const { problem } = await ask('checkQuery', { query: 'statsu:failed' });
    expect(problem).toMatchObject({ message: 'in "statsu:failed": there is no field "statsu"' });
  });

  it('give settings that are asked for, by their short names too', async () => {
    const { runs } = await ask('listRuns', { query: 'noob', setting: ['lr', 'network_dim', 'nothing'] });
    expect(runs.map(({ settings }) => settings)).toEqual([
      { lr: 1e-4, network_dim: 48 },
      { lr: 1e-4, network_dim: 48 },
    ]);
  });

  it('tell families, columns and words', async () => {
    const { families } = await ask('listFamilies', {});
    expect(families).toMatchObject([
      { runs: 1, statuses: { failed: 1 } },
      { family: 'noob-wolf', runs: 2, statuses: { succeeded: 2 }, latest: { id: b } },
    ]);
    expect((await ask('listColumns', { query: 'noob' })).columns).toEqual([]);
    const words = await ask('vocabulary', {});
    expect(words.tags).toContain('first');
    expect(words.fields).toContain('status');
    expect(await ask('resolveRun', { run: 'noob-wolf-v1' })).toEqual({ id: a, name: 'noob-wolf-v1' });
  });

  it('show at a glance a curve and the last sample', async () => {
    const { glances } = await ask('glances', { run: [a, testId(77)], points: 20 });
    expect(Object.keys(glances)).toEqual([a]);
    expect(glances[a]).toMatchObject({ samples: 1, checkpoints: 1, sample: { step: 10 } });
    expect(glances[a]?.loss).toHaveLength(20);
    expect(glances[a]?.loss[0]).toBe(1);
    expect(glances[a]?.loss.at(-1)).toBe(0.001);
  });

  it('find words', async () => {
    const { runs } = await ask('search', { words: 'howling' });
    expect(runs.map(({ id }) => id)).toEqual([b, a]);
    expect(runs[0]?.passages[0]?.excerpt).toContain('howling');
  });
});

describe('a run', () => {
  it('is told whole, with its journal and its files', async () => {
    expect((await ask('showRun', { run: a })).name.full).toBe('noob-wolf-v1');
    const { facts, total } = await ask('journal', { run: a, from: 1, count: 2 });
    expect([facts.map(({ type }) => type), total]).toEqual([['arguments', 'file'], 7]);
    const { files } = await ask('listFiles', { run: a });
    expect(files).toMatchObject([{ role: 'config', kept: true }]);
    expect(await ask('readFile', { run: a, file: files[0]?.id as string })).toBe('learning_rate = 1e-4\n');
    expect(await ask('listCode', { run: a })).toEqual({ repos: [] });
  });

  it('has curves by range and resolution, as JSON and in binary alike', async () => {
    const { series } = await ask('listSeries', { run: a });
    expect(series).toMatchObject([{ tag: 'loss/average', points: 1000, firstStep: 1, lastStep: 1000 }]);
    const whole = { run: [a, b], tag: 'loss/average', from: 11, to: 1000, points: 40 };
    const { curves } = await ask('points', whole);
    expect(curves.map(({ run, total, reduced }) => [run, total, reduced])).toEqual([
      [a, 990, true],
      [b, 990, true],
    ]);
    expect([curves[0]?.x[0], curves[0]?.x.at(-1)]).toEqual([11, 1000]);
    const framed = decodePoints((await ask('pointsFrame', whole)).buffer);
    expect(framed.map(({ x, value }) => [[...x], [...value]])).toEqual(curves.map(({ x, value }) => [x, value]));
  });

  it('has samples and checkpoints by ids that tell no path', async () => {
    const { artifacts } = await ask('listArtifacts', { run: a });
    expect(artifacts).toMatchObject([{ kind: 'checkpoint', step: 100, starred: false }]);
    const { samples } = await ask('listSamples', { run: a });
    expect(samples).toMatchObject([{ prompt: 0, step: 10, seed: 42, preview: true, original: true }]);
    expect(Buffer.from(await ask('samplePreview', { run: a, sample: samples[0]?.id as string }))).toEqual(png);
    await expect(ask('samplePreview', { run: b, sample: samples[0]?.id as string })).rejects.toMatchObject({
      status: 404,
      code: 'sample-not-found',
    });
  });

  it('has its log by bytes, by lines, by words and as a download', async () => {
    const all = await ask('readLog', { run: a });
    expect(all.text.startsWith('loading\n')).toBe(true);
    let text = '';
    for (let from = 0; from < all.size; ) {
      const part = await ask('readLog', { run: a, from, bytes: 5 });
      text += part.text;
      from = part.next;
    }
    expect(text).toBe(all.text);
    const lines = await ask('readLogLines', { run: a, from: 0 });
    expect(lines.lines.map((each) => [each.line, each.level])).toEqual([
      [0, 'plain'],
      [1, 'warning'],
      [2, 'plain'],
      [3, 'plain'],
    ]);
    expect((await ask('readLogLines', { run: a, warnings: true })).lines).toMatchObject([
      { line: 1, text: 'WARNING: slow' },
    ]);
    expect((await ask('readLogLines', { run: a, from: -1 })).lines).toMatchObject([{ line: 3, text: 'done' }]);
    expect(await ask('searchLog', { run: a, text: 'WARN' })).toMatchObject({
      lines: [{ line: 1 }],
      places: [1],
      total: 1,
    });
    expect(await ask('searchLog', { run: a, text: 'slow', warnings: true })).toMatchObject({ places: [0], total: 1 });
    const authorization = `Bearer ${server.served.token}`;
    const part = await server.send('GET', `/api/runs/${a}/log/raw`, { authorization, range: 'bytes=0-6' });
    expect([part.status, part.body.toString()]).toEqual([206, 'loading']);
    expect(part.headers['content-disposition']).toContain('attachment');
    await expect(ask('readLog', { run: evil })).rejects.toMatchObject({ code: 'no-log', status: 404 });
    expect(await ask('readLogLines', { run: evil })).toMatchObject({ lines: [], total: 0, kept: false });
  });

  it('has its dataset with captions, tags and what changed', async () => {
    expect(await ask('readDataset', { run: a })).toMatchObject({
      listed: true,
      tags: [
        { tag: 'grey wolf', count: 1 },
        { tag: 'howling', count: 1 },
        { tag: 'night sky', count: 1 },
      ],
    });
    const { images } = await ask('listImages', { run: a, since: b, tag: 'howling' });
    expect(images).toMatchObject([
      { path: 'wolf.png', caption: 'grey wolf, howling, night sky', change: null, shown: true },
    ]);
    expect((await ask('listImages', { run: a, since: b, changed: true })).images).toEqual([]);
    const path = addressOf('imageOriginal', { run: a, image: images[0]?.id as string });
    const image = await server.send('GET', path, { authorization: `Bearer ${server.served.token}` });
    expect(image.headers['cache-control']).toContain('immutable');
    expect(image.body).toEqual(png);
    expect(Buffer.from(await ask('imageThumbnail', { run: a, image: images[0]?.id as string }))).toEqual(png);
  });

  it('is compared', async () => {
    const two = await ask('diff', { run: [a, b] });
    expect(two.runs.map(({ id }) => id)).toEqual([a, b]);
    expect(two.changes?.filter(({ kind }) => kind !== 'unknown')).toEqual([]);
    expect((await ask('diff', { run: [a, b, evil] })).changes).toBeNull();
    expect(await ask('diffPatch', { run: [a, b] })).toBe('');
    expect(await ask('diffCode', { run: [a, b] })).toEqual({ repos: [] });
    expect((await ask('history', { family: 'noob-wolf' })).versions.map(({ id }) => id)).toEqual([a, b]);
    const followed = await ask('followSetting', { run: a, key: 'learning_rate' });
    expect(followed.runs.map(({ value }) => value)).toEqual([1e-4, 1e-4]);
  });

  it('takes notes, tags and verdicts, and is found by them at once', async () => {
    await ask('addNote', { body: { run: a, text: '**fur** holds' } });
    await ask('setTags', { body: { runs: [a, b], add: ['good'], remove: ['first'] } });
    await ask('setVerdict', { body: { runs: [a], verdict: 'worked', why: 'fur' } });
    expect((await ask('listRuns', { query: 'tag:good verdict:worked fur' })).runs.map(({ id }) => id)).toEqual([a]);
    await ask('setVerdict', { body: { runs: [a], verdict: null } });
    expect((await ask('showRun', { run: a })).verdict).toBeNull();
  });

  it('has stars, the best of its checkpoints, and frees the disk of others', async () => {
    const { samples } = await ask('listSamples', { run: b });
    expect(await ask('best', { run: [a, b] })).toEqual({ basis: [], ranked: [], checkpoints: 2 });
    const [checkpoint] = (await ask('listArtifacts', { run: b })).artifacts;
    await ask('star', { body: { run: b, id: checkpoint?.id as string, starred: true } });
    await ask('star', { body: { run: b, id: samples[0]?.id as string, starred: true } });
    const { basis, ranked } = await ask('best', { run: [a, b] });
    expect([basis, ranked.map(({ rank, run }) => [rank, run.id])]).toEqual([
      ['stars'],
      [
        [1, b],
        [2, a],
      ],
    ]);
    expect((await ask('glances', { run: b })).glances[b]?.stars).toBe(2);
    await ask('star', { body: { run: b, id: samples[0]?.id as string, starred: false } });
    expect((await ask('showRun', { run: b })).stars).toMatchObject([{ step: 100 }]);
    const plan = await ask('prune', { body: { run: b, keep: ['starred'], dryRun: true } });
    expect(plan).toMatchObject({ taken: [], left: [{ name: 'wolf.safetensors', why: 'starred' }], bytes: 0 });
    await expect(ask('contactSheet', { run: b })).rejects.toMatchObject({ status: 503, code: 'no-image-library' });
  });

  it('has notes that are changed and withdrawn, what blind tests gave with them staying as it was', async () => {
    await ask('recordBlindTest', { body: { runs: [b, a], first: 3, second: 1, ties: 2, text: 'three to one' } });
    const noteOf = async (run: string) => (await ask('showRun', { run })).notes.at(-1);
    const [of, other] = [(await noteOf(b))?.id as string, (await noteOf(a))?.id as string];
    await ask('changeNote', { body: { run: b, note: of, text: '  **three** to one' } });
    await ask('changeNote', { body: { run: a, note: other, text: null } });
    expect(await noteOf(b)).toMatchObject({ id: of, text: '**three** to one' });
    expect((await noteOf(a))?.text).toBe('**fur** holds');
    const found = async (word: string) => (await ask('search', { words: word })).runs.map(({ id }) => id);
    expect([await found('three'), (await ask('listRuns', { query: 'three' })).total]).toEqual([[b], 1]);
    const tallies = [(await ask('showRun', { run: b })).blindTests, (await ask('showRun', { run: a })).blindTests];
    expect(tallies).toMatchObject([[{ against: a, won: 3, lost: 1, ties: 2 }], [{ against: b, won: 1, lost: 3 }]]);
    const { facts } = await ask('journal', { run: a });
    expect(facts.at(-1)).toMatchObject({ type: 'note.changed', note: other, text: null });
    const nobody = ask('changeNote', { body: { run: a, note: 'ab'.repeat(6), text: 'x' } });
    await expect(nobody).rejects.toMatchObject({ status: 404, code: 'note-not-found' });
    await expect(ask('changeNote', { body: { run: a, note: other, text: ' ' } })).rejects.toMatchObject({
      status: 400,
    });
  });

  it('goes to the trash and comes back', async () => {
    const { entries, kept } = await ask('removeRuns', { body: { runs: [b, testId(66)] } });
    expect([entries.map(({ run }) => run), kept.map(({ run }) => run)]).toEqual([[b], [testId(66)]]);
    expect((await ask('listRuns', { query: 'noob' })).total).toBe(1);
    expect((await ask('listTrash', {})).entries).toContainEqual(entries[0]);
    await ask('restoreTrash', { body: { entries: entries.map(({ id }) => id) } });
    expect((await ask('listRuns', { query: 'noob' })).total).toBe(2);
    await ask('emptyTrash', { body: { before: new Date(0).toISOString() } });
    await expect(ask('deleteTrash', { body: { entries: [`${b}.record`] } })).rejects.toMatchObject({ status: 404 });
    expect(await ask('listLeftovers', {})).toEqual({ leftovers: [] });
    expect(await ask('clean', { body: {} })).toEqual({ leftovers: [] });
    expect((await ask('readStorage', {})).outputs).toMatchObject([
      { bytes: 1000 + png.length },
      { bytes: 1000 + png.length },
    ]);
  });
});

it('a picture is examined by its first bytes', async () => {
  const examined = await ask('examine', { name: 'sample.png', bytes: png.length, body: new Uint8Array(png) });
  expect(examined).toMatchObject({
    name: 'sample.png',
    kind: 'image',
    run: { name: expect.stringMatching(/^noob-wolf-v[12]$/) },
    sure: 'guess',
    texts: {},
  });
  const named = await ask('examine', { name: '../../etc/passwd', bytes: 5, body: new Uint8Array([1, 2]) });
  expect(named).toMatchObject({ kind: 'other', run: null });
});

it('what the page remembers is kept in the home, and no page overwrites what another wrote', async () => {
  const { ui, revision } = await ask('readUi', {});
  const view = { name: 'bad ones', query: 'status:failed', sort: '-started', grouped: true, columns: null };
  const written = await ask('writeUi', { body: { ui: { ...ui, language: 'hu', views: [view] }, revision } });
  expect(written.ui.views).toEqual([view]);
  await expect(ask('writeUi', { body: { ui, revision } })).rejects.toMatchObject({
    status: 409,
    code: 'written-meanwhile',
  });
  expect((await ask('readUi', {})).ui.language).toBe('hu');
  await ask('doctor', {});
});

it('what nobody chose is for each browser to say', async () => {
  await using other = await serveHome();
  expect((await other.ask('readUi', {})).ui).toEqual({ language: null, theme: null, blur: null, views: [], more: {} });
});

describe('a run that wishes harm', () => {
  it('stands in JSON as text and nowhere else', async () => {
    const { runs } = await ask('listRuns', { query: 'status:failed' });
    expect(runs[0]?.name).toBe(hostile.replace('\0', '\uFFFD'));
    expect((await ask('showRun', { run: evil })).name.full).toBe(hostile);
    const { headers, body } = await server.send('GET', `/api/runs/${evil}`, {
      authorization: `Bearer ${server.served.token}`,
    });
    expect(headers['content-type']).toBe('application/json; charset=utf-8');
    expect(headers['x-content-type-options']).toBe('nosniff');
    expect(JSON.parse(body.toString()).reason).toBe(hostile);
    expect((await ask('history', { run: evil })).attempts[0]?.name).toBe(hostile);
  });
});

it('what did not change is not sent again', async () => {
  const authorization = `Bearer ${server.served.token}`;
  const first = await server.send('GET', `/api/runs/${a}`, { authorization });
  const again = await server.send('GET', `/api/runs/${a}`, {
    authorization,
    'if-none-match': String(first.headers.etag),
  });
  expect([again.status, again.body.length]).toEqual([304, 0]);
});
