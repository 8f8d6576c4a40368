const seconds: Record<string, number> = { s: 1, m: 60, min: 60, h: 3600, d: 86_400, w: 604_800 };

/** `90s`, `15m`, `2h`, `1.5d`, `1w` in seconds; null for anything else. */
export function parseDuration(text: string): number | null {
  const [, count, unit] = /^(\d+(?:\.\d+)?)(s|m|min|h|d|w)$/.exec(text) ?? [];
  return count === undefined ? null : Number(count) * (seconds[unit as string] as number);
}

/**
 * A moment as people write it: `7d` (ago), `today`, `yesterday`, `2026-11`, `2026-11-01`,
 * `2026-11-01T14:30`, in local time unless a zone is given. ISO 8601 in UTC; null if it is none.
 */
export function parseMoment(text: string, now: Date): string | null {
  const ago = parseDuration(text);
  if (ago !== null) return inRange(new Date(now.getTime() - ago * 1000));
  if (text === 'now') return inRange(now);
  if (text === 'today') return inRange(new Date(now.getFullYear(), now.getMonth(), now.getDate()));
  if (text === 'yesterday') return inRange(new Date(now.getFullYear(), now.getMonth(), now.getDate() - 1));
  const [, year, month = '1', day = '1'] = /^(\d{4})(?:-(\d\d))?(?:-(\d\d))?$/.exec(text) ?? [];
  if (year !== undefined) {
    const date = new Date(Number(year), Number(month) - 1, Number(day));
    const real = date.getMonth() === Number(month) - 1 && date.getDate() === Number(day);
    return real ? inRange(date) : null;
  }
  const exact = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?$/.test(text);
  return exact ? inRange(new Date(text.replace(' ', 'T'))) : null;
}

/** Text of a fixed form, so that order of text is order of time. */
function inRange(date: Date): string | null {
  const time = date.getTime();
  if (Number.isNaN(time)) return null;
  return new Date(Math.min(Math.max(time, 0), 253_402_300_799_999)).toISOString();
}
