import { createRequire } from 'node:module';

export { duration, number } from '../model/words.ts';

// Loaded when first needed: Unicode's tables take 20 ms, which a trainer's start would wait for.
const load = createRequire(import.meta.url);
const stringWidth = (text: string): number => (load('string-width') as typeof import('string-width')).default(text);
const wrapAnsi = (text: string, width: number): string =>
  (load('wrap-ansi') as typeof import('wrap-ansi')).default(text, width, { hard: true });

/**
 * Text from the world, safe and honest on a terminal: control characters (which could move the
 * cursor, recolour or rename the window) and bidirectional overrides become visible escapes. Newlines too.
 */
export function visible(text: string): string {
  return text.replace(
    /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => {
      const named = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\u001b': '\\e' }[character];
      const code = character.codePointAt(0) ?? 0;
      return (
        named ?? (code < 256 ? `\\x${code.toString(16).padStart(2, '0')}` : `\\u${code.toString(16).padStart(4, '0')}`)
      );
    },
  );
}

/** As `visible`, keeping line breaks: for notes and other text of several lines. */
export function visibleLines(text: string): string[] {
  return text.replace(/\r\n?/g, '\n').split('\n').map(visible);
}

/** Letters of western languages and the punctuation, arrows and ticks of Spoor's own messages: one cell each. */
const oneCellEach = /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u2010-\u2027\u2190-\u21ff\u2212\u2264\u2265\u2713\u2717]*$/;

/** Terminal cells that a text takes; colours take none. */
export function cells(text: string): number {
  return oneCellEach.test(text) ? text.length : stringWidth(text);
}

let segmenter: Intl.Segmenter | undefined;

function segments(text: string): Iterable<Intl.SegmentData> {
  segmenter ??= new Intl.Segmenter();
  return segmenter.segment(text);
}

/** Cuts plain text to at most `width` terminal cells, ending in `…` where something was cut. */
export function truncate(text: string, width: number): string {
  if (cells(text) <= width) return text;
  if (width < 1) return '';
  return `${beginning(text, width - 1)}…`;
}

/** Cuts plain text in its middle, keeping more of its end: `/data/mod…/base.safetensors`. */
export function truncateMiddle(text: string, width: number): string {
  if (cells(text) <= width) return text;
  if (width < 8) return truncate(text, width);
  const left = Math.floor((width - 1) / 3);
  const backwards = [...segments(text)].reverse();
  let right = '';
  for (const { segment } of backwards) {
    if (cells(segment + right) > width - 1 - left) break;
    right = segment + right;
  }
  return `${beginning(text, left)}…${right}`;
}

function beginning(text: string, width: number): string {
  let cut = '';
  let used = 0;
  for (const { segment } of segments(text)) {
    used += cells(segment);
    if (used > width) break;
    cut += segment;
  }
  return cut;
}

/** Lines of at most `width` cells, broken between words, within words that are longer. Colours go on. */
export function wrap(text: string, width: number): string[] {
  return wrapAnsi(text, Math.max(1, width))
    .split('\n')
    .map((line) => line.trimEnd());
}

export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const space = ' '.repeat(Math.max(0, width - cells(text)));
  return side === 'left' ? space + text : text + space;
}

const pad2 = (value: number) => String(value).padStart(2, '0');

// Written out, because the first use of a locale costs 20 ms.
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** Local time: `14:05` today, `Nov 3 14:05` this year, `2025-11-03` before. */
export function when(instant: string, now: Date): string {
  const date = new Date(instant);
  const clock = `${pad2(date.getHours())}:${pad2(date.getMinutes())}`;
  if (date.toDateString() === now.toDateString()) return clock;
  const month = months[date.getMonth()];
  if (date.getFullYear() === now.getFullYear()) return `${month} ${date.getDate()} ${clock}`;
  return `${date.getFullYear()}-${pad2(date.getMonth() + 1)}-${pad2(date.getDate())}`;
}

/** `2026-11-03 14:05:12`, local time. */
export function fullTime(instant: string): string {
  const date = new Date(instant);
  const day = `${date.getFullYear()}-${pad2(date.getMonth() + 1)}-${pad2(date.getDate())}`;
  return `${day} ${pad2(date.getHours())}:${pad2(date.getMinutes())}:${pad2(date.getSeconds())}`;
}

/** `612 B`, `4.0 kB`, `6.9 GB`: powers of 1,000, as disks and hubs give them. */
export function size(bytes: number): string {
  const units = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${unit === 0 || value >= 99.5 ? Math.round(value) : value.toFixed(1)} ${units[unit]}`;
}

/** `590,088` */
export function grouped(count: number): string {
  return String(count).replace(/\B(?=(\d{3})+$)/g, ',');
}
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${grouped(count)} ${count === 1 ? one : many}`;
}

/** A text in which the user's home stands as `~` wherever a path begins with it. */
export function shortPaths(text: string, userHome: string): string {
  return userHome.length > 1 ? text.replaceAll(`${userHome}/`, '~/') : text;
}

/** A path with the user's home as `~`. */
export function shortPath(path: string, userHome: string): string {
  const short = path === userHome ? '~' : path.startsWith(`${userHome}/`) ? `~${path.slice(userHome.length)}` : path;
  return visible(short);
}
