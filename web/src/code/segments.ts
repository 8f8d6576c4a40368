/** Lines of code in pieces: coloured by the grammar of their language, marked where words changed. */
import { diffWordsWithSpace } from 'diff';
import bash from 'highlight.js/lib/languages/bash';
import ini from 'highlight.js/lib/languages/ini';
import javascript from 'highlight.js/lib/languages/javascript';
import json from 'highlight.js/lib/languages/json';
import python from 'highlight.js/lib/languages/python';
import yaml from 'highlight.js/lib/languages/yaml';
import { createLowlight } from 'lowlight';

export interface Segment {
  text: string;
  className: string;
  /** It is what changed within the line. */
  marked: boolean;
}

const lowlight = createLowlight({ bash, ini, javascript, json, python, yaml });
const languages: Readonly<Record<string, string>> = {
  py: 'python',
  toml: 'ini',
  cfg: 'ini',
  ini: 'ini',
  json: 'json',
  yaml: 'yaml',
  yml: 'yaml',
  sh: 'bash',
  bash: 'bash',
  zsh: 'bash',
  js: 'javascript',
  mjs: 'javascript',
  ts: 'javascript',
};
/** A longer line is data, and colouring it would take too long. */
const longestLine = 2000;

export function languageOf(path: string): string | null {
  return languages[/\.(\w+)$/.exec(path)?.[1]?.toLowerCase() ?? ''] ?? null;
}

const tones: Readonly<Record<string, string>> = {
  'hljs-keyword': 'text-[var(--series-4)]',
  'hljs-literal': 'text-[var(--series-4)]',
  'hljs-string': 'text-[var(--series-3)]',
  'hljs-number': 'text-[var(--series-2)]',
  'hljs-comment': 'text-ink-3 italic',
  'hljs-title': 'text-[var(--series-1)]',
  'hljs-attr': 'text-[var(--series-1)]',
  'hljs-built_in': 'text-[var(--series-7)]',
  'hljs-section': 'text-[var(--series-1)] font-medium',
  'hljs-meta': 'text-[var(--series-5)]',
};

interface Node {
  type: string;
  value?: string;
  properties?: { className?: unknown };
  children?: Node[];
}

/** One line, coloured. */
export function coloured(line: string, language: string | null, longest = longestLine): Segment[] {
  if (language === null || line.length > longest) return [{ text: line, className: '', marked: false }];
  const segments: Segment[] = [];
  const walk = (node: Node, className: string) => {
    if (node.type === 'text' && node.value) segments.push({ text: node.value, className, marked: false });
    const names = node.properties?.className;
    const own = Array.isArray(names) ? names.map((name) => tones[String(name)]).find(Boolean) : undefined;
    for (const child of node.children ?? []) walk(child, own ?? className);
  };
  walk(lowlight.highlight(language, line) as Node, '');
  return segments;
}

/**
 * Lines that follow each other, coloured as one text: a string or a comment may go over several of them. Each keeps its
 * own text.
 */
export function colouredLines(lines: readonly string[], language: string | null): Segment[][] {
  if (language === null || lines.some(({ length }) => length > longestLine)) {
    return lines.map((line) => coloured(line, language));
  }
  const result: Segment[][] = [[]];
  for (const segment of coloured(lines.join('\n'), language, Number.POSITIVE_INFINITY)) {
    for (const [at, text] of segment.text.split('\n').entries()) {
      if (at > 0) result.push([]);
      if (text !== '') result.at(-1)?.push({ ...segment, text });
    }
  }
  return result;
}

/** So many lines are looked at, and so many for each of them. */
const mostPaired = 200;
/** Of all their words, how many two lines share at least to be one line that changed. */
const leastShared = 0.4;

/** Which removed line became which added one, in order: by the words that they share. */
export function pairedLines(removed: readonly string[], added: readonly string[]): [removed: number, added: number][] {
  const pairs: [number, number][] = [];
  let from = 0;
  for (const [at, line] of removed.slice(0, mostPaired).entries()) {
    let best: { index: number; shared: number } | null = null;
    for (let index = from; index < Math.min(added.length, from + mostPaired); index++) {
      const shared = sharedWords(line, added[index] ?? '');
      if (shared >= leastShared && shared > (best?.shared ?? 0)) best = { index, shared };
      if (best && best.shared > 0.99) break;
    }
    if (!best) continue;
    pairs.push([at, best.index]);
    from = best.index + 1;
  }
  return pairs;
}

/** Between 0 and 1: twice the common words over all of both. */
function sharedWords(before: string, after: string): number {
  const [one, other] = [before, after].map((line) => line.slice(0, longestLine).match(/\w+/g) ?? []);
  if (!one || !other || one.length + other.length === 0) return 0;
  const left = new Map<string, number>();
  for (const word of one) left.set(word, (left.get(word) ?? 0) + 1);
  let common = 0;
  for (const word of other) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    common++;
  }
  return (2 * common) / (one.length + other.length);
}

/** Where two lines differ, by words: spans in UTF-16 units of the one and the other. */
export function changedSpans(before: string, after: string): { before: [number, number][]; after: [number, number][] } {
  const spans = { before: [] as [number, number][], after: [] as [number, number][] };
  if (before.length + after.length > 2 * longestLine) return spans;
  let [b, a] = [0, 0];
  let common = 0;
  for (const { value, added, removed } of diffWordsWithSpace(before, after)) {
    if (added) spans.after.push([a, a + value.length]);
    else if (removed) spans.before.push([b, b + value.length]);
    else if (value.trim() !== '') common += value.length;
    if (!removed) a += value.length;
    if (!added) b += value.length;
  }
  // Lines that have next to nothing in common are other lines: marks would only flicker.
  return common * 4 < Math.min(before.length, after.length) ? { before: [], after: [] } : spans;
}

/** Cuts segments where spans begin and end, and marks those within. */
export function marked(segments: readonly Segment[], spans: readonly (readonly [number, number])[]): Segment[] {
  if (spans.length === 0) return [...segments];
  const result: Segment[] = [];
  let at = 0;
  for (const segment of segments) {
    const end = at + segment.text.length;
    const cuts = spans.flat().filter((cut) => cut > at && cut < end);
    let from = at;
    for (const to of [...cuts, end]) {
      const inside = spans.some(([begin, stop]) => from >= begin && to <= stop);
      result.push({ ...segment, text: segment.text.slice(from - at, to - at), marked: inside });
      from = to;
    }
    at = end;
  }
  return result;
}
