/**
 * The part of TOML that a flat `--config_file` uses: sections (whose names sd-scripts ignores), and
 * keys with a string, number, boolean or one-line array of these.
 */
import { PythonError } from './failure.mjs';

/** @typedef {string | number | boolean} Scalar */
/** @typedef {Scalar | Scalar[]} Value */

const scalar = /"(?:[^"\\]|\\.)*"|'[^']*'|[^\s,#\][]+/y;

/**
 * All keys of all sections in one map; a later one wins.
 * @param {string} text
 * @param {string} path for messages
 * @returns {Map<string, Value>}
 */
export function parseFlatToml(text, path) {
  const values = new Map();
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    const fail = () => {
      throw new PythonError('toml.decoder.TomlDecodeError', `${path}, line ${index + 1}: cannot read ${line.trim()}`);
    };
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#')) continue;
    if (/^\[[^[\]]+\]\s*(#.*)?$/.test(trimmed)) continue;
    const match = /^\s*("[^"]+"|[\w-]+)\s*=\s*(?=\S)/.exec(line);
    const [written = '', key = ''] = match ?? fail();
    const [value, rest] = readValue(line.slice(written.length), fail);
    if (!/^\s*(#.*)?$/.test(rest)) fail();
    values.set(key.replaceAll('"', ''), value);
  }
  return values;
}

/**
 * @param {string} text from the value on
 * @param {() => never} fail
 * @returns {[Value, string]} the value and what follows it
 */
function readValue(text, fail) {
  if (!text.startsWith('[')) return readScalar(text, fail);
  /** @type {Scalar[]} */
  const items = [];
  let rest = text.slice(1).trimStart();
  while (!rest.startsWith(']')) {
    const [item, after] = readScalar(rest, fail);
    items.push(item);
    rest = after.trimStart();
    if (rest.startsWith(',')) rest = rest.slice(1).trimStart();
    else if (!rest.startsWith(']')) fail();
  }
  return [items, rest.slice(1)];
}

/**
 * @param {string} text
 * @param {() => never} fail
 * @returns {[Scalar, string]}
 */
function readScalar(text, fail) {
  scalar.lastIndex = 0;
  const token = scalar.exec(text)?.[0] ?? fail();
  const rest = text.slice(token.length);
  if (token.startsWith("'")) return [token.slice(1, -1), rest];
  if (token === 'true' || token === 'false') return [token === 'true', rest];
  try {
    if (token.startsWith('"')) return [/** @type {string} */ (JSON.parse(token)), rest];
  } catch {
    fail();
  }
  if (/^[+-]?(inf|nan)$/.test(token)) return [Number(token.replace('inf', 'Infinity').replace('nan', 'NaN')), rest];
  if (!/^[+-]?\d[\d_]*(\.[\d_]+)?([eE][+-]?\d+)?$/.test(token)) fail();
  return [Number(token.replaceAll('_', '')), rest];
}
