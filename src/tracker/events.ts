import type { Warning } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';

/** What the use cases tell while they work; the command line renders it. */
export type TrackerEvent =
  /** Something could not be recorded, or deserves a look. */
  | { type: 'warning'; warning: Warning }
  /** The run has a place; the trainer starts next. */
  | { type: 'prepared'; id: RunId; name: string; milliseconds: number }
  /** Of long work: so much of the whole is done. */
  | { type: 'progress'; what: string; done: number; total: number | null };

export type Tell = (event: TrackerEvent) => void;
