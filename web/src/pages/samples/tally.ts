/** What a blind test says: how often the one was preferred, and how likely chance alone would have said as much. */
export interface Tally {
  first: number;
  second: number;
  ties: number;
}

/**
 * How sure it is that the one preferred more often is the better one: 1 less the two-sided probability of a result as far
 * from even, were both the same (binomial sign test; ties say nothing and are left out).
 */
export function confidence({ first, second }: Tally): number {
  const n = first + second;
  const more = Math.max(first, second);
  if (n === 0 || first === second) return 0;
  let tail = 0;
  let term = 0.5 ** n;
  for (let k = 0; k <= n; k++) {
    if (k >= more) tail += term;
    term *= (n - k) / (k + 1);
  }
  return Math.max(0, 1 - Math.min(1, 2 * tail));
}

/** An order that nobody can foresee. @param random gives numbers from 0 to below 1 */
export function shuffled<T>(items: readonly T[], random: () => number = Math.random): T[] {
  const order = [...items];
  for (let last = order.length - 1; last > 0; last--) {
    const at = Math.floor(random() * (last + 1));
    [order[last], order[at]] = [order[at] as T, order[last] as T];
  }
  return order;
}
