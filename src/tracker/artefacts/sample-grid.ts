/** The samples of one run, or of several beside each other: prompts in rows, steps in columns. */
import type { MadeArtifact, Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import { isStarred, stepsOf } from './places.ts';

export interface SampleGrid {
  /** `label` is the name, with the id where several runs have it. */
  runs: { id: RunId; name: string; label: string; columns: GridColumn[] }[];
  rows: GridRow[];
}

export interface GridColumn {
  step: number | null;
  epoch: number | null;
  starred: boolean;
}

export interface GridRow {
  /** Number in the prompts file; null where the name does not tell. */
  index: number | null;
  /** As it was in force; null where no version is known. */
  text: string | null;
  /** For each column of all runs the sample, or null. */
  cells: (MadeArtifact | null)[];
}

/**
 * Rows of several runs are one where the prompt's text is the same, or its number where no text is known. A
 * prompt that was edited during the run has a row before and a row after.
 */
export function sampleGrid(runs: readonly Run[]): SampleGrid {
  const rows = new Map<string, GridRow>();
  const grid: SampleGrid = { runs: [], rows: [] };
  let before = 0;
  for (const run of runs) {
    const samples = run.artifacts.filter(({ kind }) => kind === 'sample');
    const places = columnsOf(run, samples);
    for (const [at, { together }] of places.entries()) {
      for (const [key, sample] of keyed(together)) {
        const row = rows.get(key) ?? { index: sample.prompt, text: sample.prompted?.prompt ?? null, cells: [] };
        rows.set(key, row);
        const there = row.cells[before + at];
        // The same step was reached again: what it came to is the later one.
        if (!there || (there.modifiedAt ?? '') <= (sample.modifiedAt ?? '')) row.cells[before + at] = sample;
      }
    }
    const name = run.name.full;
    const isShared = runs.some((other) => other !== run && other.name.full === name);
    const label = isShared ? `${name} (${run.id.slice(0, 10)})` : name;
    grid.runs.push({ id: run.id, name, label, columns: places.map(({ column }) => column) });
    before += places.length;
  }
  grid.rows = [...rows.values()].sort((a, b) => (a.index ?? -1) - (b.index ?? -1));
  for (const row of grid.rows) row.cells = Array.from({ length: before }, (_, i) => row.cells[i] ?? null);
  return grid;
}

interface Together {
  column: GridColumn;
  together: MadeArtifact[];
}

function columnsOf(run: Run, samples: readonly MadeArtifact[]): Together[] {
  const stepOf = stepsOf(run.artifacts);
  const order = ({ column }: Together) => stepOf(column) ?? (column.epoch === null ? -1 : column.epoch - 1e9);
  return [...Map.groupBy(samples, ({ step, epoch }) => `${step} ${epoch}`).values()]
    .map((together) => {
      const { step, epoch } = together[0]!;
      return { together, column: { step, epoch, starred: isStarred(run, { step: stepOf({ step, epoch }), epoch }) } };
    })
    .sort((a, b) => order(a) - order(b));
}

/** Several prompts of one text are told apart by their order. */
function keyed(together: readonly MadeArtifact[]): [key: string, sample: MadeArtifact][] {
  const seen = new Map<string, Set<number | null>>();
  return together
    .toSorted((a, b) => (a.prompt ?? -1) - (b.prompt ?? -1))
    .map((sample) => {
      const text = sample.prompted?.prompt;
      if (text == null) return [`#${sample.prompt}`, sample];
      const numbers = seen.get(text) ?? new Set();
      seen.set(text, numbers.add(sample.prompt));
      return [`${numbers.size} ${text}`, sample];
    });
}

/** `step 200`, `epoch 3`. */
export function placeLabel({ step, epoch }: Pick<GridColumn, 'step' | 'epoch'>): string {
  return step !== null ? `step ${step}` : epoch !== null ? `epoch ${epoch}` : 'unknown step';
}

/** What was asked for beside the text: `seed 42 · 832×1216 · 28 steps`. */
export function askedLabel(sample: MadeArtifact): string {
  const { prompted, seed, image } = sample;
  const [width, height] = [image?.width ?? prompted?.width, image?.height ?? prompted?.height];
  const parts = [
    (prompted?.seed ?? seed) === null ? null : `seed ${prompted?.seed ?? seed}`,
    width == null || height == null ? null : `${width}×${height}`,
    prompted?.steps == null ? null : `${prompted.steps} steps`,
    prompted?.certainty === undefined ? null : 'prompt guessed',
  ];
  return parts.filter((part) => part !== null).join(' · ');
}
