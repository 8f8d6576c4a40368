/**
 * Exponential moving average with its bias at the start taken out, as TensorBoard smooths. NaN and infinities are passed
 * over and stay gaps.
 *
 * @param weight of what came before, from 0 (nothing is smoothed) to below 1
 */
export function smooth(values: ArrayLike<number | null>, weight: number): (number | null)[] {
  const smoothed: (number | null)[] = new Array(values.length);
  let last = 0;
  let count = 0;
  for (let i = 0; i < values.length; i++) {
    const value = values[i];
    if (value === null || value === undefined || !Number.isFinite(value)) {
      smoothed[i] = null;
      continue;
    }
    last = last * weight + (1 - weight) * value;
    count++;
    smoothed[i] = weight === 0 ? value : last / (1 - weight ** count);
  }
  return smoothed;
}
