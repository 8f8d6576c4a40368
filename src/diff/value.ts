import type { ConfigValue } from '../model/facts.ts';

/**
 * Whether two values mean the same to a trainer: nothing given is `null`, `false` or an empty list; a
 * list of one is not its element, numbers are equal by value, the order of an object's keys says nothing.
 */
export function sameValue(a: ConfigValue | undefined, b: ConfigValue | undefined): boolean {
  return isNothing(a) || isNothing(b) ? isNothing(a) && isNothing(b) : canonical(a!) === canonical(b!);
}

export function isNothing(value: ConfigValue | undefined): boolean {
  return value === undefined || value === null || value === false || (Array.isArray(value) && value.length === 0);
}

function canonical(value: ConfigValue): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (value !== null && typeof value === 'object') {
    const keys = Object.keys(value).sort();
    return `{${keys.map((key) => `${JSON.stringify(key)}:${canonical((value as Record<string, ConfigValue>)[key]!)}`).join()}}`;
  }
  // JSON has no minus zero.
  return JSON.stringify(value) ?? 'null';
}

/**
 * The parts of a list of `name=value` (`network_args`, `optimizer_args`), where the order says nothing
 * and the last of a name counts; null for any other value. Numbers in them are numbers.
 */
export function pairsOf(value: ConfigValue | undefined): Map<string, ConfigValue> | null {
  if (!Array.isArray(value) || value.length === 0) return null;
  const pairs = new Map<string, ConfigValue>();
  for (const each of value) {
    const match = typeof each === 'string' ? /^([A-Za-z_]\w*)=(.*)$/s.exec(each) : null;
    if (match === null) return null;
    pairs.set(match[1]!, numberOrText(match[2]!));
  }
  return pairs;
}

function numberOrText(text: string): number | string {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i.test(text) ? Number(text) : text;
}
