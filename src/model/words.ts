/** Quantities in words. */

/** `4.2 s`, `3 m 20 s`, `2 h 05 m`, `3 d 4 h`. @param milliseconds a duration, not negative */
export function duration(milliseconds: number): string {
  const seconds = Math.max(0, milliseconds) / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} m ${pad2(Math.floor(seconds % 60))} s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours} h ${pad2(minutes % 60)} m`;
  return `${Math.floor(hours / 24)} d ${hours % 24} h`;
}

/** A number as people of the field write it: `1e-4`, `0.05`, `2400`, `0.0712`. */
export function number(value: number): string {
  if (!Number.isFinite(value)) return String(value);
  if (Number.isInteger(value) && Math.abs(value) < 1e15) return String(value);
  const magnitude = Math.abs(value);
  if (magnitude > 0 && (magnitude < 1e-2 || magnitude >= 1e15)) return value.toExponential().replace('e+', 'e');
  return String(Number(value.toPrecision(6)));
}

const pad2 = (value: number) => String(value).padStart(2, '0');
