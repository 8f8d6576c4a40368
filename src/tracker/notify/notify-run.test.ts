import { beforeEach, expect, test } from 'vitest';
import type { Told } from '../../model/facts.ts';
import { defaultSettings, type Receiver, usualEvents } from '../../model/settings.ts';
import { status, testServer } from '../../notify/testing/server.ts';
import type { Home } from '../../store/home.ts';
import { created, nextRunId, temporaryHome } from '../../store/test-home.ts';
import { loadRun } from '../load-run.ts';
import type { Recording } from '../request.ts';
import { isNotifying, notifyRun } from './notify-run.ts';
import { listWanted, markWanted } from './outbox.ts';

let home: Home;
let id: string;
const machine = { env: {}, platform: 'linux' as const };
const event = (key: string): Told => ({
  type: 'event',
  event: { key, event: 'nan', message: key, step: 1, stops: false },
});
const ended = (): Told => ({
  type: 'ended',
  status: 'succeeded',
  exitCode: 0,
  signal: null,
  startedAt: null,
  endedAt: new Date().toISOString(),
  progress: null,
  diagnosis: null,
});

async function happen(...facts: Told[]): Promise<void> {
  const log = home.runs.openLog(id, 'journal');
  await log.append(...facts);
  await log.close();
}

beforeEach(async () => {
  home = await temporaryHome();
  id = nextRunId();
  home.runs.create(id);
  await happen(created(id));
});

const hook = (name: string, url: string): Receiver => {
  const common = { name, on: usualEvents, contactSheet: true, prompts: false, headers: {}, allowPrivate: true };
  return { ...common, type: 'webhook', url };
};
const recordingFor = (...receivers: Receiver[]): Recording => {
  const settings = { ...defaultSettings, notify: { ...defaultSettings.notify, receivers } };
  return { home, host: 'lair', env: {}, now: () => new Date(), version: '0', settings };
};
const keys = (server: { asked: { body: Buffer }[] }) =>
  server.asked.map(({ body }) => String(JSON.parse(String(body)).key).split('/')[1]);

test('all that happened is told in order, and what happens meanwhile is taken along', async () => {
  let first = true;
  const server = await testServer(async (response) => {
    if (first) {
      first = false;
      await happen(event('nan-2'), ended());
    }
    response.end();
  });
  markWanted(home, id);
  await happen(event('nan-1'));
  await notifyRun(recordingFor(hook('a', server.url)), id, machine, [1]);
  expect(keys(server)).toEqual(['nan-1', 'nan-2', 'end']);
  expect(await listWanted(home)).toEqual([]);
  await notifyRun(recordingFor(hook('a', server.url)), id, machine, [1]);
  expect(server.asked).toHaveLength(3);
});

test('several senders at once tell each receiver once', async () => {
  const server = await testServer((response) => void setTimeout(() => response.end(), 50));
  await happen(event('nan-1'), event('nan-2'), ended());
  const recording = recordingFor(hook('a', server.url), hook('b', `${server.url}/b`));
  await Promise.all(Array.from({ length: 4 }, () => notifyRun(recording, id, machine, [1])));
  expect(server.asked).toHaveLength(6);
});

test('a receiver that is given up is a warning of the run, and the others have long been told', async () => {
  const broken = await testServer((response) => status(response, 500));
  const sound = await testServer();
  await happen(ended());
  const recording = recordingFor(hook('broken', broken.url), hook('sound', sound.url));
  const going = notifyRun(recording, id, machine, [300, 300]);
  await expect.poll(async () => (await loadRun(home, id)).notified.length).toBe(1);
  expect(await isNotifying(recording, id)).toBe(true);
  expect(sound.asked).toHaveLength(1);
  await going;
  const { notified, warnings } = await loadRun(home, id);
  expect(notified).toMatchObject([
    { receiver: 'sound', outcome: 'sent' },
    { receiver: 'broken', outcome: 'failed', attempts: 3, detail: 'status 500' },
  ]);
  expect(warnings).toMatchObject([
    { code: 'not-notified', message: 'the message end could not be sent to broken (webhook): status 500 (3 tries)' },
  ]);
  expect(await isNotifying(recording, id)).toBe(false);
});
