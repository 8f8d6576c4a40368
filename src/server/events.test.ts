/** A run as it is looked on while it trains. */
import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { MetricsWriter } from '../store/metrics/metrics-writer.ts';
import { removeRun } from '../tracker/remove-run.ts';
import { EventReader } from './testing/events.ts';
import { created, ended, options, sample, serveHome, type TestServer, tell, testId } from './testing/served-home.ts';

const run = testId(1);
let server: TestServer;
const readers: EventReader[] = [];

beforeEach(async () => {
  server = await serveHome((home) => tell(home, run, created(run, 'noob-wolf-v1')));
});
afterEach(async () => {
  for (const reader of readers.splice(0)) reader.close();
  await server[Symbol.asyncDispose]();
});

function look(query = `?run=${run}`, headers: Record<string, string> = {}): EventReader {
  const { origin, token } = server.served;
  const reader = new EventReader(`${origin}/api/events${query}`, { authorization: `Bearer ${token}`, ...headers });
  readers.push(reader);
  return reader;
}

const bar = (step: number) => `steps:  ${step}%|${'█'.repeat(3)}| ${step}/100 [00:10<00:10, 2.00it/s, avr_loss=0.12]\r`;
const log = () => join(server.home.runs.path(run), 'log');

it('tells of a run from its beginning to its end', async () => {
  const page = look();
  expect((await page.next('hello')).event.running).toEqual([run]);
  const other = testId(2);
  await tell(server.home, other, created(other, 'noob-wolf-v2'));
  expect((await page.next('run.appeared')).event).toMatchObject({
    run: other,
    name: 'noob-wolf-v2',
    status: 'running',
  });

  writeFileSync(log(), bar(10));
  expect((await page.next('progress', ({ progress }) => progress.step === 10)).event.progress.total).toBe(100);
  appendFileSync(log(), bar(11));
  await page.next('progress', ({ progress }) => progress.step === 11);
  expect((await page.next('log')).event.size).toBeGreaterThan(20);

  await tell(server.home, run, sample('/out/a.png'));
  expect((await page.next('artifacts')).event).toMatchObject({ run, samples: 1, checkpoints: 0 });

  const metrics = new MetricsWriter(join(server.home.runs.path(run), 'metrics'), 'events');
  metrics.add('loss/average', 'step', 1, 1_777_000_000, 0.5);
  metrics.add('loss/average', 'step', 2, 1_777_000_001, Number.NaN);
  metrics.flush();
  const { event } = await page.next('points');
  expect(event.curves).toEqual([
    { tag: 'loss/average', axis: 'step', x: [1, 2], time: [1_777_000_000, 1_777_000_001], value: [0.5, 'NaN'] },
  ]);
  metrics.close();

  await server.ask('setTags', { body: { runs: [run], add: ['good'] } });
  await page.next('run.changed');
  appendFileSync(log(), 'model saved.\n');
  await tell(server.home, run, ended());
  expect((await page.next('run.ended')).event).toMatchObject({ run, status: 'succeeded' });
  const { runs } = await server.ask('listRuns', { query: 'tag:good' });
  expect(runs).toMatchObject([{ id: run, status: 'succeeded' }]);

  const { recording } = options(server.home, server.directory);
  await removeRun(recording, run);
  await page.next('run.gone', (gone) => gone.run === run);
});

it('goes on without a gap where the connection was lost', async () => {
  const page = look();
  await page.next('hello');
  writeFileSync(log(), bar(1));
  const { id } = await page.next('progress');
  page.close();
  // Meanwhile, of which the next connection hears.
  const witness = look();
  await witness.next('hello');
  for (let step = 2; step <= 5; step++) {
    appendFileSync(log(), bar(step));
    await witness.next('progress', ({ progress }) => progress.step === step);
  }
  const metrics = new MetricsWriter(join(server.home.runs.path(run), 'metrics'), 'events');
  for (let step = 1; step <= 5; step++) {
    metrics.add('loss/average', 'step', step, 1_777_000_000 + step, 1 / step);
    metrics.flush();
    await witness.next('points', ({ curves }) => curves[0]?.x.at(-1) === step);
  }
  metrics.close();
  const back = look(`?run=${run}`, { 'last-event-id': id });
  // Where it stands is told once, of curves every point.
  expect((await back.next('progress')).event.progress.step).toBe(5);
  const steps: number[] = [];
  while (steps.at(-1) !== 5) steps.push(...((await back.next('points')).event.curves[0]?.x ?? []));
  expect(steps).toEqual([1, 2, 3, 4, 5]);
  expect(back.all().filter(({ type }) => type === 'reload')).toEqual([]);
  // The same for those that cannot set a header.
  const query = look(`?run=${run}&lastEventId=${id}`);
  expect((await query.next('progress')).event.progress.step).toBe(5);
});

it('tells to ask again after the server was another', async () => {
  const page = look(`?run=${run}`, { 'last-event-id': '0123456789ab-17' });
  await page.next('hello');
  await page.next('reload');
});

it('tells whoever asks now and then what there is, and ends', async () => {
  const first = look(`?run=${run}&once=true`);
  await first.next('hello');
  await first.closed;
  const witness = look();
  await witness.next('hello');
  writeFileSync(log(), bar(7));
  await witness.next('log');
  const next = look(`?run=${run}&once=true&lastEventId=${first.lastId}`);
  expect((await next.next('progress')).event.progress.step).toBe(7);
  await next.closed;
  const after = look(`?run=${run}&once=true&lastEventId=${next.lastId}`);
  await after.closed;
  expect(after.all().map(({ type }) => type)).toEqual(['hello']);
});

it('misses nothing of what comes after the session was asked for', async () => {
  const { lastEventId } = await server.ask('readSession', {});
  writeFileSync(log(), bar(3));
  const witness = look();
  await witness.next('progress', ({ progress }) => progress.step === 3);
  const page = look(`?run=${run}&lastEventId=${lastEventId}`);
  expect((await page.next('progress')).event.progress.step).toBe(3);
});

it('tells to ask again whoever was cut off before it was told so', async () => {
  const page = look(`?run=${run}`, { 'last-event-id': '0123456789ab-17' });
  const { id } = await page.next('hello');
  const again = look(`?run=${run}`, { 'last-event-id': id });
  await again.next('hello');
  await again.next('reload');
});

it('tells what a run writes only to whoever looks at it', async () => {
  const [one, none] = [look(), look('')];
  await Promise.all([one.next('hello'), none.next('hello')]);
  writeFileSync(log(), bar(1));
  await one.next('log');
  appendFileSync(log(), bar(2));
  await one.next('log');
  await none.next('progress', ({ progress }) => progress.step === 2);
  expect(none.all().map(({ type }) => type)).not.toContain('log');
});

it('refuses more streams than it bears, and takes them again', async () => {
  const many = Array.from({ length: 64 }, () => look(''));
  await Promise.all(many.map((each) => each.next('hello')));
  const more = await server.send('GET', '/api/events', { authorization: `Bearer ${server.served.token}` });
  expect([more.status, more.json().error?.code]).toEqual([503, 'too-busy']);
  for (const each of many) each.close();
  for (;;) {
    const again = look('');
    const greeted = await again.next('hello').catch(() => null);
    if (greeted) break;
  }
});

it('says farewell when it ends', async () => {
  const page = look();
  await page.next('hello');
  await server.served.close();
  await page.next('bye');
  await page.closed;
});
