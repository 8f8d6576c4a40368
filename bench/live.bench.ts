/** From the trainer's write to the page: a line of its log, a point that is stored, a record of its event file. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { followMetrics } from '../src/follow/metrics/follow-metrics.ts';
import { makeRunId } from '../src/model/run-id.ts';
import { defaultSettings } from '../src/model/settings.ts';
import { serve } from '../src/server/server.ts';
import { EventReader } from '../src/server/testing/events.ts';
import { created, noSettings, tell } from '../src/server/testing/served-home.ts';
import { openHome } from '../src/store/home.ts';
import { MetricsWriter } from '../src/store/metrics/metrics-writer.ts';
import type { Benchmark, Comparison } from './harness.ts';

const median = (values: number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;

/** Steps whose delay makes one turn; a trainer's own pace between them. */
const steps = 20;
const paceMs = 120;
/** Of the trainer that writes an event file, which is found within seconds. */
const eventSteps = 40;

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
    settings: noSettings,
    settle: async () => {},
    tell: console.error,
  });
  await served.follow();
  const headers = { authorization: `Bearer ${served.token}` };
  const page = new EventReader(`${served.origin}/api/events?run=${id}`, headers);
  await page.next('hello');
  const log = join(home.runs.path(id), 'log');
  writeFileSync(log, '');
  const metrics = new MetricsWriter(join(home.runs.path(id), 'metrics'), 'events');
  let step = 0;

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
    comparison('from a stored point to the page', async (at) => {
      const written = performance.now();
      metrics.add('loss/average', 'step', at, Date.now() / 1000, 0.1);
      metrics.flush();
      return (await page.next('points', ({ curves }) => curves[0]?.x.at(-1) === at)).at - written;
    }),
    {
      name: 'from a record of an event file to the page, once it is found',
      peerName: 'the bar of 250 ms',
      goal: 1,
      turns: 3,
      ours: { run: async () => median(await playEvents(directory, join(home.runs.path(id), 'metrics'), page)) },
      peer: { run: () => 250 },
    },
  ];
};
export default benchmark;

let plays = 0;

/** A trainer in its own process, the follower that the recorder runs, and the page: milliseconds from each record's own time. */
async function playEvents(directory: string, metrics: string, page: EventReader): Promise<number[]> {
  const logs = join(directory, `logs-${++plays}`);
  mkdirSync(logs);
  const ended = new AbortController();
  const writer = {
    plan: { outputDir: null, loggingDir: logs, logPrefix: null },
    directory: logs,
    startedAt: 0,
    endedAt: null,
    host: '',
    ancestor: null,
    ownerOf: () => 'own' as const,
  };
  const openSink = (source: string) => new MetricsWriter(metrics, `${source}-${plays}`);
  const follow = async () => {
    for await (const _ of followMetrics({ writer, known: [], openSink, ended: ended.signal }));
  };
  const following = follow();
  const events = join(logs, 'events.out.tfevents.1795467255.bench.1.0');
  const script = join(import.meta.dirname, 'follow-trainer.ts');
  const node = ['--disable-warning=ExperimentalWarning', script, events, String(eventSteps), String(2 * paceMs)];
  const trainer = spawn(process.execPath, node, { stdio: ['ignore', 'inherit', 'inherit'] });
  const delays: number[] = [];
  let found = Number.POSITIVE_INFINITY;
  const isOurs = ({ tag }: { tag: string }) => tag === 'lr/unet' || tag === 'loss/current';
  for (let last = 0; last < eventSteps; ) {
    const { event, at } = await page.next('points', ({ curves }) => curves.some(isOurs));
    const now = performance.timeOrigin + at;
    for (const { time, x } of event.curves) {
      for (const each of time) if (each * 1000 > found) delays.push(now - each * 1000);
      last = Math.max(last, x.at(-1) ?? 0);
    }
    found = Math.min(found, now);
  }
  if (trainer.exitCode === null) await once(trainer, 'exit');
  ended.abort();
  await following;
  return delays;
}
