/** Parsed values of any of the formats as the values that facts can hold. */
import type { ConfigValue } from '../../model/facts.ts';

/** Nesting beyond this is no configuration. */
export const maximumDepth = 64;

/** @throws RangeError when nested deeper than `maximumDepth` */
export function plainValue(value: unknown, depth = 0): ConfigValue {
  if (depth > maximumDepth) throw new RangeError(`it is nested deeper than ${maximumDepth} levels`);
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return value;
    case 'number':
      return Number.isFinite(value) ? value : String(value);
    case 'bigint':
      return Number.isSafeInteger(Number(value)) ? Number(value) : `int:${value}`;
    case 'object':
      return value === null ? null : plainObject(value, depth);
    default:
      return null;
  }
}

function plainObject(value: object, depth: number): ConfigValue {
  if (value instanceof Date) return isoText(value);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map((each) => plainValue(each, depth + 1));
  if (value instanceof Set) return [...value].map((each) => plainValue(each, depth + 1));
  const result: Record<string, ConfigValue> = {};
  for (const [key, each] of value instanceof Map ? value : Object.entries(value)) {
    // Assignment to `__proto__` would change the prototype instead of adding a key.
    Object.defineProperty(result, String(key), {
      value: plainValue(each, depth + 1),
      enumerable: true,
      configurable: true,
      writable: true,
    });
  }
  return result;
}

/** smol-toml dates keep what the document left out (a date alone, a time alone, no zone). */
function isoText(date: Date): string {
  return Number.isNaN(date.getTime()) ? String(date) : date.toISOString();
}
