/** Where values stand on an axis, and the round numbers beside it. */

export interface Scale {
  min: number;
  max: number;
  log: boolean;
  /** 0 at `min`, 1 at `max`; NaN for what has no place (a logarithm of 0). */
  place(value: number): number;
}

/** @param log falls back to a linear scale where something is not above 0 */
export function makeScale(least: number, greatest: number, log = false): Scale {
  let [min, max] = least <= greatest ? [least, greatest] : [greatest, least];
  if (!Number.isFinite(min) || !Number.isFinite(max)) [min, max] = [0, 1];
  const isLog = log && min > 0;
  if (min === max) {
    const room = isLog ? 0 : Math.abs(min) / 10 || 1;
    [min, max] = isLog ? [min / 2, max * 2] : [min - room, max + room];
    // Not beyond what numbers reach.
    min = Math.max(min, isLog ? Number.MIN_VALUE : -Number.MAX_VALUE);
    max = Math.min(max, Number.MAX_VALUE);
  }
  if (!isLog) return { min, max, log: false, place: (value) => (value - min) / (max - min) };
  const [low, high] = [Math.log(min), Math.log(max)];
  return {
    min,
    max,
    log: true,
    place: (value) => (value > 0 ? (Math.log(value) - low) / (high - low) : Number.NaN),
  };
}

/** Round values within the scale, ascending, about as many as asked for and never more than twice as many. */
export function ticksOf(scale: Scale, wanted: number): number[] {
  const count = Math.max(1, wanted);
  if (scale.log) {
    const decades = Math.log10(scale.max / scale.min);
    for (const digits of decades >= count ? [[1]] : [[1], [1, 3], [1, 2, 5]]) {
      const found = logTicks(scale, digits, Math.max(1, Math.ceil(decades / count)));
      if (found.length >= Math.max(2, count / 2)) return found.slice(0, count * 2);
    }
  }
  for (let finer = count; finer < count * 4; finer++) {
    const found = linearTicks(scale, finer);
    if (found.length > 0) return found;
  }
  return linearTicks(scale, count * 4);
}

function logTicks({ min, max }: Scale, digits: readonly number[], every: number): number[] {
  const found: number[] = [];
  for (let power = Math.floor(Math.log10(min)); power <= Math.ceil(Math.log10(max)); power++) {
    if (power % every !== 0) continue;
    for (const digit of digits) {
      const value = Number(`${digit}e${power}`);
      if (value >= min && value <= max) found.push(value);
    }
  }
  return found;
}

function linearTicks({ min, max }: Scale, count: number): number[] {
  const rough = (max - min) / count;
  const power = Math.floor(Math.log10(rough));
  const digit = [1, 2, 5, 10].find((each) => each * 10 ** power >= rough * 0.999) ?? 10;
  // By whole multiples, so that 3 × 0.1 is 0.3.
  const unit = 10 ** Math.abs(power);
  const value = (at: number) => (power < 0 ? (at * digit) / unit : at * digit * unit);
  const first = Math.ceil(min / value(1) - 1e-9);
  const found: number[] = [];
  for (let at = first; value(at) <= max + value(1) * 1e-9 && found.length < count * 2; at++) found.push(value(at) + 0);
  return found;
}

/** `0.08`, `1e-4`, `12k`, `1.5M`: as short as tells it apart from its neighbours. */
export function tickText(value: number): string {
  const size = Math.abs(value);
  if (size === 0) return '0';
  const short = (number: number) => String(Number(number.toPrecision(6)));
  if (size >= 1e15 || size < 1e-3) return Number(value.toPrecision(6)).toExponential().replace('e+', 'e');
  if (size >= 1e9) return `${short(value / 1e9)}G`;
  if (size >= 1e6) return `${short(value / 1e6)}M`;
  if (size >= 1e4) return `${short(value / 1e3)}k`;
  return short(value);
}
