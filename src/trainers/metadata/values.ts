/** Metadata are texts that Python's `str()` made. */
import type { ConfigValue } from '../../model/facts.ts';

/** `"None"`, `"True"`, `"1e-05"`, `"[1, 2]"` as values; what reads like nothing of the kind stays text. */
export function pythonValue(text: string): ConfigValue {
  if (text === 'None') return null;
  if (text === 'True' || text === 'False') return text === 'True';
  if (/^[-+]?(?:\d{1,15}|\d*\.\d+|\d+\.?\d*e[-+]?\d+)$/i.test(text.slice(0, 64)) && text.length <= 64)
    return Number(text);
  return text;
}

export function textOf(value: string | undefined): string | null {
  return value === undefined || value === '' || value === 'None' ? null : value;
}

export function countOf(value: unknown): number | null {
  const number = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) && number >= 0 ? number : null;
}

/** Seconds since 1970, as Python's `time.time()`, to ISO 8601. */
export function instantOf(value: string | undefined): string | null {
  const seconds = value !== undefined && /^\d{9,11}(?:\.\d{0,20})?$/.test(value) ? Number(value) : Number.NaN;
  return Number.isFinite(seconds) ? new Date(seconds * 1000).toISOString() : null;
}

export function jsonObject(text: string | undefined): Record<string, unknown> | null {
  const value = json(text);
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

export function jsonObjects(text: string | undefined): Record<string, unknown>[] {
  const value = json(text);
  return Array.isArray(value) ? value.filter((each) => typeof each === 'object' && each !== null) : [];
}

function json(text: string | undefined): unknown {
  try {
    return text === undefined ? null : JSON.parse(text);
  } catch {
    return null;
  }
}
