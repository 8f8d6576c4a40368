/** Brings a run's code, files, dataset and command back into a directory of their own. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, readdir, realpath, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { SpoorError } from '../../model/errors.ts';
import { foldFacts } from '../../model/fold.ts';
import type { Run } from '../../model/run.ts';
import type { RunId } from '../../model/run-id.ts';
import { cannotWrite } from '../../store/cannot-write.ts';
import type { Tell } from '../events.ts';
import { loadRun } from '../load-run.ts';
import { cachesOf, codeOf } from '../ports.ts';
import type { Recording } from '../request.ts';
import { commandText } from './command-file.ts';
import { FoundContent } from './content.ts';
import { condaText, requirementsText } from './environment-file.ts';
import { freeName } from './inside.ts';
import { neededFiles } from './needed-files.ts';
import { Places } from './places.ts';
import { reportText } from './report.ts';
import { restoreCheckpoints } from './restore-checkpoints.ts';
import { restoreCode } from './restore-code.ts';
import { type RestoredDataset, restoreDataset } from './restore-dataset.ts';
import { modelRoles, restoreFiles } from './restore-files.ts';
import type { NotRestored, Restored } from './restored.ts';
import { type Rewriting, rewriteCommand, rewriteConfigs } from './rewrite.ts';

export interface RestoreRequest {
  run: RunId;
  /** Absolute; it does not exist yet or is empty. */
  into: string;
  /** Whether what it made is put there too, as far as it lasts. */
  checkpoints?: boolean;
  /**
   * Set to start it from here: models that are not known by their hash are read whole, and settings of the
   * configuration files are switched, by their names.
   */
  start?: { switched: Rewriting['switched'] };
}

/** What was restored, with what it takes to start it. */
export interface RestoredRun {
  run: Run;
  restored: Restored;
  places: Places;
}

/**
 * Errors: `run-not-found`, `directory-not-empty`, `cannot-write`. What could not be restored is told in
 * `missing`, never an error.
 */
export async function restoreRun(recording: Recording, request: RestoreRequest, tell: Tell): Promise<RestoredRun> {
  const { home, version } = recording;
  const run = await loadRun(home, request.run);
  const into = await emptyDirectory(request.into);
  const content = new FoundContent(home, run.id);
  const missing: NotRestored[] = [];

  const repos = await restoreRepositories(recording, run, into, content, missing);
  const isInCode = (path: string) => repos.some(({ from, whole }) => whole && path.startsWith(`${from}/`));
  const files = await restoreFiles(home.objects, run.files, into, content, isInCode);
  const dataset = run.dataset && (await restoreDataset(home, run.dataset, into, content, tell));
  missing.push(...files.missing, ...(dataset?.missing ?? []));
  const made = request.checkpoints ? await restoreCheckpoints(home, run, into, content) : null;
  missing.push(...(made?.missing ?? []));

  const outputs = foldFacts(run.id, (await home.runs.facts(run.id)).facts).outputs?.plan ?? null;
  const places = placesOf(run, into, repos, files.files, dataset);
  if (run.outputDir !== null) places.make(run.outputDir, join(into, 'output'));
  if (outputs?.loggingDir) places.make(outputs.loggingDir, join(into, 'logs'));
  missing.push(
    ...(await neededFiles(run, cachesOf(home), request.start !== undefined, (path) => places.now(path) !== null)),
  );

  const { switched = new Map() } = request.start ?? {};
  const rewriting = { switched, withSecrets: request.start !== undefined };
  const whole = await rewriteConfigs(files.files, into, places, rewriting);
  const isWhole = ({ kind, path }: NotRestored) =>
    kind === 'secret' && files.files.some((file) => file.path === path && whole.has(file.from));
  const command = rewriteCommand(run.command, places);
  const restored: Restored = {
    run: run.id,
    name: run.name.full,
    into,
    repos: repos.map(({ whole: _, ...repo }) => repo),
    files: files.files,
    checkpoints: made?.checkpoints ?? [],
    dataset: dataset && { path: 'dataset', files: dataset.files, found: dataset.found },
    command,
    cwd: places.newCwd,
    missing: missing.filter((each) => !isWhole(each)),
  };
  await write(join(into, 'command.sh'), commandText(run, command, places, version));
  await chmod(join(into, 'command.sh'), 0o755);
  if (run.environment !== null) {
    await write(join(into, 'environment.txt'), requirementsText(run.environment, places));
    const conda = condaText(run.environment, places);
    if (conda !== null) await write(join(into, 'environment.yml'), conda);
  }
  await write(join(into, 'RESTORED.md'), reportText(run, restored, version));
  return { run, restored, places };
}

/** Made if it is not there. @returns its real path */
async function emptyDirectory(into: string): Promise<string> {
  const found = await mkdir(into, { recursive: true })
    .then(() => readdir(into))
    .catch((error) => {
      throw cannotWrite(into, error);
    });
  if (found.length > 0) {
    const hint = 'Name a directory that does not exist yet.';
    throw new SpoorError('cannot-write', 'directory-not-empty', `${into} is not empty`, hint);
  }
  return realpath(into);
}

type RestoredRepo = Restored['repos'][number] & { whole: boolean };

async function restoreRepositories(
  recording: Recording,
  run: Run,
  into: string,
  content: FoundContent,
  missing: NotRestored[],
): Promise<RestoredRepo[]> {
  const port = codeOf(recording.home, recording.env);
  const taken = new Set<string>();
  const restored: RestoredRepo[] = [];
  for (const repo of run.repos) {
    const name = freeName(repo.name, taken);
    const path = `repos/${name}`;
    const { repository, missing: lost } = await restoreCode(port, repo, into, path, content);
    missing.push(...lost);
    const whole = !lost.some((each) => each.path === path);
    restored.push({ name, path, from: repo.path, head: repo.head, repository, whole });
  }
  return restored;
}

function placesOf(
  run: Run,
  into: string,
  repos: readonly RestoredRepo[],
  files: Restored['files'],
  dataset: RestoredDataset | null,
): Places {
  const models = run.files.filter(({ role, kind }) => modelRoles.has(role) && kind !== 'remote');
  return new Places({
    cwd: run.cwd,
    into,
    moved: [
      ...(dataset?.roots ?? []).map(({ from, to }) => [from, to] as const),
      ...files.filter(({ role }) => role !== 'trainer').map(({ from, path }) => [from, join(into, path)] as const),
      ...repos.filter(({ whole }) => whole).map(({ from, path }) => [from, join(into, path)] as const),
      ...files.map(({ from, path }) => [from, join(into, path)] as const),
      ...aliases(run, into, repos),
    ],
    named: models.map(({ path }) => path),
    keys: run.files.flatMap(({ key, kind }) => (key === null || kind === 'remote' ? [] : key.replace(/^.*\./, ''))),
  });
}

/** A repository is recorded where it really lies; the command may reach its script through a link. */
function aliases(run: Run, into: string, repos: readonly RestoredRepo[]): [from: string, to: string][] {
  const script = run.files.find(({ role }) => role === 'trainer')?.path;
  if (script === undefined || repos.some(({ from }) => script.startsWith(`${from}/`))) return [];
  const parts = script.split('/').slice(1);
  const roles = new Map(run.repos.map((repo) => [repo.path, repo.roles]));
  for (let length = parts.length - 1; length > 0; length--) {
    const [above, below] = [parts.slice(0, -length), parts.slice(-length)];
    for (const { from, path } of repos) {
      const top = join(into, path);
      const isIt = above.length > 0 && roles.get(from)?.includes('trainer') && existsSync(join(top, ...below));
      if (isIt) return [[`/${above.join('/')}`, top]];
    }
  }
  return [];
}

async function write(path: string, text: string): Promise<void> {
  await writeFile(path, text, { flag: 'wx' }).catch((error) => {
    throw cannotWrite(path, error);
  });
}
