import type { Measured } from '../../model/facts.ts';

/** One drawing of a tqdm bar. */
export interface Bar {
  description: string;
  step: number;
  /** Null once the bar has run past its end (`9it [00:56, …]`). */
  total: number | null;
  /** Steps a second. */
  rate: number | null;
  /** Seconds that the bar has stood, and seconds left as it reckons; null where it cannot tell. */
  elapsed: number;
  left: number | null;
  postfix: [key: string, value: Measured][];
  /** Characters of the line up to the bar's counts: drawings of the same step begin with the same ones. */
  counts: number;
  /** Characters of the line that the bar takes; what follows is glued on. */
  length: number;
}

/** From the percent sign, or from the digits of a bar without an end, to the closing bracket. */
const bounded = /%\|[^|]*\| *(\d{1,15})\/(\d{1,15}) \[/y;
const unbounded = /(\d{1,15})it \[/y;
const times =
  /(\d[\d:]*)(?:<([\d:?]+))?(?:, +([\d.]+|\?) ?([A-Za-z]{1,20}\/s|s\/[A-Za-z]{1,20}))?(?:, ([^\]\r\n]*))?\]/y;
/** What stands before the numbers: nothing, or a description and a colon. */
const longestDescription = 60;

/** Reads the bar a line begins with; null for any other line, and for a bar that is not whole yet. */
export function readBar(line: string): Bar | null {
  const start = startOf(line);
  if (start === null) return null;
  const counts = start.percent === null ? match(unbounded, line, start.digits) : match(bounded, line, start.percent);
  if (counts === null) return null;
  const rest = match(times, line, counts.end);
  if (rest === null) return null;
  const [step, total] = counts.groups;
  const [elapsed, left, rate, unit, postfix] = rest.groups;
  const perSecond = rate === undefined || rate === '?' ? Number.NaN : Number(rate);
  const steps = unit?.startsWith('s/') ? 1 / perSecond : perSecond;
  return {
    description: start.description,
    step: Number(step),
    total: total === undefined ? null : Number(total),
    rate: Number.isFinite(steps) ? steps : null,
    elapsed: secondsOf(elapsed!),
    left: left === undefined || left.includes('?') ? null : secondsOf(left),
    postfix: postfix === undefined ? [] : readPostfix(postfix),
    counts: counts.end,
    length: rest.end,
  };
}

/** Whether the rest of a bar that stands in `text` from `at`, behind its counts, ends at `end`. */
export function barEndsAt(text: string, at: number, end: number): boolean {
  times.lastIndex = at;
  return times.test(text) && times.lastIndex === end;
}

/** A bar that could not be read whole is still no message. */
export function looksLikeBar(line: string): boolean {
  return startOf(line) !== null;
}

interface Start {
  description: string;
  /** Where the number stands that the bar begins with. */
  digits: number;
  /** Where the percent sign stands; null for a bar without an end. */
  percent: number | null;
}

function startOf(line: string): Start | null {
  const percent = line.indexOf('%|');
  const mark = percent >= 0 ? percent : line.indexOf('it [');
  if (mark <= 0) return null;
  let digits = mark;
  while (digits > 0 && isDigit(line.charCodeAt(digits - 1))) digits--;
  if (digits === mark || digits > longestDescription + 10) return null;
  const before = line.slice(0, digits).trim();
  if (before !== '' && (!before.endsWith(':') || before.length > longestDescription)) return null;
  return { description: before.slice(0, -1), digits, percent: percent >= 0 ? percent : null };
}

/** Thirty years: no bar stands longer, whatever digits a log holds. */
const longestSeconds = 1e9;

/** `12:34` or `1:02:03`. */
function secondsOf(text: string): number {
  let seconds = 0;
  let part = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isDigit(code)) part = part * 10 + code - 48;
    else {
      seconds = (seconds + part) * 60;
      part = 0;
    }
  }
  return Math.min(longestSeconds, seconds + part);
}

function isDigit(code: number): boolean {
  return code >= 48 && code <= 57;
}

function match(pattern: RegExp, line: string, at: number): { groups: (string | undefined)[]; end: number } | null {
  pattern.lastIndex = at;
  const found = pattern.exec(line);
  return found && { groups: found.slice(1), end: pattern.lastIndex };
}

function readPostfix(text: string): Bar['postfix'] {
  const values: Bar['postfix'] = [];
  for (const part of text.split(/, (?=[^,=]+[=:])/)) {
    const match = /^([^=:]{1,60}?)(?:=|: )\s*([-+]?(?:\d[\d.]*(?:e[-+]?\d+)?|nan|inf))$/i.exec(part.trim());
    if (match) values.push([match[1]!, measuredOf(match[2]!)]);
  }
  return values;
}

function measuredOf(text: string): Measured {
  if (/nan/i.test(text)) return 'NaN';
  if (/inf/i.test(text)) return text.startsWith('-') ? ('-Infinity' as Measured) : 'Infinity';
  const value = Number(text);
  return Number.isFinite(value) ? value : 'NaN';
}
