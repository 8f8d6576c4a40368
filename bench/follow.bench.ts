/**
 * A run followed while it trains: what the follower takes of a processor at two steps a second (goal: a hundredth), what
 * the whole recorder does, machine, log, samples and checkpoints included (the same goal; Linux), and how long a point takes from the trainer's write to who subscribed to the run (goal: a median of 250 ms).
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeDemoWorld } from '../demo/make-world.mjs';
import { followMetrics } from '../src/follow/metrics/follow-metrics.ts';
import { makeRunId } from '../src/model/run-id.ts';
import { openHome } from '../src/store/home.ts';
import { MetricsWriter } from '../src/store/metrics/metrics-writer.ts';
import { followSeries } from '../src/tracker/metrics.ts';
import { answer, command, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';

const steps = 20;
const stepMs = 500;
const percentOfCore = 1;
const latencyMs = 250;
const recorderSeconds = 30;

const benchmark: Benchmark = (directory) => {
  let count = 0;
  const play = async () => followOnce(join(directory, String(count++)));
  return [
    {
      name: `following 2 steps/s for ${(steps * stepMs) / 1000} s`,
      peerName: `${percentOfCore} % of a core`,
      goal: 1,
      turns: 2,
      ours: { run: async () => (await play()).processorMs },
      peer: { run: () => (steps * stepMs * percentOfCore) / 100 },
    },
    {
      name: `the whole recorder beside it for ${recorderSeconds} s`,
      peerName: `${percentOfCore} % of a core`,
      goal: 1,
      turns: 1,
      ours: { run: () => recordOnce(join(directory, String(count++))) },
      peer: { run: () => recorderSeconds * 10 * percentOfCore },
    },
    {
      name: 'from the write to the subscriber, median',
      peerName: `${latencyMs} ms`,
      goal: 1,
      turns: 2,
      ours: { run: async () => (await play()).latencyMs },
      peer: { run: () => latencyMs },
    },
  ];
};
export default benchmark;

async function followOnce(directory: string): Promise<{ processorMs: number; latencyMs: number }> {
  const logs = join(directory, 'logs');
  mkdirSync(logs, { recursive: true });
  const home = await openHome(join(directory, 'home'));
  const id = makeRunId(Date.now(), new Uint8Array(10));
  const metrics = join(home.runs.create(id), 'metrics');
  const ended = new AbortController();
  const script = join(import.meta.dirname, 'follow-trainer.ts');
  const events = join(logs, 'events.out.tfevents.1795467255.bench.1.0');
  const latencies: number[] = [];
  const subscribe = async () => {
    for await (const { appended } of followSeries(home, id, null, ended.signal)) {
      const now = performance.timeOrigin + performance.now();
      for (const { time } of appended) latencies.push(...Array.from(time, (each) => now - each * 1000));
    }
  };
  const follow = async () => {
    const writer = {
      plan: { outputDir: null, loggingDir: logs, logPrefix: null },
      directory: logs,
      startedAt: 0,
      endedAt: null,
      host: '',
      ancestor: null,
      ownerOf: () => 'own' as const,
    };
    const openSink = (source: string) => new MetricsWriter(metrics, source);
    for await (const _ of followMetrics({ writer, known: [], openSink, ended: ended.signal }));
  };
  const trainer = spawn(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', script, events, String(steps), String(stepMs)],
    {
      stdio: ['ignore', 'inherit', 'inherit'],
    },
  );
  const before = process.cpuUsage();
  const both = Promise.all([subscribe(), follow()]);
  await once(trainer, 'exit');
  const { user, system } = process.cpuUsage(before);
  ended.abort();
  await both;
  latencies.sort((a, b) => a - b);
  return {
    processorMs: (user + system) / 1000,
    latencyMs: latencies[latencies.length >> 1] ?? Number.POSITIVE_INFINITY,
  };
}

/** Processor time, in milliseconds, of the recorder of a run that trains at that rate; its start is not counted. */
async function recordOnce(directory: string): Promise<number> {
  const { command: trainer, cwd } = makeDemoWorld(directory);
  const env = { SPOOR_HOME: join(directory, 'home') };
  const steps = ((10 + recorderSeconds + 10) * 1000) / stepMs;
  const pace = ['--demo_delay', String(stepMs), '--max_train_steps', String(steps)];
  const id = answer(spoor('run', '--detach', '--', ...trainer, ...pace), { cwd, env }).trim();
  await delay(10_000);
  const before = processorOf(id);
  await delay(recorderSeconds * 1000);
  const taken = processorOf(id) - before;
  command(spoor('stop', id), { cwd, env });
  return taken;
}

/** Milliseconds that the recorder of a run has computed: user and system time in ticks of a hundredth of a second. */
function processorOf(id: string): number {
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const words = readQuietly(`/proc/${pid}/cmdline`).split('\0');
    if (!words.includes(id) || !words.some((word) => word.endsWith('recorder.js'))) continue;
    const fields = readQuietly(`/proc/${pid}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ');
    return (Number(fields[11]) + Number(fields[12])) * 10;
  }
  throw new Error(`no recorder of ${id}`);
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return '';
  }
}
