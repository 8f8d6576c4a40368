/** Which change most likely explains why one run worked and another did not. */
import type { Change, Compared } from '../diff/change.ts';
import { compareRuns } from '../diff/compare.ts';
import type { Run } from '../model/run.ts';
import { datasetFilesOf } from './compare-family.ts';
import type { DiffSide } from './diff-runs.ts';
import { loadRun } from './load-run.ts';
import type { Recording } from './request.ts';
import { type Size, sizeOfChange } from './suspect-size.ts';

export interface Suspect {
  change: Change;
  /** Of all suspects' together 1. */
  weight: number;
  likelihood: 'likely' | 'possible' | 'unlikely';
  /** What speaks for it and against it, the weightiest first. */
  reasons: string[];
}

interface Witness {
  run: Run;
  worked: boolean;
  /** Subjects in which it differs from the good and from the bad run. */
  fromGood: ReadonlySet<string>;
  fromBad: ReadonlySet<string>;
}

/** Other runs of the family that are asked at most, the latest first. */
const mostWitnesses = 50;

/** How much a run with the change, or without it, makes it more or less likely. */
const weights = { withAndFailed: 2, withAndWorked: 0.1, withoutAndWorked: 1.3, withoutAndFailed: 0.5 };

/** The changes of effect from the good run to the bad one, the most likely first. */
export async function findSuspects(
  good: DiffSide,
  bad: DiffSide,
  changes: readonly Change[],
  recording: Recording,
): Promise<Suspect[]> {
  const candidates = changes.filter(({ effective, partOf }) => effective && partOf === null);
  if (candidates.length === 0) return [];
  const witnesses = await witnessesOf(good, bad, recording);
  const weighed = candidates.map((change) => weigh(change, changes, witnesses));
  const sum = weighed.reduce((total, { weight }) => total + weight, 0);
  const even = 1 / weighed.length;
  return weighed
    .map(({ change, weight, reasons }): Suspect => {
      const share = weight / sum;
      const likelihood = share >= Math.min(0.5, 1.5 * even) ? 'likely' : share >= 0.5 * even ? 'possible' : 'unlikely';
      return { change, weight: Number(share.toFixed(4)), likelihood, reasons };
    })
    .sort((x, y) => y.weight - x.weight);
}

function weigh(change: Change, all: readonly Change[], witnesses: readonly Witness[]) {
  const size: Size = sizeOfChange(change, all);
  const subject = keyOf(change);
  let weight = size.weight;
  const said: { factor: number; text: string }[] = [];
  if (change.kind !== 'unknown') {
    const names = { withAndFailed: [], withAndWorked: [], withoutAndWorked: [], withoutAndFailed: [] } as Record<
      keyof typeof weights,
      string[]
    >;
    for (const { run, worked, fromGood, fromBad } of witnesses) {
      // Neither as the one nor as the other: it says nothing of this change.
      if (fromGood.has(subject) === fromBad.has(subject)) continue;
      names[`${fromGood.has(subject) ? 'with' : 'without'}And${worked ? 'Worked' : 'Failed'}`].push(run.name.full);
    }
    for (const [kind, runs] of Object.entries(names) as [keyof typeof weights, string[]][]) {
      if (runs.length === 0) continue;
      // The third of a kind tells little more than the second.
      const factor = weights[kind] ** Math.min(2, runs.length);
      weight *= factor;
      said.push({ factor: Math.abs(Math.log(factor)), text: sentence(kind, runs) });
    }
  }
  said.sort((x, y) => y.factor - x.factor);
  return { change, weight, reasons: [...said.map(({ text }) => text), size.reason] };
}

function sentence(kind: keyof typeof weights, runs: readonly string[]): string {
  const others = runs.length > 2 ? ` and ${runs.length - 2} more` : '';
  const had = kind.startsWith('without') ? 'did not have it' : 'had it';
  const ended = kind.endsWith('Worked') ? 'worked' : 'failed';
  const isAgainst = weights[kind] < 1;
  return `${runs.slice(0, 2).join(', ')}${others} ${had} and ${ended}${isAgainst ? ', which speaks against it' : ''}`;
}

async function witnessesOf(good: DiffSide, bad: DiffSide, { home }: Recording): Promise<Witness[]> {
  const witnesses: Witness[] = [];
  for (const id of (await home.runs.list()).reverse()) {
    if (witnesses.length >= mostWitnesses) break;
    if (id === good.run.id || id === bad.run.id) continue;
    const run = await loadRun(home, id).catch(() => null);
    const worked = run && judged(run);
    if (run === null || run.family !== bad.run.family || worked === null) continue;
    const side: Compared = { run, manifest: await datasetFilesOf(run, home) };
    const subjects = (other: DiffSide) =>
      new Set(
        compareRuns(other, side)
          .filter(({ effective }) => effective)
          .map(keyOf),
      );
    witnesses.push({ run, worked: worked === true, fromGood: subjects(good), fromBad: subjects(bad) });
  }
  return witnesses;
}

/** What a person says counts before how it ended; a run that merely went through says nothing. */
function judged({ verdict, status }: Run): boolean | null {
  if (verdict !== null) return verdict === 'mixed' ? null : verdict === 'worked';
  return status === 'failed' ? false : null;
}

const keyOf = ({ area, subject }: Change) => `${area} ${subject}`;
