import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { SpoorError } from '../model/errors.ts';
import type { ImageFacts } from '../model/facts.ts';
import { type Frame, frameBytes, readFrames } from './frames.ts';
import type { Sheet } from './sheet-plan.ts';

/** Resident bytes of the worker; beyond them it is ended. */
export const workerBound = 640 << 20;
const lookEveryMs = 20;

export interface MadePreview {
  image: ImageFacts;
  webp: Uint8Array;
  width: number;
  height: number;
}

/** Pictures of foreign images. Nothing of theirs is decoded in this process. */
export interface Images {
  /**
   * A WebP of at most 512 × 512 pixels, or of all of them; nothing but pixels is in it. Errors: `image-unreadable`, with
   * the reason as its message; `no-image-library`.
   */
  preview(bytes: Uint8Array, whole?: boolean): Promise<MadePreview>;
  /** A PNG that fits the box. Errors: as above. */
  png(bytes: Uint8Array, width: number, height: number): Promise<Uint8Array>;
  /** A contact sheet as PNG; `pictures` are what its cells count. Errors: `no-image-library`. */
  sheet(sheet: Sheet, pictures: readonly Uint8Array[]): Promise<Uint8Array>;
  /** A PNG of an SVG of ours, `scale` times as large. Errors: `image-unreadable`, `no-image-library`. */
  drawing(svg: string, scale: number): Promise<Uint8Array>;
  /** The most memory that a worker has taken so far, in bytes. */
  readonly peak: number;
  close(): void;
}

export interface WorkerOptions {
  /** Node and the worker's program, with the font that it writes labels with. */
  command: readonly string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Milliseconds a job may take; 120,000. */
  patienceMs?: number;
  /** Milliseconds without a job after which the worker ends; 20,000. */
  idleMs?: number;
}

interface Worker {
  child: ChildProcess;
  frames: AsyncGenerator<Frame>;
  gone: boolean;
}

/** The worker starts with the first job, does one after another, and is started again after it was ended. */
export function openImages({ command, env, patienceMs = 120_000, idleMs = 20_000 }: WorkerOptions): Images {
  let worker: Worker | null = null;
  let queue: Promise<unknown> = Promise.resolve();
  let idle: NodeJS.Timeout | undefined;
  let peak = 0;

  function started(): Worker {
    if (worker && !worker.gone) return worker;
    const [program = '', ...args] = command;
    const child = spawn(program, args, { stdio: ['pipe', 'pipe', 'ignore'], cwd: '/', env });
    const fresh: Worker = { child, frames: readFrames(child.stdout!), gone: false };
    const left = () => {
      fresh.gone = true;
    };
    child.once('exit', left).once('error', left);
    child.stdin!.on('error', () => {});
    worker = fresh;
    return fresh;
  }

  async function ask(header: Record<string, unknown>, blobs: readonly Uint8Array[]): Promise<Frame> {
    clearTimeout(idle);
    const { child, frames } = started();
    let why: string | null = null;
    const end = (reason: string) => {
      why ??= reason;
      child.kill('SIGKILL');
    };
    const late = setTimeout(() => end('decoding it takes too long'), patienceMs);
    const watch = setInterval(() => {
      if (residentBytes(child.pid) > workerBound) end('decoding it takes too much memory');
    }, lookEveryMs);
    try {
      hold(child, true);
      for (const part of frameBytes({ header, blobs: [...blobs] })) child.stdin!.write(part);
      const { value, done } = await frames.next();
      if (done) throw new SpoorError('data', 'image-unreadable', why ?? 'it makes the decoder crash');
      return understood(value);
    } finally {
      clearTimeout(late);
      clearInterval(watch);
      hold(child, false);
      idle = setTimeout(close, idleMs).unref();
    }
  }

  function understood(frame: Frame): Frame {
    const { error, missing, peak: taken } = frame.header;
    if (typeof taken === 'number') peak = Math.max(peak, taken);
    if (typeof missing === 'string') throw noLibrary(missing);
    if (typeof error === 'string') throw new SpoorError('data', 'image-unreadable', error);
    return frame;
  }

  function inTurn(header: Record<string, unknown>, blobs: readonly Uint8Array[]): Promise<Frame> {
    const turn = queue.then(() => ask(header, blobs));
    queue = turn.catch(() => {});
    return turn;
  }

  function close(): void {
    clearTimeout(idle);
    worker?.child.stdin?.end();
    worker = null;
  }

  return {
    async preview(bytes, whole = false) {
      const { header, blobs } = await inTurn({ kind: 'preview', whole }, [bytes]);
      const { image, width, height } = header as unknown as Omit<MadePreview, 'webp'>;
      return { image, width, height, webp: blobs[0]! };
    },
    async png(bytes, width, height) {
      return (await inTurn({ kind: 'png', width, height }, [bytes])).blobs[0]!;
    },
    async sheet(sheet, pictures) {
      return (await inTurn({ kind: 'sheet', sheet }, pictures)).blobs[0]!;
    },
    async drawing(svg, scale) {
      return (await inTurn({ kind: 'drawing', scale }, [Buffer.from(svg)])).blobs[0]!;
    },
    get peak() {
      return peak;
    },
    close,
  };
}

/** While nothing is asked of it the worker keeps nobody alive. */
function hold(child: ChildProcess, held: boolean): void {
  const pipes = [child.stdin, child.stdout] as unknown as { ref(): void; unref(): void }[];
  for (const each of [child, ...pipes]) {
    if (held) each.ref();
    else each.unref();
  }
}

/** 0 where the system does not tell. */
function residentBytes(pid: number | undefined): number {
  try {
    return Number(/^VmRSS:\s*(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

function noLibrary(reason: string): SpoorError {
  const hint = 'Install Spoor again with its optional packages: npm install --include=optional';
  return new SpoorError('unavailable', 'no-image-library', `the image library cannot be loaded: ${reason}`, hint);
}
