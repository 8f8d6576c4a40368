import { execFile } from 'node:child_process';
import { join } from 'node:path';
import type { EnvironmentState } from '../../model/facts.ts';
import { type Environment, findProgram } from '../python/program.ts';
import { namesIn, readHead } from '../python/read.ts';

export interface Gpus {
  gpus: EnvironmentState['gpus'];
  /** Version of the kernel's driver. */
  driver: string | null;
}

/**
 * What the kernel's files say at once: NVIDIA's names and ids (not their memory), AMD's memory.
 * @param root `/`, or a directory laid out like it
 */
export function gpusFromFiles(root: string): Gpus {
  const gpus = nvidia(root);
  const version = readHead(join(root, 'proc/driver/nvidia/version'), 4096);
  const driver = version === null ? null : (/Kernel Module\s+(?:for \S+\s+)?(\d[\d.]*)/.exec(version)?.[1] ?? null);
  if (gpus.length > 0 || driver !== null) return { gpus, driver };
  return amd(root);
}

function nvidia(root: string): Gpus['gpus'] {
  const directory = join(root, 'proc/driver/nvidia/gpus');
  return namesIn(directory).flatMap((bus) => {
    const text = readHead(join(directory, bus, 'information'), 4096) ?? '';
    const value = (key: string) => new RegExp(`^${key}:\\s*(\\S.*?)\\s*$`, 'm').exec(text)?.[1] ?? null;
    const name = value('Model');
    const uuid = value('GPU UUID');
    return name === null ? [] : [{ name, uuid: uuid?.includes('?') ? null : uuid, memoryBytes: null }];
  });
}

function amd(root: string): Gpus {
  const cards = join(root, 'sys/class/drm');
  const gpus = namesIn(cards).flatMap((card) => {
    const device = join(cards, card, 'device');
    if (!/^card\d+$/.test(card) || readHead(join(device, 'vendor'), 64)?.trim() !== '0x1002') return [];
    const bytes = Number(readHead(join(device, 'mem_info_vram_total'), 64)?.trim());
    const product = readHead(join(device, 'product_name'), 256)?.trim();
    const id = readHead(join(device, 'device'), 64)?.trim() ?? '';
    const unique = readHead(join(device, 'unique_id'), 64)?.trim();
    return [
      {
        name: product || `AMD GPU ${id}`,
        uuid: unique || null,
        memoryBytes: Number.isSafeInteger(bytes) && bytes > 0 ? bytes : null,
      },
    ];
  });
  return {
    gpus,
    driver: gpus.length === 0 ? null : (readHead(join(root, 'sys/module/amdgpu/version'), 64)?.trim() ?? null),
  };
}

const query = ['--query-gpu=name,uuid,memory.total,driver_version', '--format=csv,noheader,nounits'];

/**
 * Asks `nvidia-smi`, which takes 50 to 500 ms: for after the start.
 * @returns null where it is not installed or does not answer within `timeoutMs`
 */
export async function probeGpus(options: {
  env: Environment;
  cwd: string;
  timeoutMs?: number;
  signal?: AbortSignal;
}): Promise<Gpus | null> {
  const program = findProgram('nvidia-smi', options);
  if (program === null) return null;
  const settings = {
    timeout: options.timeoutMs ?? 15_000,
    maxBuffer: 1 << 20,
    env: options.env,
    killSignal: 'SIGKILL',
  } as const;
  const { signal } = options;
  if (signal?.aborted) return null;
  const output = await new Promise<string | null>((resolve) => {
    const child = execFile(program, query, settings, (error, stdout) => {
      signal?.removeEventListener('abort', quit);
      resolve(error === null ? stdout : null);
    });
    // The signal of execFile's own options would ask with SIGTERM, which one that hangs need not heed.
    const quit = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', quit, { once: true });
    child.stdin?.end();
  });
  return output === null ? null : parseNvidiaSmi(output);
}

/** Lines of `name, uuid, MiB, driver`; memory is `[N/A]` where it is shared with the CPU. */
export function parseNvidiaSmi(output: string): Gpus {
  let driver: string | null = null;
  const gpus = output.split('\n').flatMap((line) => {
    const parts = line.split(',').map((part) => part.trim());
    if (parts.length < 4 || !parts.at(-3)!.match(/^(GPU|MIG)-/)) return [];
    driver = parts.at(-1)!;
    const mebibytes = Number(parts.at(-2));
    const memoryBytes = Number.isFinite(mebibytes) ? Math.round(mebibytes) * 1024 * 1024 : null;
    return [{ name: parts.slice(0, -3).join(', '), uuid: parts.at(-3)!, memoryBytes }];
  });
  return { gpus, driver };
}
