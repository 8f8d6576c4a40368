/** Samples of runs in rows and columns: a row a prompt, a column a step. */
import type { SampleRow } from '../../../../src/api/index.ts';

export interface SampleRun {
  id: string;
  name: string;
  samples: readonly SampleRow[];
}

export interface Place {
  /** `s800`, `e3`. */
  key: string;
  step: number | null;
  epoch: number | null;
}

export interface PromptRow {
  index: number;
  /** As the latest sample has it; null where it is not known. */
  text: string | null;
  /** By run and place. */
  cells: Map<string, SampleRow>;
}

export interface SampleGrid {
  places: Place[];
  rows: PromptRow[];
}

export const cellKey = (run: string, place: string): string => `${run} ${place}`;
const placeKey = ({ step, epoch }: SampleRow) => (step !== null ? `s${step}` : epoch !== null ? `e${epoch}` : 's0');

/** Of two samples of one prompt at one step the later one counts: it was drawn again after a resume. */
export function sampleGrid(runs: readonly SampleRun[]): SampleGrid {
  const places = new Map<string, Place & { at: number }>();
  const rows = new Map<number, PromptRow & { at: number }>();
  for (const run of runs) {
    for (const sample of run.samples) {
      const key = placeKey(sample);
      const at = sample.at === null ? 0 : Date.parse(sample.at);
      const place = places.get(key);
      if (!place) places.set(key, { key, step: sample.step, epoch: sample.epoch, at });
      const index = sample.prompt ?? 0;
      const row = rows.get(index) ?? { index, text: null, cells: new Map(), at: -1 };
      rows.set(index, row);
      if (sample.text !== null && at >= row.at) {
        row.text = sample.text;
        row.at = at;
      }
      const cell = cellKey(run.id, key);
      const before = row.cells.get(cell);
      if (!before || (before.at ?? '') <= (sample.at ?? '')) row.cells.set(cell, sample);
    }
  }
  return {
    places: inOrder([...places.values()]).map(({ key, step, epoch }) => ({ key, step, epoch })),
    rows: [...rows.values()]
      .sort((a, b) => a.index - b.index)
      .map(({ index, text, cells }) => ({ index, text, cells })),
  };
}

/** By step where all have one, by epoch where all have that, else by when they were first drawn. */
function inOrder<T extends Place & { at: number }>(places: T[]): T[] {
  const by = (value: (place: T) => number) => places.sort((a, b) => value(a) - value(b));
  if (places.every(({ step }) => step !== null)) return by(({ step }) => step ?? 0);
  if (places.every(({ epoch }) => epoch !== null)) return by(({ epoch }) => epoch ?? 0);
  return by(({ at }) => at);
}
