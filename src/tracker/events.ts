import type { Warning } from '../model/facts.ts';

/** What the use cases tell while they work; the command line renders it. */
export type TrackerEvent =
  /** Something could not be done, or deserves a look. */
  | { type: 'warning'; warning: Warning }
  /** Of long work: so much of the whole is done. */
  | { type: 'progress'; what: string; done: number; total: number | null };

export type Tell = (event: TrackerEvent) => void;
