/** A server from the moment its address is told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { makeClient } from '../api/client.ts';
import { openHome } from '../store/home.ts';
import { type Served, serve } from './server.ts';
import { EventReader } from './testing/events.ts';
import { created, options, tell, testId } from './testing/served-home.ts';

const run = testId(1);

async function started() {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-start-'));
  const home = await openHome(join(directory, 'home'), 'lair');
  await tell(home, run, created(run, 'noob-wolf-v1'));
  const served = await serve(options(home, directory));
  onTestFinished(async () => {
    await served.close();
    rmSync(directory, { recursive: true });
  });
  return { home, served, ask: makeClient({ origin: served.origin, token: served.token }) };
}

function look({ origin, token }: Served, after: string | null): EventReader {
  const asked = after === null ? '' : `?lastEventId=${after}`;
  const reader = new EventReader(`${origin}/api/events${asked}`, { authorization: `Bearer ${token}` });
  onTestFinished(() => reader.close());
  return reader;
}

it('answers before it follows the home, and then begins its streams', async () => {
  const { served, ask } = await started();
  const page = look(served, null);
  expect((await ask('listRuns', {})).runs.map(({ id }) => id)).toEqual([run]);
  await served.follow();
  expect((await page.next('hello')).event.running).toEqual([run]);
});

it('tells what happened before it followed', async () => {
  const { home, served, ask } = await started();
  const page = look(served, (await ask('readSession', {})).lastEventId);
  const other = testId(2);
  await tell(home, other, created(other, 'noob-wolf-v2'));
  await served.follow();
  expect((await page.next('hello')).event.running).toEqual([other, run].sort());
  expect((await page.next('run.changed', (event) => event.run === other)).event.status).toBe('running');
});

it('lets a stream begin behind what its page was told at first', async () => {
  const { home, served, ask } = await started();
  await served.follow();
  const { lastEventId } = await ask('readSession', {});
  const witness = look(served, null);
  await witness.next('hello');
  const other = testId(2);
  await tell(home, other, created(other, 'noob-wolf-v2'));
  await witness.next('run.appeared');
  expect((await look(served, lastEventId).next('run.appeared')).event.run).toBe(other);
});

it('ends although nobody ever asked it to follow', async () => {
  const { served } = await started();
  const page = look(served, null);
  await served.close();
  await expect(page.next('hello')).rejects.toThrow();
});
