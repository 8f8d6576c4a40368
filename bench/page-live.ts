/** Ten minutes of a training in as little time as the server takes to tell of them, and what a page keeps of it. */
import { appendFileSync, mkdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { defaultSettings } from '../src/model/settings.ts';
import { serve } from '../src/server/server.ts';
import { noSettings } from '../src/server/testing/served-home.ts';
import { openHome } from '../src/store/home.ts';
import { MetricsWriter } from '../src/store/metrics/metrics-writer.ts';
import { heapOf, visit } from './page-stage.ts';
import { runOf } from './page-worlds.ts';

/** Steps a second of a usual training. */
const pace = 2;

export interface LiveHeaps {
  /** Bytes after the first minute's steps, and after those of ten. */
  minute: number;
  end: number;
}

/** @param part of the run's page that is looked at */
export async function liveHeaps(browser: Browser, directory: string, part: string): Promise<LiveHeaps> {
  mkdirSync(directory, { recursive: true });
  const home = await openHome(directory, 'lair');
  const id = await runOf(home, 1);
  const env = { PATH: process.env.PATH };
  const recording = { home, host: 'lair', env, now: () => new Date(), version: '0', settings: defaultSettings };
  const served = await serve({
    recording,
    userHome: tmpdir(),
    cwd: tmpdir(),
    host: '127.0.0.1',
    port: 0,
    openToNetwork: false,
    webDirectory: join(import.meta.dirname, '../dist/web'),
    examine: async () => [],
    settings: noSettings,
    settle: async () => {},
    tell: console.error,
  });
  await served.follow();
  const log = join(home.runs.path(id), 'log');
  const metrics = new MetricsWriter(join(home.runs.path(id), 'metrics'), 'events');
  const total = pace * 600;
  const steps = (from: number, to: number) => {
    for (let step = from; step <= to; step++) {
      const bar = `steps:  ${Math.round((100 * step) / total)}%|███ | ${step}/${total} [00:10<00:10, 2.00it/s, avr_loss=0.12]\r`;
      appendFileSync(log, step % 20 === 0 ? `${bar}\nINFO saved a state at step ${step}\n` : bar);
      for (const tag of ['loss/average', 'loss/current', 'lr/unet'])
        metrics.add(tag, 'step', step, Date.now() / 1000, Math.sin(step) + step / total);
      metrics.flush();
    }
  };
  steps(1, 1);
  const page = await visit(browser, served.origin, served.token);
  await page.goto(`${served.origin}/runs/${id}?tab=${part}`);
  await page.getByRole('heading', { level: 1 }).waitFor();
  /** The server tells of changes no sooner than 25 ms after one another. */
  const walk = async (from: number, to: number) => {
    for (let step = from; step <= to; step++) {
      steps(step, step);
      await page.waitForTimeout(25);
    }
    await page.waitForTimeout(1500);
  };
  await walk(2, 60 * pace);
  const minute = await heapOf(page);
  await walk(60 * pace + 1, total);
  const end = await heapOf(page);
  metrics.close();
  await page.context().close();
  await served.close();
  return { minute, end };
}
