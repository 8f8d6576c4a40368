/** How numbers, times and sizes read in the chosen language. Instants are ISO 8601 in UTC. */
import i18next from 'i18next';

const language = () => i18next.language || 'en';
const cache = new Map<string, unknown>();

/** Making a formatter costs more than using it a hundred times. */
function kept<T>(key: string, make: (language: string) => T): T {
  const full = `${language()} ${key}`;
  let found = cache.get(full) as T | undefined;
  if (found === undefined) {
    found = make(language());
    cache.set(full, found);
  }
  return found;
}

/** A measured value as a person reads it: four digits, `1.2e-5` where it is small; NaN and infinities by name. */
export function value(of: number | string | null | undefined, digits = 4): string {
  if (of === null || of === undefined) return '';
  if (typeof of === 'string') return of;
  if (!Number.isFinite(of)) return String(of);
  const size = Math.abs(of);
  if (size !== 0 && (size < 1e-3 || size >= 1e7)) return of.toExponential(digits - 1).replace(/\.?0+e/, 'e');
  const format = kept(`value ${digits}`, (each) => new Intl.NumberFormat(each, { maximumSignificantDigits: digits }));
  return format.format(of);
}

export function integer(of: number): string {
  return kept('integer', (each) => new Intl.NumberFormat(each, { maximumFractionDigits: 0 })).format(of);
}

export function percent(fraction: number): string {
  return kept('percent', (each) => new Intl.NumberFormat(each, { style: 'percent', maximumFractionDigits: 0 })).format(
    fraction,
  );
}

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;

/** Decimal units, as file managers and `spoor` show them. */
export function bytes(of: number | null | undefined, digits = 3): string {
  if (of === null || of === undefined) return '';
  const power = of < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(of) / 3));
  const unit = units[power] ?? 'byte';
  const format = kept(
    `bytes ${unit} ${digits}`,
    (each) =>
      new Intl.NumberFormat(each, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'byte' ? 'narrow' : 'short',
        maximumSignificantDigits: digits,
      }),
  );
  return format.format(of / 1000 ** power);
}

/** `1:04:09`, `12:30`, `0:07`. @param seconds not negative */
export function clock(seconds: number): string {
  const whole = Math.round(seconds);
  const [h, m, s] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  const two = (part: number) => String(part).padStart(2, '0');
  return h > 0 ? `${h}:${two(m)}:${two(s)}` : `${m}:${two(s)}`;
}

/** How long something took, in at most two units: `2 h 5 min`. @param seconds not negative */
export function duration(seconds: number): string {
  const parts: [number, 'day' | 'hour' | 'minute' | 'second'][] = [
    [Math.floor(seconds / 86_400), 'day'],
    [Math.floor(seconds / 3600) % 24, 'hour'],
    [Math.floor(seconds / 60) % 60, 'minute'],
    [Math.floor(seconds) % 60, 'second'],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown =
    first < 0 ? parts.slice(-1) : parts.slice(first, first + 2).filter(([count], i) => i === 0 || count > 0);
  return shown
    .map(([count, unit]) =>
      kept(
        `duration ${unit}`,
        (each) => new Intl.NumberFormat(each, { style: 'unit', unit, unitDisplay: 'narrow' }),
      ).format(count),
    )
    .join(' ');
}

/** `5 minutes ago`, `yesterday`; beyond a week the date. */
export function ago(instant: string, now = Date.now()): string {
  const seconds = (Date.parse(instant) - now) / 1000;
  const size = Math.abs(seconds);
  const format = kept('ago', (each) => new Intl.RelativeTimeFormat(each, { numeric: 'auto' }));
  if (size < 45) return format.format(0, 'second');
  if (size < 45 * 60) return format.format(Math.round(seconds / 60), 'minute');
  if (size < 22 * 3600) return format.format(Math.round(seconds / 3600), 'hour');
  if (size < 7 * 86_400) return format.format(Math.round(seconds / 86_400), 'day');
  return day(instant);
}

export function day(instant: string): string {
  return kept('day', (each) => new Intl.DateTimeFormat(each, { dateStyle: 'medium' })).format(new Date(instant));
}

/** `14:03:09`. */
export function timeOfDay(instant: string): string {
  return kept('time', (each) => new Intl.DateTimeFormat(each, { timeStyle: 'medium' })).format(new Date(instant));
}

export function moment(instant: string): string {
  return kept('moment', (each) => new Intl.DateTimeFormat(each, { dateStyle: 'medium', timeStyle: 'medium' })).format(
    new Date(instant),
  );
}

/** A point of a curve, by the unit that its tag has (`src/follow/machine`: bytes, °C, W, %). */
export function measure(tag: string, of: number, digits?: number): string {
  if (/^machine\/.*(?:memory|memory-total|disk-free)$/.test(tag)) return bytes(of, digits);
  if (tag.endsWith('/temperature')) return `${value(of, digits)} °C`;
  if (tag.endsWith('/power')) return `${value(of, digits)} W`;
  if (tag === 'machine/cpu' || tag.endsWith('/utilisation')) return `${value(of, digits)} %`;
  return value(of, digits);
}

/** Marks of an axis: with as many digits as they need. */
export function measures(tag: string, marks: readonly number[]): string[] {
  const least = Math.max(...marks.map(Math.abs)) * 1e-9;
  const isExact = (digits: number) => marks.every((each) => Math.abs(Number(each.toPrecision(digits)) - each) <= least);
  const digits = [2, 3, 4, 5, 6, 7, 8].find(isExact) ?? 9;
  return marks.map((each) => measure(tag, each, digits));
}
