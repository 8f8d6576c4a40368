/** Samples of runs in rows and columns: a row a prompt, a column a step. */
import type { SampleRow } from '../../../../src/api/index.ts';
import { alignPrompts } from './align.ts';

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
  /** Unique; that of its prompt in the first run that has it, as far as that is free. */
  index: number;
  /** Null where it is not known. */
  text: string | null;
  /** By run and place. */
  cells: Map<string, SampleRow>;
}

export interface SampleGrid {
  places: Place[];
  rows: PromptRow[];
}

export interface Found {
  sample: SampleRow;
  place: Place;
  /** False where it is of the nearest step, not of the one that was asked for. */
  exact: boolean;
}

/** Whether there is a picture of it. */
export const isShown = (sample: SampleRow | undefined): sample is SampleRow =>
  sample !== undefined && (sample.preview || sample.original);

export const cellKey = (run: string, place: string): string => `${run} ${place}`;
const placeKey = ({ step, epoch }: SampleRow) => (step !== null ? `s${step}` : epoch !== null ? `e${epoch}` : 's0');

/** Of two samples of one prompt at one step the later one counts: it was drawn again after a resume. */
export function sampleGrid(runs: readonly SampleRun[]): SampleGrid {
  const places = new Map<string, Place & { at: number }>();
  for (const run of runs) {
    const begun = Math.min(...run.samples.map(timeOf));
    for (const sample of run.samples) {
      const key = placeKey(sample);
      const { step, epoch } = sample;
      if (!places.has(key)) places.set(key, { key, step, epoch, at: timeOf(sample) - begun });
    }
  }
  const rows = alignPrompts(runs).map(({ index, text, parts }): PromptRow => {
    const cells = new Map<string, SampleRow>();
    for (const [run, samples] of parts) {
      for (const sample of samples) {
        const cell = cellKey(run, placeKey(sample));
        const before = cells.get(cell);
        if (!before || (before.at ?? '') <= (sample.at ?? '')) cells.set(cell, sample);
      }
    }
    return { index, text, cells };
  });
  return { places: inOrder([...places.values()]).map(({ key, step, epoch }) => ({ key, step, epoch })), rows };
}

const timeOf = ({ at }: SampleRow) => (at === null ? 0 : Date.parse(at));

/** By step where all have one, by epoch where all have that, else by how far into its run each was drawn. */
function inOrder<T extends Place & { at: number }>(places: T[]): T[] {
  const by = (value: (place: T) => number) => places.sort((a, b) => value(a) - value(b));
  if (places.every(({ step }) => step !== null)) return by(({ step }) => step ?? 0);
  if (places.every(({ epoch }) => epoch !== null)) return by(({ epoch }) => epoch ?? 0);
  return by(({ at }) => at);
}

/** The place that an address names, or the one nearest to it; the last where it names none. */
export function placeAt(grid: SampleGrid, { step, epoch }: { step?: number; epoch?: number }): Place | null {
  if (step === undefined && epoch === undefined) return grid.places.at(-1) ?? null;
  const far = (place: Place) =>
    step !== undefined
      ? Math.abs((place.step ?? Number.NaN) - step)
      : Math.abs((place.epoch ?? Number.NaN) - (epoch ?? 0));
  const known = grid.places.filter((place) => !Number.isNaN(far(place)));
  return known.sort((a, b) => far(a) - far(b))[0] ?? grid.places.at(-1) ?? null;
}

/** What a run has of a prompt at a place, else what it has nearest to it. */
export function nearest(grid: SampleGrid, row: PromptRow, run: string, place: Place): Found | null {
  const own = row.cells.get(cellKey(run, place.key));
  if (own) return { sample: own, place, exact: true };
  const orderOf = (each: Place) => each.step ?? grid.places.indexOf(each);
  const at = grid.places.find(({ key }) => key === place.key) ?? place;
  const has = grid.places.filter((each) => row.cells.has(cellKey(run, each.key)));
  const comparable = has.filter(({ step }) => (step === null) === (at.step === null));
  const order = (comparable.length > 0 ? comparable : has).sort(
    (a, b) => Math.abs(orderOf(a) - orderOf(at)) - Math.abs(orderOf(b) - orderOf(at)),
  );
  const [closest] = order;
  const sample = closest && row.cells.get(cellKey(run, closest.key));
  return sample ? { sample, place: closest, exact: false } : null;
}

/** Width over height of the pictures, where they all have one; else a square. */
export function ratioOf(runs: readonly SampleRun[]): number {
  const ratios = new Set<number>();
  for (const { samples } of runs)
    for (const { width, height } of samples) if (width && height) ratios.add(width / height);
  const [first = 1] = ratios;
  return ratios.size === 1 ? Math.min(2.5, Math.max(0.4, first)) : 1;
}
