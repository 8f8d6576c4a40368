/** Changes single values of a configuration file where they stand: comments, order and layout stay, byte for byte. */
import { parse } from 'smol-toml';
import { isMap, isScalar, isSeq, parseDocument } from 'yaml';
import type { ConfigFile } from '../../model/config-file.ts';
import { keyPath } from './places.ts';
import { tomlValues } from './toml-lines.ts';

export type Scalar = string | boolean;

/** @returns what shall stand there instead, or null to leave it */
export type ChangeValue = (path: string, value: Scalar) => Scalar | null;

interface Place {
  path: string;
  value: Scalar;
  start: number;
  end: number;
}

/**
 * Hands every text and every boolean of the file to `change`, with the path of its key
 * (`training.output_dir`, `network_args[0]`), and writes what it gives in that place.
 * @param text what `parseConfig` reads without an error; of anything else the result is undefined
 */
export function editConfig(text: string, format: ConfigFile['format'], change: ChangeValue): string {
  const places = format === 'toml' ? tomlScalars(text) : yamlScalars(text, format);
  let result = '';
  let end = 0;
  for (const place of places.sort((a, b) => a.start - b.start)) {
    const value = change(place.path, place.value);
    if (value === null || value === place.value) continue;
    result += text.slice(end, place.start) + written(value);
    end = place.end;
  }
  return result + text.slice(end);
}

/** JSON's strings are strings of YAML too, and of TOML but for one control character. */
function written(value: Scalar): string {
  return JSON.stringify(value).replaceAll('\u007f', '\\u007F');
}

function tomlScalars(text: string): Place[] {
  return [...tomlValues(text)].flatMap(([path, { start, end }]) => {
    const written = text.slice(start, end);
    if (written === 'true' || written === 'false') return { path, value: written === 'true', start, end };
    if (!/^["']/.test(written)) return [];
    return { path, value: parse(`value = ${written}`).value as string, start, end };
  });
}

function yamlScalars(text: string, format: 'yaml' | 'json'): Place[] {
  const document = parseDocument(text, {
    version: format === 'yaml' ? '1.1' : '1.2',
    uniqueKeys: false,
    logLevel: 'silent',
  });
  const places: Place[] = [];
  collect(document.contents, '', places);
  return places;
}

function collect(node: unknown, path: string, places: Place[]): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      if (isScalar(key)) collect(value, keyPath(path, String(key.value)), places);
    }
  } else if (isSeq(node)) {
    for (const [index, item] of node.items.entries()) collect(item, `${path}[${index}]`, places);
  } else if (isScalar(node) && node.range && (typeof node.value === 'string' || typeof node.value === 'boolean')) {
    places.push({ path, value: node.value, start: node.range[0], end: node.range[1] });
  }
}
