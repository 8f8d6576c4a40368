import type { BigIntStats } from 'node:fs';
import type { StampText } from '../model/later.ts';

/** What tells one version of a file from another, as text that survives JSON. */
export function stampOf(stats: BigIntStats): StampText {
  return {
    size: String(stats.size),
    mtimeNs: String(stats.mtimeNs),
    ctimeNs: String(stats.ctimeNs),
    ino: String(stats.ino),
    dev: String(stats.dev),
  };
}

/** Nothing at all happened to the file between the two. */
export function sameStamp(a: StampText, b: StampText): boolean {
  return sameContent(a, b) && a.ctimeNs === b.ctimeNs;
}

/** Nobody wrote it between the two; a `chmod`, a rename or a new hard link is not a write. */
export function sameContent(a: StampText, b: StampText): boolean {
  return a.size === b.size && a.mtimeNs === b.mtimeNs && a.ino === b.ino && a.dev === b.dev;
}

/** Milliseconds since 1970. */
export function modifiedMs(stamp: StampText): number {
  return Number(BigInt(stamp.mtimeNs) / 1_000_000n);
}

const lastInstantMs = Date.UTC(9999, 11, 31);

/** UTC, ISO 8601; null for times no calendar has. */
export function modifiedInstant(stamp: StampText): string | null {
  const ms = modifiedMs(stamp);
  return ms >= 0 && ms <= lastInstantMs ? new Date(ms).toISOString() : null;
}
