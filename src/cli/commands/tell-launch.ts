import { setTimeout as delay } from 'node:timers/promises';
import type { FamilyComparison } from '../../tracker/compare-family.ts';
import type { LaunchedRun } from '../../tracker/launch-run.ts';
import type { PreparedRun } from '../../tracker/prepare-run.ts';
import type { Recording } from '../../tracker/request.ts';
import type { Context } from '../context.ts';
import { bannerLines } from '../reporters/banner.ts';
import { plural, visible } from '../text.ts';

/** Milliseconds for which the display of what the trainer writes waits for a comparison; the trainer itself waits for nothing. */
const patience = 250;
/** Milliseconds of reading earlier runs: the trainer is loading meanwhile and wants the processor too. */
const budget = 60;

/**
 * Says on stderr what is recorded, what changed since the family's last run and what deserves a look:
 * at most six rows in one write, so that no bar of the trainer's is torn.
 *
 * @param recording null where nothing is recorded
 */
export async function tellLaunch(
  context: Context,
  prepared: PreparedRun,
  launched: Pick<LaunchedRun, 'warnings'>,
  recording: Recording | null,
): Promise<void> {
  const { stderr } = context;
  const family = recording === null ? null : await familyOf(prepared, recording);
  const warnings = [...prepared.warnings, ...launched.warnings];
  const opening = recording === null ? null : openingOf(prepared);
  const width = stderr.isTTY ? stderr.columns || 80 : Number.POSITIVE_INFINITY;
  const lines = bannerLines(context, { opening, family, warnings }, width);
  if (lines.length > 0) stderr.write(`${lines.join('\n')}\n`);
}

function openingOf({ name, id, repositories, images }: PreparedRun): string {
  const counted = [plural(repositories, 'repository', 'repositories')];
  if (images > 0) counted.push(plural(images, 'image'));
  return `recording ${visible(name)} as ${id} (${counted.join(', ')})`;
}

/** Loaded now, so that no start waits for it. Null where the earlier runs cannot be read in time. */
async function familyOf(prepared: PreparedRun, recording: Recording): Promise<FamilyComparison | null> {
  const stopped = new AbortController();
  const late = delay(patience, null, { signal: stopped.signal });
  const compared = import('../../tracker/compare-family.ts').then(({ compareWithFamily }) =>
    compareWithFamily(prepared, recording, budget),
  );
  try {
    return await Promise.race([compared, late]);
  } catch {
    return null;
  } finally {
    stopped.abort();
    late.catch(() => {});
  }
}
