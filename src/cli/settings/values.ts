/** Values of the settings file: what each kind takes, and what it says of one it cannot take. */
import type { ConfigValue } from '../../model/facts.ts';

/** Thrown by what reads a value: what it takes instead. */
class Misfit extends Error {}

export type Read<T> = (value: ConfigValue) => T;

export const text: Read<string> = (value) => {
  if (typeof value === 'string') return value;
  throw new Misfit('a text in quotes');
};

export const flag: Read<boolean> = (value) => {
  if (typeof value === 'boolean') return value;
  throw new Misfit('true or false');
};

export function atLeast(least: number): Read<number> {
  return (value) => {
    if (typeof value === 'number' && value >= least) return value;
    throw new Misfit(`a number, ${least} or more`);
  };
}

export function oneOf<T extends string>(words: readonly T[]): Read<T> {
  return (value) => {
    if (words.includes(value as T)) return value as T;
    throw new Misfit(words.map((word) => JSON.stringify(word)).join(', '));
  };
}

export function listOf<T extends string>(words: readonly T[]): Read<T[]> {
  return (value) => {
    if (Array.isArray(value) && value.every((each) => words.includes(each as T))) return [...new Set(value as T[])];
    throw new Misfit(`a list of ${words.map((word) => JSON.stringify(word)).join(', ')}`);
  };
}

export const argv: Read<string[]> = (value) => {
  const fits = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
  if (fits && value[0] !== '') return value as string[];
  throw new Misfit('a list of texts, the program first: ["/usr/local/bin/tell", "--loud"]');
};

export const headers: Read<Record<string, string>> = (value) => {
  const fits =
    value !== null &&
    typeof value === 'object' &&
    Object.entries(value).every(
      ([name, each]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && typeof each === 'string' && !/[\r\n\0]/.test(each),
    );
  if (fits && !Array.isArray(value)) return value as Record<string, string>;
  throw new Misfit('a table of texts: { Authorization = "Bearer …" }');
};

export const webAddress: Read<string> = (value) => {
  const url = typeof value === 'string' ? URL.parse(value) : null;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return value as string;
  throw new Misfit('an address that begins with https:// or http://');
};

const units: Record<string, number> = { B: 1, kB: 1e3, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 };
const binaryUnits: Record<string, number> = { KiB: 2 ** 10, MiB: 2 ** 20, GiB: 2 ** 30, TiB: 2 ** 40 };

/** `"500 MB"`, `"20 MiB"`, or a number of bytes. */
export const bytes: Read<number> = (value) => {
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return value;
  const match = typeof value === 'string' ? /^(\d{1,16}(?:\.\d{1,6})?) ?([kKMGT]?i?B)$/.exec(value) : null;
  const unit = match && ({ ...units, ...binaryUnits }[match[2]!] ?? null);
  const size = match && unit ? Math.round(Number(match[1]) * unit) : Number.NaN;
  if (Number.isSafeInteger(size)) return size;
  throw new Misfit('a size such as "500 MB", "20 MiB" or "2 GB", or a number of bytes');
};

/** The shortest of the forms that `bytes` reads as just so many. */
export function sizeText(size: number): string {
  const exact = Object.entries({ ...binaryUnits, ...units })
    .filter(([name, unit]) => name !== 'KB' && size >= unit && size % unit === 0)
    .sort((a, b) => b[1] - a[1]);
  const decimal = exact.find(([name, unit]) => name in units && size / unit < 1e4);
  const [name, unit] = decimal ?? exact[0] ?? ['B', 1];
  return `${size / unit} ${name}`;
}
