/** NVIDIA's GPUs, by one `nvidia-smi` that goes on telling: starting it for each look would cost more than the looks. */
import { type ChildProcess, spawn } from 'node:child_process';

/** What one GPU is doing. What the driver does not tell is null. */
export interface GpuSample {
  /** As `nvidia-smi` counts them. */
  index: number;
  /** Percent. */
  utilisation: number | null;
  /** Bytes in use, of all programs together, and bytes there are. */
  memory: number | null;
  memoryTotal: number | null;
  /** Degrees Celsius. */
  temperature: number | null;
  /** Watts. */
  power: number | null;
}

const fields = 'index,utilization.gpu,memory.used,memory.total,temperature.gpu,power.draw';
const mebibyte = 1024 * 1024;
/** More characters than this without a line end are no line of it. */
const longestLine = 4096;

/** A line of `nvidia-smi --query-gpu`; null for anything else: a failure is told in words. */
export function parseGpuLine(line: string): GpuSample | null {
  const parts = line.split(',').map((part) => part.trim());
  if (parts.length !== 6 || !/^\d{1,4}$/.test(parts[0]!)) return null;
  const [index, utilisation, memory, total, temperature, power] = parts.map(measured);
  const bytes = (mebibytes: number | null | undefined) => (mebibytes == null ? null : mebibytes * mebibyte);
  return {
    index: index!,
    utilisation: utilisation!,
    memory: bytes(memory),
    memoryTotal: bytes(total),
    temperature: temperature!,
    power: power!,
  };
}

/** `[N/A]`, `[Not Supported]`, `[Unknown Error]`, `[GPU is lost]` tell nothing. */
function measured(text: string): number | null {
  return /^-?\d{1,15}(?:\.\d{1,9})?$/.test(text) ? Number(text) : null;
}

export interface NvidiaOptions {
  /** The program, absolute. */
  program: string;
  env: Readonly<Record<string, string | undefined>>;
  everyMs: number;
  /** Silence after which it counts as hung. */
  hungMs?: number;
  /** Pauses before it is started again; after the last one it is left alone. */
  retryMs?: readonly number[];
  onSample(sample: GpuSample): void;
}

export interface NvidiaWatch {
  /** Why nothing is told any more, or was for a while; null where all went well. */
  readonly trouble: string | null;
  stop(): void;
}

/** One that fails or hangs is ended and tried again a few times: a driver that is stuck must not be asked without end. */
export function watchNvidia(options: NvidiaOptions): NvidiaWatch {
  const { program, env, everyMs, onSample } = options;
  const hungMs = options.hungMs ?? Math.max(30_000, 6 * everyMs);
  const retryMs = options.retryMs ?? [30_000, 120_000, 600_000];
  let child: ChildProcess | null = null;
  let timer: NodeJS.Timeout | null = null;
  let failures = 0;
  let trouble: string | null = null;
  let stopped = false;

  function begin(): void {
    let pending = '';
    let said = '';
    let over = false;
    const format = ['--format=csv,noheader,nounits', `--loop-ms=${everyMs}`];
    const started = spawn(program, [`--query-gpu=${fields}`, ...format], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    const wake = () => watch(hungMs, () => end(`${program} told nothing for ${Math.round(hungMs / 1000)} s`));
    const end = (why: string) => {
      if (over) return;
      over = true;
      quit(started);
      if (stopped) return;
      trouble = why;
      const pause = retryMs[failures++];
      if (pause !== undefined) watch(pause, begin);
    };
    wake();
    started.stdout?.setEncoding('latin1').on('data', (text: string) => {
      const lines = (pending + text).split('\n');
      pending = lines.pop()!.slice(-longestLine);
      for (const line of lines) {
        const sample = over ? null : parseGpuLine(line);
        if (sample) {
          wake();
          onSample(sample);
        } else if (line.trim() !== '') said = line.trim().slice(0, 200);
      }
    });
    started.stderr?.setEncoding('latin1').on('data', (text: string) => {
      said = text.trim().slice(0, 200) || said;
    });
    started.once('error', (error) => end(`${program} cannot be started: ${error.message}`));
    started.once('close', (status) => end(`${program} ended with status ${status}${said ? `: ${said}` : ''}`));
    started.unref();
  }

  function watch(ms: number, then: () => void): void {
    if (timer) clearTimeout(timer);
    timer = setTimeout(then, ms);
    timer.unref();
  }

  begin();
  return {
    get trouble() {
      return trouble;
    },
    stop() {
      stopped = true;
      if (timer) clearTimeout(timer);
      if (child) quit(child);
    },
  };
}

/** Without waiting: one that hangs in the kernel ends when it can. */
function quit(child: ChildProcess): void {
  child.kill('SIGKILL');
  child.stdout?.destroy();
  child.stderr?.destroy();
}
