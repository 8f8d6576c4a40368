import type { EnvironmentState, MachineUse, Setting } from '../../model/facts.ts';

/** What tells which GPUs are a run's. */
export interface GpuEvidence {
  environment: Pick<EnvironmentState, 'gpus' | 'variables'> | null;
  settings: readonly Setting[];
  /** Indices that were measured, and those of them that worked meanwhile. */
  measured: readonly number[];
  worked: readonly number[];
}

export interface GpusOfRun {
  /** Indices, ascending; null where it is not known which. */
  used: number[] | null;
  by: MachineUse['gpusBy'];
}

const variables = ['CUDA_VISIBLE_DEVICES', 'HIP_VISIBLE_DEVICES', 'ROCR_VISIBLE_DEVICES'];

/**
 * Which GPUs a run had: those that were chosen for it, else those that worked while it ran, else the
 * only one there is. A GPU that another program used at the same time counts as having worked.
 */
export function gpusOfRun({ environment, settings, measured, worked }: GpuEvidence): GpusOfRun {
  const gpus = environment?.gpus ?? [];
  const present = [...new Set([...gpus.keys(), ...measured])].sort((a, b) => a - b);
  if (present.length === 0) return { used: null, by: null };
  const chosen = chosenBy(environment, settings);
  if (chosen !== null) {
    const used = chosen.flatMap((each) => {
      const index = /^\d+$/.test(each) ? Number(each) : gpus.findIndex(({ uuid }) => uuid?.startsWith(each) ?? false);
      return present.includes(index) ? [index] : [];
    });
    if (used.length > 0 || chosen.length === 0) return { used: [...new Set(used)].sort((a, b) => a - b), by: 'chosen' };
  }
  if (measured.length > 0) return { used: [...worked], by: 'worked' };
  return present.length === 1 ? { used: present, by: 'only' } : { used: null, by: null };
}

/** Numbers and ids as they were given; an empty list where none was allowed; null where nobody chose. */
function chosenBy(environment: GpuEvidence['environment'], settings: readonly Setting[]): string[] | null {
  for (const name of variables) {
    const value = environment?.variables[name];
    if (typeof value === 'string') return listed(value);
  }
  const setting = settings.find(({ key, ignored }) => key === 'accelerate.gpu_ids' && ignored === undefined)?.value;
  const text = typeof setting === 'number' ? String(setting) : setting;
  return typeof text === 'string' && text !== 'all' && text !== '' ? listed(text) : null;
}

/** CUDA reads up to the first that is none: `-1` hides all. */
function listed(text: string): string[] {
  const words = text.split(',').map((word) => word.trim());
  const end = words.findIndex((word) => !/^(?:\d+|(?:GPU|MIG)-[\w-]+)$/.test(word));
  return end < 0 ? words : words.slice(0, end);
}
