/** AMD's GPUs, by files of the kernel: `rocm-smi` is a Python program that takes half a second for what these tell at once. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { GpuSample } from './nvidia.ts';

/**
 * Directories of AMD's cards in the order of their numbers.
 * @param root `/`, or a directory laid out like it
 */
export function amdCards(root = '/'): string[] {
  const cards = join(root, 'sys/class/drm');
  return namesIn(cards)
    .flatMap((name) => /^card(\d+)$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b)
    .map((number) => join(cards, `card${number}`, 'device'))
    .filter((device) => readText(join(device, 'vendor')) === '0x1002');
}

export function readAmd(device: string, index: number): GpuSample {
  const sensors = namesIn(join(device, 'hwmon')).map((name) => join(device, 'hwmon', name));
  const sensed = (...names: string[]) => {
    for (const each of sensors)
      for (const name of names) if (numberIn(each, name) !== null) return numberIn(each, name);
    return null;
  };
  const scaled = (value: number | null, by: number) => (value === null ? null : value / by);
  return {
    index,
    utilisation: numberIn(device, 'gpu_busy_percent'),
    memory: numberIn(device, 'mem_info_vram_used'),
    memoryTotal: numberIn(device, 'mem_info_vram_total'),
    temperature: scaled(sensed('temp1_input'), 1_000),
    power: scaled(sensed('power1_average', 'power1_input'), 1_000_000),
  };
}

function numberIn(directory: string, name: string): number | null {
  const text = readText(join(directory, name));
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return null;
  }
}

function namesIn(directory: string): string[] {
  try {
    return readdirSync(directory);
  } catch {
    return [];
  }
}
