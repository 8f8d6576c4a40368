/**
 * Blind tests that were begun, as this browser keeps them: whose pictures, in which order, and how each was judged. Where
 * a test is opened again it goes on from here; of another browser from what its address says.
 */
import type { SampleRow } from '../../../../src/api/index.ts';
import type { SampleGrid, SampleRun } from './grid.ts';
import { type BlindPair, blindPairs, type DealtPair, dealt, pairKey, seated } from './pairs.ts';
import { isOfPairs, isTestName, newTestName } from './test-name.ts';

export type Two = readonly [SampleRun, SampleRun];

/** One letter a pair: left, right, tie, not shown; an x at the end where it was ended early. */
const judgements = /^[lrtn]*x?$/;

interface Stored {
  runs: readonly [string, string];
  /** Ids of samples. */
  pairs: [string, string][];
  judged: string;
  /** When it was touched last. */
  at: number;
  /** Its tally is in the notes of both. */
  kept: boolean;
}

export interface BegunTest {
  pairs: readonly DealtPair[];
  judged: string;
}

const prefix = 'spoor.blind.';
/** Older ones are forgotten. */
const most = 20;

/** Deals the pairs of a new test. @returns its name */
export function begin(pairs: readonly BlindPair[], [first, second]: Two): string {
  const test = newTestName(pairs.map(pairKey));
  const order = dealt(pairs, test).map((pair): [string, string] => [pair.first.id, pair.second.id]);
  write(test, { runs: [first.id, second.id], pairs: order, judged: '', at: Date.now(), kept: false });
  return test;
}

/** A test that an address names; null where it is none of these runs, or of samples that are others by now. */
export function resume(test: string | undefined, judged: string, grid: SampleGrid, runs: Two): BegunTest | null {
  if (!isTestName(test)) return null;
  const [one, other] = runs;
  const stored = read(test);
  if (stored !== null && stored.runs[0] === one.id && stored.runs[1] === other.id) {
    return { pairs: stored.pairs.map((ids) => seated(pairOf(ids, runs, grid), test)), judged: stored.judged };
  }
  const { pairs } = blindPairs(grid, one.id, other.id);
  const isSame = pairs.length > 0 && isOfPairs(test, pairs.map(pairKey));
  return isSame ? { pairs: dealt(pairs, test), judged: within(judged, pairs.length) } : null;
}

export const judge = (test: string, judged: string): void => change(test, { judged });
/** It is not offered again. */
export const close = (test: string): void => change(test, { kept: true });

/** The one of these runs that was touched last and whose tally was not kept. */
export function unfinished([first, second]: Two): { test: string; judged: string; done: number; total: number } | null {
  const [last] = all()
    .filter(([, { runs, kept, judged }]) => !kept && judged !== '' && runs[0] === first.id && runs[1] === second.id)
    .sort(([, a], [, b]) => b.at - a.at);
  if (!last) return null;
  const [test, { judged, pairs }] = last;
  return { test, judged, done: judged.replace('x', '').length, total: pairs.length };
}

function within(judged: string, total: number): string {
  return judgements.test(judged) && judged.replace('x', '').length <= total ? judged : '';
}

function pairOf([one, other]: readonly [string, string], [first, second]: Two, grid: SampleGrid): BlindPair {
  const of = ({ samples }: SampleRun, id: string) => samples.find((each) => each.id === id) ?? gone(id);
  const [a, b] = [of(first, one), of(second, other)];
  const prompt = grid.rows.find(({ cells }) => [...cells.values()].some(({ id }) => id === a.id || id === b.id));
  return { prompt: prompt ?? { index: a.prompt ?? 0, text: a.text }, first: a, second: b };
}

/** Its place among the pairs stays, so that no judgement moves to another one. */
const gone = (id: string): SampleRow => ({
  ...{ id, name: '', step: null, epoch: null, bytes: null, at: null, goneAt: null, prompt: null, seed: null },
  ...{ text: null, width: null, height: null, preview: false, original: false },
});

function change(test: string, next: Partial<Stored>): void {
  const stored = read(test);
  if (stored) write(test, { ...stored, ...next, at: Date.now() });
}

function write(test: string, stored: Stored): void {
  try {
    localStorage.setItem(prefix + test, JSON.stringify(stored));
    const old = all().sort(([, a], [, b]) => b.at - a.at);
    for (const [name] of old.slice(most)) localStorage.removeItem(prefix + name);
  } catch {
    // Storage is switched off or full: the address alone tells how far it is.
  }
}

function read(test: string): Stored | null {
  try {
    const stored = JSON.parse(localStorage.getItem(prefix + test) ?? 'null') as Stored | null;
    return stored === null ? null : { ...stored, judged: within(stored.judged, stored.pairs.length) };
  } catch {
    return null;
  }
}

function all(): [string, Stored][] {
  try {
    const names = Object.keys(localStorage).filter((key) => key.startsWith(prefix));
    return names.flatMap((key) => {
      const test = key.slice(prefix.length);
      const stored = read(test);
      return stored ? [[test, stored] as [string, Stored]] : [];
    });
  } catch {
    return [];
  }
}
