/** How Python reads and writes values, as far as argparse and `str()` need it. */
import type { ConfigValue } from '../../model/facts.ts';

/** `int(text)`, or undefined where Python raises ValueError. Beyond 2^53: `int:` and the digits. */
export function pythonInt(text: string): ConfigValue | undefined {
  const trimmed = text.trim();
  if (!/^[+-]?\d+(?:_\d+)*$/.test(trimmed)) return undefined;
  const digits = trimmed.replaceAll('_', '').replace(/^\+/, '');
  const value = Number(digits);
  return Number.isSafeInteger(value) ? value : `int:${digits}`;
}

/** `float(text)`; NaN and infinities as the strings of that name. */
export function pythonFloat(text: string): ConfigValue | undefined {
  const trimmed = text.trim();
  const special = /^([+-]?)(nan|inf|infinity)$/i.exec(trimmed);
  if (special) return special[2]!.toLowerCase() === 'nan' ? 'NaN' : special[1] === '-' ? '-Infinity' : 'Infinity';
  const number = /^[+-]?(?:\d+(?:_\d+)*\.?(?:\d+(?:_\d+)*)?|\.\d+(?:_\d+)*)(?:e[+-]?\d+(?:_\d+)*)?$/i;
  if (!number.test(trimmed)) return undefined;
  const value = Number(trimmed.replaceAll('_', ''));
  return Number.isFinite(value) ? value : value < 0 ? '-Infinity' : 'Infinity';
}

/** sd-scripts' `int_or_float`: `0.1`, `100`, `10%`. */
export function intOrFloat(text: string): ConfigValue | undefined {
  if (!text.endsWith('%')) return pythonFloat(text);
  const percent = pythonFloat(text.slice(0, -1));
  return typeof percent === 'number' ? percent / 100 : percent;
}

/** What `str()` made of a value: `None`, `True`, `1e-05`, `[1, 2]`, `(512, 512)`; anything else stays text. */
export function fromPythonText(text: string): ConfigValue {
  if (text === 'None') return null;
  if (text === 'True') return true;
  if (text === 'False') return false;
  const sequence = /^[[(](.*)[\])]$/s.exec(text);
  if (sequence && text.length < 10_000) {
    const inner = sequence[1]!.trim().replace(/,$/, '');
    const parts = inner === '' ? [] : inner.split(',').map((part) => part.trim());
    if (parts.every((part) => /^(?:[-+.\w]+|'[^'"\\]*')$/.test(part))) {
      return parts.map((part) => (part.startsWith("'") ? part.slice(1, -1) : fromPythonText(part)));
    }
  }
  return pythonInt(text) ?? pythonFloat(text) ?? text;
}
