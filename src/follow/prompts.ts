import { createHash } from 'node:crypto';
import type { Warning } from '../model/facts.ts';
import type { StampText } from '../model/later.ts';
import { openRegular, readFully } from './open-regular.ts';
import { modifiedInstant, sameStamp, stampOf } from './stamps.ts';

const maxBytes = 16 * 1024 * 1024;

export interface PromptsWatchOptions {
  /** Absolute; `.txt`, `.toml` or `.json`: the bytes are what counts. */
  path: string;
  /** SHA-256 of the version recorded last, at launch or since. */
  recorded: string | null;
  /** How long the file must not have changed before it is read; 2,000 ms. */
  settleMs?: number;
  /** Monotonic milliseconds. */
  clock?: () => number;
}

export interface PromptsVersion {
  path: string;
  content: Uint8Array;
  sha256: string;
  /** When it was written; UTC, ISO 8601. */
  modifiedAt: string | null;
}

export interface PromptsWatcher {
  /** The new version once it has settled; null while nothing changed. Nothing is read unless its stamp changed. */
  poll(): Promise<PromptsVersion | Warning | null>;
  /** Takes what stands there now, without waiting for it to settle. */
  finish(): Promise<PromptsVersion | Warning | null>;
}

/** sd-scripts reads the prompts again at every sampling, so each version of them may have made samples. */
export function watchPrompts(options: PromptsWatchOptions): PromptsWatcher {
  const { path, settleMs = 2_000, clock = () => performance.now() } = options;
  let recorded = options.recorded;
  let read: StampText | null = null;
  let sighting: { stamp: StampText; since: number } | null = null;

  async function look(ended: boolean): Promise<PromptsVersion | Warning | null> {
    const handle = await openRegular(path, 'follow');
    if (!handle) return null;
    try {
      const stamp = stampOf(await handle.stat({ bigint: true }));
      if (read && sameStamp(read, stamp)) return null;
      if (!sighting || !sameStamp(sighting.stamp, stamp)) sighting = { stamp, since: clock() };
      if (!ended && clock() - sighting.since < settleMs) return null;
      if (Number(stamp.size) > maxBytes) {
        read = stamp;
        return tooLarge(path, stamp);
      }
      const content = new Uint8Array(Number(stamp.size));
      await readFully(handle, content, 0);
      if (!sameStamp(stampOf(await handle.stat({ bigint: true })), stamp)) return null;
      read = stamp;
      const sha256 = createHash('sha256').update(content).digest('hex');
      if (sha256 === recorded) return null;
      recorded = sha256;
      return { path, content, sha256, modifiedAt: modifiedInstant(stamp) };
    } catch {
      return null;
    } finally {
      await handle.close();
    }
  }

  return { poll: () => look(false), finish: () => look(true) };
}

function tooLarge(path: string, stamp: StampText): Warning {
  const message = `${path}: ${stamp.size} bytes of prompts, more than the ${maxBytes} that are kept`;
  return { code: 'prompts-too-large', message, hint: 'Check that sample_prompts names the right file.' };
}
