import type { MachineUse } from '../../../model/facts.ts';
import type { Run } from '../../../model/run.ts';
import { size, visible } from '../../text.ts';
import type { Page } from './page.ts';

/** What a run took of its machine. */
export function machine(page: Page, { machine: use }: Run): string[] {
  if (use === null) return [];
  const lines = use.gpus.flatMap((gpu) => page.parts(gpuParts(page, gpu)));
  const hours = gpuHoursText(use);
  if (hours !== '') lines.push(...page.parts([page.style.cyan('GPU-hours'), hours, cost(use), gpusBy(use)]));
  const held = use.processMemoryPeak === null ? null : `trainer ${size(use.processMemoryPeak)}`;
  const memory = use.memoryPeak === null ? null : share(use.memoryPeak, use.memoryBytes);
  if (memory !== null) lines.push(...page.parts([page.style.cyan('memory'), memory, held]));
  if (use.cpu !== null) lines.push(...page.parts([page.style.cyan('processors'), `${Math.round(use.cpu)}% busy`]));
  if (use.diskFreeLeast !== null) {
    lines.push(...page.parts([page.style.cyan('disk'), `${size(use.diskFreeLeast)} free at least`]));
  }
  return lines;
}

function gpuParts(page: Page, gpu: MachineUse['gpus'][number]): (string | null)[] {
  const { index, name, used, utilisation, memoryPeak, memoryBytes, temperaturePeak, wattHours } = gpu;
  const title = `GPU ${index}`;
  return [
    used ? page.style.cyan(title) : page.style.dim(title),
    name === null ? null : visible(name),
    utilisation === null ? null : `${Math.round(utilisation)}% busy`,
    memoryPeak === null ? null : share(memoryPeak, memoryBytes),
    temperaturePeak === null ? null : `${Math.round(temperaturePeak)} °C`,
    wattHours === null
      ? null
      : wattHours < 1000
        ? `${Math.round(wattHours)} Wh`
        : `${(wattHours / 1000).toFixed(1)} kWh`,
    used ? null : page.style.dim('not counted'),
  ];
}

function share(most: number, total: number | null): string {
  return total ? `${size(most)} of ${size(total)} at most` : `${size(most)} at most`;
}

/** `3.21`, of few minutes `0.0041`. */
export function gpuHoursText({ gpuHours }: Pick<MachineUse, 'gpuHours'>): string {
  return gpuHours === null ? '' : gpuHours.toFixed(gpuHours < 0.1 ? 4 : 2);
}

function cost({ cost: money }: MachineUse): string | null {
  return money && `${moneyText(money)} at ${moneyText({ ...money, amount: money.perGpuHour })} an hour`;
}

/** `1.93 EUR`, `$1.93`. */
export function moneyText({ amount, currency }: { amount: number; currency: string }): string {
  const text = amount.toFixed(2);
  if (currency === '') return text;
  return /^[\p{L}]/u.test(currency) ? `${text} ${visible(currency)}` : `${visible(currency)}${text}`;
}

function gpusBy({ gpusBy: by, gpus }: MachineUse): string | null {
  const used = gpus.filter((gpu) => gpu.used).length;
  if (by === 'worked') return `of ${used === 1 ? 'the GPU' : 'the GPUs'} that worked`;
  return by === 'chosen' ? 'of the GPUs that were chosen' : null;
}
