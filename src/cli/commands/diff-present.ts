import { type DiffSide, plannedSide } from '../../tracker/diff-runs.ts';
import { prepareRun } from '../../tracker/prepare-run.ts';
import type { Context } from '../context.ts';
import type { OpenedHome } from '../home.ts';
import { requestOf } from './run.ts';
import { beside, inThrowAwayHome } from './throw-away.ts';

/** The run's command prepared as if it were started now, where it was started. */
export async function withPresent(
  context: Context,
  { home }: OpenedHome,
  { run }: DiffSide,
  work: (now: DiffSide) => Promise<number>,
): Promise<number> {
  const there = { ...context, cwd: run.cwd };
  const given = run.dataset?.roots.filter(({ kind }) => kind === 'given').map(({ path }) => path);
  const repo = run.repos.filter(({ roles }) => roles.includes('given')).map(({ path }) => path);
  const script = run.files.find(({ role }) => role === 'script')?.path;
  const request = requestOf(there, run.command, {
    clean: true,
    name: run.name.full,
    repo,
    ...(given && { dataset: given }),
    ...(script !== undefined && { script }),
  });
  return inThrowAwayHome(context, async (recording) => {
    const own = { ...recording, home: beside(home, recording.home) };
    return work(await plannedSide(await prepareRun(request, own), own));
  });
}
