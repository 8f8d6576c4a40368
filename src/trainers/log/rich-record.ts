/**
 * Log lines as `rich` lays them out: time (blank where it repeats), level, message, source at the
 * right edge; a message that is too long goes on in the same column of the next lines.
 */
const head = /^(?:\d{4}-\d\d-\d\d \d\d:\d\d:\d\d| {19}) (?:DEBUG|INFO|WARNING|ERROR|CRITICAL) +/;
const source = / +([\w.-]+\.(?:py|mjs):\d+) *$/;
/** Column where messages begin: 19 of the time, a blank, 8 of the level, a blank. */
const column = 29;
/** Characters of one message that are kept. */
const longest = 8 * 1024;

export interface RichRecord {
  message: string;
  /** Width of the message's column. */
  width: number;
  /** The last line filled the column, so the next goes on without a blank. */
  full: boolean;
}

export function beginRecord(line: string): RichRecord | null {
  const start = head.exec(line);
  if (start === null) return null;
  const place = source.exec(line);
  const width = place === null ? Number.POSITIVE_INFINITY : line.trimEnd().length - place[1]!.length - 1 - column;
  const message = (place === null ? line.slice(start[0].length) : line.slice(start[0].length, place.index)).trimEnd();
  return { message: message.slice(0, longest), width, full: message.length >= width };
}

/** Adds a line to the record if it continues it. */
export function continueRecord(record: RichRecord, line: string): boolean {
  if (!line.startsWith(' '.repeat(column - 9)) || head.test(line)) return false;
  const part = line.slice(column).trimEnd();
  if (part === '') return true;
  if (record.message.length < longest)
    record.message += `${record.full || record.message === '' ? '' : ' '}${part.trimStart()}`;
  record.full = part.length >= record.width;
  return true;
}
