/**
 * Values as Python's `str()` and `json.dumps()` write them, which is how sd-scripts puts them into a
 * checkpoint's metadata.
 */

/** A number that Python holds as `float`: `1.0`, not `1`. */
export class Float {
  /** @param {number} value */
  constructor(value) {
    this.value = value;
  }
}

/**
 * `repr` of a Python float: shortest digits that read back the same, exponent form below 1e-4 and from 1e16.
 * @param {number} value
 */
export function floatText(value) {
  if (Number.isNaN(value)) return 'nan';
  if (!Number.isFinite(value)) return value > 0 ? 'inf' : '-inf';
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-4 || size >= 1e16)) {
    return value.toExponential().replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return Number.isInteger(value) ? `${value}.0` : String(value);
}

/**
 * Python's `str()`.
 * @param {unknown} value a Float, number (taken as int), string, boolean, null or undefined (both None), or array (a tuple)
 * @returns {string}
 */
export function str(value) {
  if (value === null || value === undefined) return 'None';
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value instanceof Float) return floatText(value.value);
  if (Array.isArray(value)) return `(${value.map(str).join(', ')})`;
  return String(value);
}

/**
 * Python's `json.dumps()`: a space after colon and comma, everything beyond ASCII escaped.
 * @param {unknown} value
 * @returns {string}
 */
export function dumps(value) {
  if (value instanceof Float) return floatText(value.value);
  if (Array.isArray(value)) return `[${value.map(dumps).join(', ')}]`;
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).map(([key, item]) => `${dumps(key)}: ${dumps(item)}`);
    return `{${entries.join(', ')}}`;
  }
  return JSON.stringify(value ?? null).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * Python's `'{:.3g}'`, as tqdm shows numbers: three significant digits, no trailing zeros.
 * @param {number} value
 */
export function threeDigits(value) {
  if (!Number.isFinite(value)) return floatText(value);
  if (value === 0) return '0';
  const exponent = Number(value.toExponential(2).split('e')[1]);
  if (exponent < -4 || exponent >= 3) {
    return value
      .toExponential(2)
      .replace(/\.?0+e/, 'e')
      .replace(/e([+-])(\d)$/, 'e$10$2');
  }
  return String(Number(value.toPrecision(3)));
}
