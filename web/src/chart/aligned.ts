/** Curves of places of their own over one axis, as uPlot wants them. */
interface Placed {
  /** Rises. */
  x: ArrayLike<number>;
  y: ArrayLike<number | null>;
}

/** All places, then of each curve its values there: nothing where it has no point, the last where it has several. */
export function aligned(curves: readonly Placed[]): [ArrayLike<number>, ...ArrayLike<number | null | undefined>[]] {
  const places = new Float64Array(curves.reduce((sum, { x }) => sum + x.length, 0));
  let length = 0;
  for (const { x } of curves) {
    places.set(x, length);
    length += x.length;
  }
  places.sort();
  let count = 0;
  for (let at = 0; at < length; at++) {
    const place = places[at] as number;
    if (count === 0 || place !== places[count - 1]) places[count++] = place;
  }
  const all = places.slice(0, count);
  return [all, ...curves.map((curve) => valuesAt(curve, all))];
}

function valuesAt({ x, y }: Placed, places: Float64Array): (number | null | undefined)[] {
  const values: (number | null | undefined)[] = new Array(places.length);
  let next = 0;
  for (let at = 0; at < places.length && next < x.length; at++) {
    if (x[next] !== places[at]) continue;
    while (x[next + 1] === places[at]) next++;
    values[at] = y[next++];
  }
  return values;
}
