import { statSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import type { FamilyComparison } from '../../tracker/compare-family.ts';
import type { LaunchedRun } from '../../tracker/launch-run.ts';
import type { PreparedRun } from '../../tracker/prepare-run.ts';
import type { Recording } from '../../tracker/request.ts';
import { findingsOf, gradeWarnings } from '../../tracker/severity.ts';
import type { Context } from '../context.ts';
import { type Banner, bannerLines } from '../reporters/banner.ts';
import { plural, visible } from '../text.ts';

/**
 * Milliseconds for which a comparison is waited for: as long as the trainer has written something that
 * the display holds back, and as long as it has not. The trainer itself waits for nothing.
 */
const patience = { held: 250, silent: 2_000, look: 20 };
/** Milliseconds of the processor for reading earlier runs: the trainer is loading meanwhile and wants it too. */
const budget = 60;

/** What the launch is waited for with: whether the trainer has written something, and its end. */
export interface Waiting {
  hasWritten: () => boolean;
  ended: Promise<unknown>;
}

/**
 * Says on stderr what is recorded, what changed since the family's last run and what deserves a look:
 * at most six rows in one write, so that no bar of the trainer's is torn.
 *
 * @param recording null where nothing is recorded
 * @param waiting null where nothing is held back by a wait
 */
export async function tellLaunch(
  context: Context,
  prepared: PreparedRun,
  launched: Pick<LaunchedRun, 'warnings'>,
  recording: Recording | null,
  waiting: Waiting | null,
): Promise<void> {
  const { stderr } = context;
  const family = recording === null ? null : await familyOf(prepared, recording, waiting);
  const { checked, warnings } = prepared;
  const all = [...warnings, ...launched.warnings];
  const found =
    family === null || family === 'late' ? gradeWarnings(all, []) : findingsOf({ checked, warnings: all }, family);
  const banner: Banner = {
    opening: recording === null ? null : openingsOf(prepared),
    family,
    findings: found.filter(({ severity }) => severity !== 'note'),
  };
  const lines = bannerLines(context, banner, stderr.isTTY ? stderr.columns || 80 : Number.POSITIVE_INFINITY);
  if (lines.length > 0) stderr.write(`${lines.join('\n')}\n`);
}

/** How the trainer's silence is seen where it writes into a log. */
export function isBegun(path: string): boolean {
  try {
    return statSync(path).size > 0;
  } catch {
    return true;
  }
}

/** An id is told by its first ten characters, as in lists. */
function openingsOf({ name, id, repositories, images }: PreparedRun): string[] {
  const counted = [plural(repositories, 'repository', 'repositories')];
  if (images > 0) counted.push(plural(images, 'image'));
  const [whole, short] = [id, id.slice(0, 10)].map((each) => `recording ${visible(name)} as ${each}`);
  return [`${whole} (${counted.join(', ')})`, `${short} (${counted.join(', ')})`, `${short}`];
}

/** Loaded now, so that no start waits for it. Null where the earlier runs cannot be read. */
async function familyOf(
  prepared: PreparedRun,
  recording: Recording,
  waiting: Waiting | null,
): Promise<FamilyComparison | 'late' | null> {
  const stopped = new AbortController();
  const compared = import('../../tracker/compare-family.ts').then(({ compareWithFamily }) => {
    const began = process.cpuUsage();
    return compareWithFamily(prepared, recording, () => {
      const { user, system } = process.cpuUsage(began);
      return !stopped.signal.aborted && (user + system) / 1000 < budget;
    });
  });
  const late = outOfPatience(waiting, stopped.signal).then(() => 'late' as const);
  try {
    return await Promise.race([compared, late]);
  } catch {
    return null;
  } finally {
    stopped.abort();
    compared.catch(() => {});
  }
}

/** Settles when the trainer's output, or its end, has been held back for long enough. */
export async function outOfPatience(waiting: Waiting | null, signal: AbortSignal): Promise<void> {
  const began = performance.now();
  let isOver = false;
  void waiting?.ended.then(
    () => {
      isOver = true;
    },
    () => {},
  );
  for (;;) {
    await delay(patience.look, null, { signal }).catch(() => {});
    const waited = performance.now() - began;
    const isHeld = waiting !== null && (isOver || waiting.hasWritten());
    if (signal.aborted || waited > (isHeld ? patience.held : patience.silent)) return;
  }
}
