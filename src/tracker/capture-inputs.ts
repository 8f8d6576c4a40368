import { dirname, resolve } from 'node:path';
import { resolveCondaEnvironment } from '../capture/conda/activate.ts';
import { scanDataset } from '../capture/dataset/scan.ts';
import { captureEnvironment } from '../capture/environment/capture-environment.ts';
import { captureNamedFiles } from '../capture/files/named-files.ts';
import { type CaptureRequest, captureRepository } from '../capture/git/capture-repository.ts';
import { type FoundRepository, findRepositories } from '../capture/git/find-repositories.ts';
import { type CodeLimits, codeLimits } from '../capture/git/limits.ts';
import { listUserConfig } from '../capture/git/user-config.ts';
import { editableDirectories } from '../capture/python/editable.ts';
import { findInterpreter, type Interpreter } from '../capture/python/interpreter.ts';
import { locateModule } from '../capture/python/locate.ts';
import { listPackages } from '../capture/python/packages.ts';
import { errorText } from '../model/errors.ts';
import type { DatasetState, FileState, PythonPackage, RepoState, Told, Warning } from '../model/facts.ts';
import type { Captured } from '../model/later.ts';
import type { RunId } from '../model/run-id.ts';
import type { NamedDataset, NamedFile } from '../trainers/trainer.ts';
import type { Identified } from './identify.ts';
import { cachesOf, codeOf } from './ports.ts';
import type { Recording, RunRequest } from './request.ts';

export interface Inputs {
  captured: Captured<Told>;
  warnings: Warning[];
  repositories: RepoState[];
  files: FileState[];
  images: number;
  /** Open files that are hashed later, for the recorder to inherit. */
  held: number[];
}

type Environment = Readonly<Record<string, string | undefined>>;

/** How long any part may hold up the start; what is not known by then is said to be missing. */
const patienceMs = 30_000;

/** Code, files, dataset and environment, all at once. Nothing found in the world makes it fail. */
export async function captureInputs(
  request: RunRequest,
  identified: Identified,
  env: Environment,
  id: RunId,
  recording: Recording,
): Promise<Inputs> {
  const inputs: Inputs = {
    captured: { facts: [], blobs: [], later: [] },
    warnings: [],
    repositories: [],
    files: [],
    images: 0,
    held: [],
  };
  // git is started first, so that it works while this process reads.
  const port = codeOf(recording.home, env);
  const users = listUserConfig(port.git, env);
  const { interpreter, packages } = pythonOf(request, identified, env, inputs);
  const git = { port, users, limits: codeLimitsOf(recording) };
  const code = part('the code', captureCode(request, identified, env, id, git, interpreter, packages));
  // By then git looks at the work trees, the longest of what is to be waited for.
  await users;
  const parts = [
    code,
    part('the environment', captureSurroundings(interpreter, packages, env, recording)),
    part('the files', captureFiles(request, identified, recording)),
    part('the dataset', captureDataset(request, identified, recording)),
  ];
  for (const found of await Promise.all(parts)) add(inputs, found);
  return inputs;
}

type Part = Partial<Omit<Inputs, 'captured'>> & Partial<Captured<Told>>;

function add(inputs: Inputs, found: Part): void {
  const { captured } = inputs;
  captured.facts.push(...(found.facts ?? []));
  for (const blob of found.blobs ?? []) captured.blobs.push(blob);
  captured.later.push(...(found.later ?? []));
  inputs.warnings.push(...(found.warnings ?? []));
  inputs.repositories.push(...(found.repositories ?? []));
  inputs.files.push(...(found.files ?? []));
  inputs.images += found.images ?? 0;
  inputs.held.push(...(found.held ?? []));
}

/** One part of the capture: neither its failure nor its slowness stops the others or the training. */
async function part(what: string, work: Promise<Part>): Promise<Part> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Part>((settle) => {
    timer = setTimeout(
      () => settle(notKnown(what, `it took longer than ${patienceMs / 1000} s; a file system may hang`)),
      patienceMs,
    );
  });
  try {
    return await Promise.race([work.catch((error) => notKnown(what, errorText(error))), late]);
  } finally {
    clearTimeout(timer);
  }
}

function notKnown(what: string, why: string): Part {
  return { warnings: [{ code: 'not-captured', message: `${what} could not be recorded: ${why}`, hint: null }] };
}

function pythonOf({ userHome }: RunRequest, { invocation }: Identified, env: Environment, inputs: Inputs) {
  const { cwd, condaEnvironment } = invocation;
  try {
    const condaPrefix =
      condaEnvironment === null
        ? null
        : resolveCondaEnvironment(condaEnvironment, { env, cwd, home: userHome }).environment.prefix;
    const interpreter = findInterpreter({ invocation, env, cwd, condaPrefix });
    if (interpreter === null && (invocation.interpreter !== null || invocation.script?.endsWith('.py'))) {
      inputs.warnings.push({
        code: 'no-interpreter',
        message: `no Python was found for ${invocation.interpreter ?? invocation.program ?? 'the trainer'}: its packages and editable installs are not recorded`,
        hint: 'Name the interpreter of the environment directly, for example /path/to/venv/bin/python.',
      });
    }
    return { interpreter, packages: interpreter === null ? [] : listPackages(interpreter) };
  } catch (error) {
    add(inputs, notKnown("the interpreter's packages", errorText(error)));
    return { interpreter: null, packages: [] };
  }
}

async function captureCode(
  request: RunRequest,
  identified: Identified,
  env: Environment,
  id: RunId,
  git: Pick<CaptureRequest, 'port' | 'users' | 'limits'>,
  interpreter: Interpreter | null,
  packages: PythonPackage[],
): Promise<Part> {
  const paths = codePaths(request, identified, interpreter, packages);
  const found = findRepositories(paths, request.userHome);
  const concerned = found.filter(isConcerned);
  const captured = await Promise.all(
    concerned.map((each) => captureRepository({ ...git, found: each, run: id, environment: env })),
  );
  return {
    repositories: captured.map(({ repository }) => repository),
    facts: captured.map(({ repository }): Told => ({ type: 'repository', repository })),
    warnings: captured.flatMap(({ warnings }) => warnings),
    later: captured.flatMap(({ later }) => later),
  };
}

function codeLimitsOf({ settings: { limits } }: Recording): CodeLimits {
  return {
    ...codeLimits,
    trackedFileBytes: limits.trackedFile,
    untrackedFileBytes: limits.untrackedFile,
    bytes: limits.untrackedTotal,
  };
}

function codePaths(
  { cwd, script, repos }: RunRequest,
  { script: trainer, invocation, effective, trainer: { id } }: Identified,
  interpreter: Interpreter | null,
  packages: PythonPackage[],
): { path: string; roles: string[] }[] {
  const paths: { path: string; roles: string[] }[] = [];
  const add = (path: string | null | undefined, role: string) => {
    if (path) paths.push({ path, roles: [role] });
  };
  add(trainer, 'trainer');
  if (trainer === null && invocation.module !== null && interpreter !== null) {
    add(locateModule(invocation.module, interpreter, invocation.cwd)?.path, 'trainer');
  }
  if (interpreter !== null) {
    add(locateModule('lycoris', interpreter, trainer === null ? invocation.cwd : dirname(trainer))?.path, 'lycoris');
    for (const { path } of editableDirectories(interpreter, packages)) add(path, 'editable');
  }
  for (const { path } of effective.datasets) add(path, 'dataset');
  for (const { path, role, remote } of effective.files) if (!remote && configRoles.has(role)) add(path, 'config');
  if (script !== null) add(resolve(cwd, script), 'script');
  for (const path of repos) add(resolve(cwd, path), 'given');
  if (id === 'generic') add(cwd, 'cwd');
  return paths;
}

const configRoles = new Set(['config', 'dataset-config', 'prompts', 'script']);
/** For these a directory that is no repository is source all the same; where data lies it is not. */
const sourceRoles = new Set(['trainer', 'editable', 'given']);

function isConcerned({ kind, roles, path }: FoundRepository): boolean {
  // An installed package is told by its version.
  if (/\/(site|dist)-packages(\/|$)/.test(path) && !roles.includes('given')) return false;
  return kind !== 'directory' || roles.some((role) => sourceRoles.has(role));
}

async function captureSurroundings(
  interpreter: Interpreter | null,
  packages: PythonPackage[],
  env: Environment,
  { host }: Recording,
): Promise<Part> {
  const { environment, warnings } = captureEnvironment({ interpreter, packages, env, host });
  return { facts: [{ type: 'environment', environment }], warnings };
}

async function captureFiles(request: RunRequest, identified: Identified, recording: Recording): Promise<Part> {
  const files: NamedFile[] = [...identified.effective.files];
  if (identified.script !== null)
    files.push({ role: 'trainer', key: 'script', path: identified.script, remote: false });
  if (request.script !== null) {
    files.push({ role: 'script', key: '--script', path: resolve(request.cwd, request.script), remote: false });
  }
  return captureNamedFiles({ files, caches: cachesOf(recording.home) });
}

async function captureDataset(request: RunRequest, identified: Identified, recording: Recording): Promise<Part> {
  const { datasets } = identified.effective;
  const given = request.datasets.map((words): NamedDataset => {
    const path = resolve(request.cwd, words);
    const captionExtension = datasets.find((each) => resolve(each.path) === path)?.captionExtension ?? null;
    return { path, kind: 'given', layout: 'flat', repeats: null, classTokens: null, captionExtension };
  });
  const roots = given.length > 0 ? given : datasets;
  if (roots.length === 0) return {};
  const { home, settings } = recording;
  const scanned = await scanDataset({
    roots,
    objects: home.objects,
    caches: cachesOf(home),
    userHome: request.userHome,
    keepBytes: settings.limits.datasetImages,
  });
  for (const fact of scanned.facts) if (fact.type === 'dataset') scanned.warnings.push(...omissions(fact.dataset));
  return scanned;
}

function omissions({ omitted, omittedMore }: DatasetState): Warning[] {
  const count = omitted.length + omittedMore;
  if (count === 0) return [];
  const some = omitted.slice(0, 3).map(({ path, reason }) => `${path} (${reason})`);
  const message = `${count} ${count === 1 ? 'entry' : 'entries'} of the dataset ${count === 1 ? 'is' : 'are'} not kept: ${some.join(', ')}${count > 3 ? ', …' : ''}`;
  return [
    { code: 'dataset-omitted', message, hint: 'Devices, links that lead elsewhere and unreadable files are no data.' },
  ];
}
