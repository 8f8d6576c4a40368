/** A scale from values to places, with a few round ticks. In powers of ten where the values span more than a hundredfold. */
export interface Scale {
  at: (value: number) => number;
  ticks: number[];
}

export function ticksOf(values: readonly number[], from: number, to: number): Scale {
  const low = Math.min(...values);
  const high = Math.max(...values);
  const isLogarithmic = low > 0 && high / low > 100;
  const way = isLogarithmic ? Math.log10 : (value: number) => value;
  const spread = way(high) - way(low) || Math.abs(way(high));
  // Below that a step between ticks could not be told from nothing.
  const room = (spread > 1e-300 ? spread : 1) * 0.1;
  const [begin, end] = [way(low) - room, way(high) + room];
  const at = (value: number) => from + ((way(value) - begin) / (end - begin)) * (to - from);
  if (isLogarithmic) {
    const ticks: number[] = [];
    const every = Math.ceil((end - begin) / 8);
    for (let power = Math.ceil(begin); power <= end; power += every) ticks.push(10 ** power);
    return { at, ticks };
  }
  const rough = (end - begin) / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((each) => each * power).find((each) => each >= rough) ?? rough;
  const ticks: number[] = [];
  for (let k = Math.ceil(begin / step); k * step <= end; k++) ticks.push(Number((k * step).toPrecision(12)));
  return { at, ticks };
}
