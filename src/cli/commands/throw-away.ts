import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Home, openHome } from '../../store/home.ts';
import { prepareRun } from '../../tracker/prepare-run.ts';
import type { Recording, RunRequest } from '../../tracker/request.ts';
import type { Context } from '../context.ts';
import { recordingIn } from '../home.ts';
import { readSettings } from '../settings.ts';
import { refusal } from './refusal.ts';

/** Does something that needs a home, in one that is gone afterwards. */
export async function inThrowAwayHome<T>(context: Context, work: (recording: Recording) => Promise<T>): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-dry-run-'));
  try {
    const home = await openHome(directory, context.host);
    return await work(recordingIn(home, context, await readSettings(context.env, context.userHome)));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Knows the hashes and objects of the home, but leaves the code it captures elsewhere. */
export function beside(own: Home, thrownAway: Home): Home {
  return { ...thrownAway, objects: own.objects, cacheDirectory: own.cacheDirectory };
}

/** What `--strict` refuses leaves nothing in the home. Errors: `strict`. */
export async function refuseBeforehand(context: Context, request: RunRequest): Promise<void> {
  const { refusals } = await inThrowAwayHome(context, (recording) => prepareRun(request, recording));
  if (refusals.length > 0) throw refusal(refusals);
}
