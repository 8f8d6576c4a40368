/** From the trainer's write to the page: its log line and its points, through the files and the stream of events. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeRunId } from '../src/model/run-id.ts';
import { defaultSettings } from '../src/model/settings.ts';
import { serve } from '../src/server/server.ts';
import { EventReader } from '../src/server/testing/events.ts';
import { created, tell } from '../src/server/testing/served-home.ts';
import { openHome } from '../src/store/home.ts';
import { MetricsWriter } from '../src/store/metrics/metrics-writer.ts';
import type { Benchmark, Comparison } from './harness.ts';

/** Steps whose delay makes one turn; a trainer's own pace between them. */
const steps = 20;
const paceMs = 120;

const benchmark: Benchmark = async (directory) => {
  mkdirSync(directory, { recursive: true });
  const home = await openHome(directory, 'lair');
  const id = makeRunId(Date.UTC(2026, 0, 1), new Uint8Array(10));
  await tell(home, id, created(id, 'noob-wolf-v1'));
  const env = { PATH: process.env.PATH };
  const recording = { home, host: 'lair', env, now: () => new Date(), version: '0', settings: defaultSettings };
  const served = await serve({
    recording,
    userHome: tmpdir(),
    cwd: tmpdir(),
    host: '127.0.0.1',
    port: 0,
    openToNetwork: false,
    webDirectory: '/nowhere',
    examine: async () => [],
    readSettings: async () => ({ file: '', exists: false, settings: {}, problem: null }),
    settle: async () => {},
    tell: console.error,
  });
  const headers = { authorization: `Bearer ${served.token}` };
  const page = new EventReader(`${served.origin}/api/events?run=${id}`, headers);
  await page.next('hello');
  const log = join(home.runs.path(id), 'log');
  writeFileSync(log, '');
  const metrics = new MetricsWriter(join(home.runs.path(id), 'metrics'), 'events');
  let step = 0;

  const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
  const turn = async (once: (step: number) => Promise<number>): Promise<number> => {
    const delays: number[] = [];
    for (let i = 0; i < steps; i++) {
      delays.push(await once(++step));
      await delay(paceMs);
    }
    return median(delays);
  };
  const comparison = (name: string, once: (step: number) => Promise<number>): Comparison => ({
    name: `${name}, median of ${steps}`,
    peerName: 'the bar of 250 ms',
    goal: 1,
    turns: 3,
    ours: { run: () => turn(once) },
    peer: { run: () => 250 },
  });
  return [
    comparison('from a line of the log to the page', async (at) => {
      const written = performance.now();
      appendFileSync(log, `steps:  50%|███ | ${at}/9999 [00:10<00:10, 2.00it/s, avr_loss=0.12]\r`);
      return (await page.next('progress', ({ progress }) => progress.step === at)).at - written;
    }),
    comparison('from a point of a curve to the page', async (at) => {
      const written = performance.now();
      metrics.add('loss/average', 'step', at, Date.now() / 1000, 0.1);
      metrics.flush();
      return (await page.next('points', ({ curves }) => curves[0]?.x.at(-1) === at)).at - written;
    }),
  ];
};
export default benchmark;
