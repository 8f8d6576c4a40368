/** What a blind test says: how often the one was preferred, and how likely chance alone would have said as much. */
export interface Tally {
  first: number;
  second: number;
  ties: number;
}

/**
 * How likely a result at least as far from even is, were both the same: the two-sided probability of the exact binomial
 * test (sign test). Ties say nothing and are left out. 1 where nothing was judged.
 */
export function chance({ first, second }: Tally): number {
  const n = first + second;
  const more = Math.max(first, second);
  if (n === 0 || first === second) return 1;
  // In logarithms: a half to the power of some thousands is no number any more.
  let term = -n * Math.LN2;
  let tail = 0;
  for (let k = 0; k <= n; k++) {
    if (k >= more) tail += Math.exp(term);
    term += Math.log((n - k) / (k + 1));
  }
  return Math.min(1, 2 * tail);
}

const z = 1.959964;

/** Within which the share of the first lies, by the Wilson score interval at 95 %; ties are left out. */
export function wilson({ first, second }: Tally): [low: number, high: number] {
  const n = first + second;
  if (n === 0) return [0, 1];
  const share = first / n;
  const middle = (share + z ** 2 / (2 * n)) / (1 + z ** 2 / n);
  const half = (z / (1 + z ** 2 / n)) * Math.sqrt((share * (1 - share)) / n + z ** 2 / (4 * n ** 2));
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
