import type { RunName } from './facts.ts';

/** Placeholder shape until the parser lands. */
export function parseRunName(full: string): RunName {
  return { full, model: null, dataset: null, version: null, steps: null };
}

export function familyOf(name: RunName, _datasetPath: string | null): string {
  return name.full;
}
