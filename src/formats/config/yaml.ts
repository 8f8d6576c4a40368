/** YAML as PyYAML reads it: version 1.1, merge keys, the last of two equal keys counts. */
import { isAlias, isMap, isScalar, isSeq, LineCounter, type Node, parseDocument, type Tags } from 'yaml';
import { keyPath, type Places } from './places.ts';

/** An anchor may be used this often; enough for every configuration, too few for a bomb. */
const maximumAliases = 100;

/** @throws YAMLParseError with a line in its message; RangeError when nested too deeply for the parser */
export function parseYaml(text: string): Places & { value: unknown } {
  const counter = new LineCounter();
  const document = parseDocument(text, {
    version: '1.1',
    intAsBigInt: true,
    uniqueKeys: false,
    lineCounter: counter,
    logLevel: 'silent',
    customTags: withoutLetters,
  });
  const error = document.errors[0];
  if (error !== undefined) throw error;
  const lines = new Map<string, number>();
  collect(document.contents, '', lines, counter);
  return { value: document.toJS({ maxAliasCount: maximumAliases, mapAsMap: true }), lines, refused: null };
}

/** YAML 1.1 takes the letters `y` and `n` for booleans, PyYAML does not. */
function withoutLetters(tags: Tags): Tags {
  return tags.map((tag) => {
    if (typeof tag === 'string' || tag.tag !== 'tag:yaml.org,2002:bool' || !('test' in tag)) return tag;
    const test = tag.test?.test('y')
      ? /^(?:[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/
      : /^(?:[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/;
    return { ...tag, test } as typeof tag;
  });
}

function collect(node: unknown, path: string, lines: Map<string, number>, counter: LineCounter): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      const name = isScalar(key) ? String(key.value) : null;
      if (name === null) continue;
      const inner = keyPath(path, name);
      const start = (key as Node).range?.[0];
      if (start !== undefined) lines.set(inner, counter.linePos(start).line);
      if (!isAlias(value)) collect(value, inner, lines, counter);
    }
  } else if (isSeq(node)) {
    node.items.forEach((item, index) => {
      const inner = `${path}[${index}]`;
      const start = (item as Node | null)?.range?.[0];
      if (isMap(item) && start !== undefined) lines.set(inner, counter.linePos(start).line);
      collect(item, inner, lines, counter);
    });
  }
}
