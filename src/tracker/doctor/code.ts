import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { captureRepository } from '../../capture/git/capture-repository.ts';
import { findRepositories } from '../../capture/git/find-repositories.ts';
import { listUserConfig } from '../../capture/git/user-config.ts';
import { makeRunId } from '../../model/run-id.ts';
import { openHome } from '../../store/home.ts';
import { loadRun } from '../load-run.ts';
import { codeOf } from '../ports.ts';
import type { Recording } from '../request.ts';
import { listRuns } from '../runs.ts';
import { type Finding, ok, problem, quoted } from './finding.ts';

/** Runs looked at for the repositories that trainings use. */
const latestRuns = 10;

/** Changes that no commit holds, in the repositories of the latest runs of this host and of the working directory. */
export async function examineCode(recording: Recording, cwd: string, userHome: string): Promise<Finding[]> {
  const { home, env, host, now } = recording;
  const latest = await listRuns(home, { query: [], sort: '-started', limit: latestRuns, now: now() }, () => {});
  const paths = [cwd];
  for (const { id, host: its } of latest) {
    if (its !== host) continue;
    const run = await loadRun(home, id).catch(() => null);
    for (const repo of run?.repos ?? []) if (isDirectory(repo.path)) paths.push(repo.path);
  }
  const found = findRepositories(
    paths.map((path) => ({ path, roles: [] })),
    userHome,
  ).filter(({ kind }) => kind === 'git');
  const scratch = mkdtempSync(join(tmpdir(), 'spoor-doctor-'));
  try {
    const port = codeOf(await openHome(scratch, host), env);
    const users = listUserConfig(port.git, env);
    const run = makeRunId(now().getTime(), new Uint8Array(10));
    return await Promise.all(
      found.map(async (each) => tell(await captureRepository({ found: each, run, port, environment: env, users }))),
    );
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

function tell({ repository, warnings }: Awaited<ReturnType<typeof captureRepository>>): Finding {
  const { path, dirty, changes, branch, head } = repository;
  if (dirty === null) {
    return problem('code', `${path}: git cannot say whether it is clean`, warnings[0]?.message ?? null);
  }
  const at = `${path} (${branch ?? 'detached'}${head ? `, ${head.slice(0, 9)}` : ', nothing committed'})`;
  if (!dirty) return ok('code', `${at} is committed`);
  const counts = (['staged', 'unstaged', 'untracked'] as const)
    .filter((kind) => changes[kind] > 0)
    .map((kind) => `${changes[kind]} ${kind}`);
  const hint = 'Every run keeps them byte for byte; a commit says why they were made.';
  const message = `${at} has uncommitted changes${counts.length > 0 ? `: ${counts.join(', ')}` : ''}`;
  return problem('code', message, hint, [`git -C ${quoted(path)} status`]);
}

function isDirectory(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
