/** Pictures without anything that says whose they are: no run in the address, no name. */
import { useEffect, useState } from 'react';
import { addressOf } from '../../lib/api.ts';
import type { DealtPair } from './pairs.ts';

type Addresses = readonly [left: string, right: string];

/** Where the two pictures of a pair are fetched from: as the trainer wrote them only where both are kept so. */
function sourcesOf({ first, second, swapped }: DealtPair, runs: readonly [string, string]): Addresses {
  const kind = first.original && second.original ? 'sampleOriginal' : 'samplePreview';
  const one = addressOf(kind, { run: runs[0], sample: first.id });
  const other = addressOf(kind, { run: runs[1], sample: second.id });
  return swapped ? [other, one] : [one, other];
}

async function picture(address: string): Promise<string> {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`${response.status}`);
  return URL.createObjectURL(await response.blob());
}

const load = (pair: DealtPair, runs: readonly [string, string]) => Promise.all(sourcesOf(pair, runs).map(picture));

/**
 * Both pictures of a pair, or null until both are there: which one comes first would tell. Those of the next pair are
 * fetched meanwhile. @returns `failed` where one of the two cannot be had
 */
export function useUnnamed(
  pairs: readonly DealtPair[],
  at: number,
  runs: readonly [string, string],
): { pictures: Addresses | null; failed: boolean } {
  const [held] = useState(() => new Map<DealtPair, Promise<string[]>>());
  const [shown, setShown] = useState<{ pair: DealtPair; pictures: Addresses | null } | null>(null);
  const [one, other] = runs;
  useEffect(() => {
    const pair = pairs[at];
    if (!pair) return;
    let isWanted = true;
    for (const each of pairs.slice(at, at + 2)) {
      if (held.has(each)) continue;
      const loading = load(each, [one, other]);
      held.set(each, loading);
      loading.catch(() => {});
    }
    held.get(pair)?.then(
      ([left = '', right = '']) => isWanted && setShown({ pair, pictures: [left, right] }),
      () => isWanted && setShown({ pair, pictures: null }),
    );
    for (const [each, pictures] of held) {
      if (Math.abs(pairs.indexOf(each) - at) <= 2) continue;
      held.delete(each);
      void release(pictures);
    }
    return () => {
      isWanted = false;
    };
  }, [pairs, at, one, other, held]);
  useEffect(
    () => () => {
      for (const pictures of held.values()) void release(pictures);
      held.clear();
    },
    [held],
  );
  const isCurrent = shown !== null && shown.pair === pairs[at];
  return { pictures: isCurrent ? shown.pictures : null, failed: isCurrent && shown.pictures === null };
}

async function release(pictures: Promise<string[]>): Promise<void> {
  for (const address of await pictures.catch(() => [])) URL.revokeObjectURL(address);
}
