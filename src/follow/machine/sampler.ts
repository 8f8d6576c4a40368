import { statSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { SeriesSink } from '../../model/metrics.ts';
import { amdCards, readAmd } from './amd.ts';
import { cpuPercent, cpuTicks, memoryNow, residentMemory } from './host.ts';
import { type GpuSample, type NvidiaOptions, watchNvidia } from './nvidia.ts';

export interface SamplerOptions {
  /** Where the samples go; a sink that fails loses them, and nothing else. */
  sink: SeriesSink;
  /** The trainer's processes. Called now and then: it may cost some milliseconds. */
  pids(): readonly number[];
  /** Where the trainer writes, and the home of the records. */
  outputDir: string | null;
  home: string;
  nvidia: Pick<NvidiaOptions, 'program' | 'env' | 'hungMs' | 'retryMs'> | null;
  everyMs?: number;
}

export interface MachineSampler {
  /** Why GPUs were not sampled, or not all the time. */
  readonly trouble: string | null;
  stop(): void;
}

/** Often enough to see memory climb; a look costs less than a millisecond. */
const usualMs = 5_000;
/** The processes are looked for at every so many looks; those known are measured at each. */
const looksForProcesses = 6;

/**
 * Measures the machine while a run lives, into series of the tags `machine/…` over time. Everything it
 * reads is read at once or not waited for: a file system or driver that hangs costs the samples of it.
 */
export function sampleMachine(options: SamplerOptions): MachineSampler {
  const { sink, nvidia } = options;
  const everyMs = options.everyMs ?? usualMs;
  const totals = new Map<string, number>();
  let ticks = cpuTicks();
  let looks = 0;
  let known: readonly number[] = [];
  let broken = false;

  const add = (name: string, value: number | null) => {
    if (broken || value === null) return;
    const time = Date.now() / 1000;
    attempt(() => sink.add(`machine/${name}`, 'time', time, time, value));
  };
  /** What is there in all, told when first known and whenever it is another. */
  const addTotal = (name: string, value: number | null) => {
    if (value === null || totals.get(name) === value) return;
    totals.set(name, value);
    add(name, value);
  };
  const attempt = (write: () => unknown) => {
    try {
      write();
    } catch {
      // A full disk: what was measured is lost, the run is not concerned.
      broken = true;
    }
  };
  const addGpu = ({ index, utilisation, memory, memoryTotal, temperature, power }: GpuSample) => {
    const gpu = `gpu${index}`;
    addTotal(`${gpu}/memory-total`, memoryTotal);
    add(`${gpu}/utilisation`, utilisation);
    add(`${gpu}/memory`, memory);
    add(`${gpu}/temperature`, temperature);
    add(`${gpu}/power`, power);
  };
  const cards = nvidia === null ? amdCards() : [];
  const watch = nvidia === null ? null : watchNvidia({ ...nvidia, everyMs, onSample: addGpu });
  const disks = disksOf(options);

  function look(): void {
    broken = false;
    const now = cpuTicks();
    if (ticks && now && looks > 0) add('cpu', cpuPercent(ticks, now));
    ticks = now;
    const memory = memoryNow();
    addTotal('memory-total', memory?.total ?? null);
    add('memory', memory?.used ?? null);
    if (looks % looksForProcesses === 0) known = options.pids();
    add('process-memory', residentMemory(known));
    for (const [index, card] of cards.entries()) addGpu(readAmd(card, index));
    for (const disk of disks) disk.look((bytes) => add(disk.name, bytes));
    looks++;
    attempt(() => sink.flush());
  }

  look();
  const timer = setInterval(look, everyMs);
  timer.unref();
  return {
    get trouble() {
      return watch?.trouble ?? null;
    },
    stop() {
      clearInterval(timer);
      watch?.stop();
      attempt(() => sink.close());
    },
  };
}

interface Disk {
  name: string;
  look(tell: (free: number) => void): void;
}

/** The disk of the output, and that of the home where it is another. */
function disksOf({ outputDir, home }: SamplerOptions): Disk[] {
  const output = outputDir ?? home;
  const disks = [disk('disk-free', output)];
  if (deviceOf(home) !== deviceOf(output)) disks.push(disk('home-free', home));
  return disks;
}

/** Asked again only when it has answered. */
function disk(name: string, path: string): Disk {
  let asking = false;
  return {
    name,
    look(tell) {
      if (asking) return;
      asking = true;
      void freeAt(path).then((free) => {
        asking = false;
        if (free !== null) tell(free);
      });
    },
  };
}

/** Bytes that an ordinary user may still write; of the nearest directory above where it is not there yet. */
async function freeAt(path: string): Promise<number | null> {
  for (let directory = path; ; directory = dirname(directory)) {
    try {
      const { bavail, bsize } = await statfs(directory);
      return bavail * bsize;
    } catch {
      if (dirname(directory) === directory) return null;
    }
  }
}

function deviceOf(path: string): number | null {
  for (let directory = path; ; directory = dirname(directory)) {
    const found = statSync(directory, { throwIfNoEntry: false });
    if (found) return found.dev;
    if (dirname(directory) === directory) return null;
  }
}
