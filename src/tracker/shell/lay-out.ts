/** What `store_commits_hashes` writes into the output directory before the training starts. */
import { createHash } from 'node:crypto';
import { rename, rm, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { captureNamedFiles } from '../../capture/files/named-files.ts';
import { type FoundRepository, findRepositories } from '../../capture/git/find-repositories.ts';
import { readRepositoryState } from '../../capture/git/read-state.ts';
import { listUserConfig } from '../../capture/git/user-config.ts';
import type { FileRole, FileState, PlacedEntry, RepoState, Warning } from '../../model/facts.ts';
import type { NamedFile } from '../../trainers/trainer.ts';
import { layoutNames, reposName } from '../layout-names.ts';
import { moveToFree, whatStands, writeTemporary } from '../place-file.ts';
import { cachesOf, codeOf } from '../ports.ts';
import { reposText } from '../repos-file.ts';
import type { Recording } from '../request.ts';
import { readSetUp, rememberSetUp } from '../set-up.ts';
import { findLycoris } from './find-lycoris.ts';

export interface LayOutRequest {
  /** The run's output directory, absolute. */
  directory: string;
  name: string;
  trainingDir: string;
  /** Absolute; null where the functions were not called from a file. */
  script: string | null;
  /** As given, relative to `cwd`; an empty one is to be found. */
  repos: string[];
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  userHome: string;
}

export interface LaidOut {
  repos: RepoState[];
  files: FileState[];
  /** Names in the directory; empty where it was there before, and is left to the run. */
  written: string[];
  warnings: Warning[];
}

/**
 * Reads the repositories and files, and writes the guide's layout into a directory that was made for this
 * run; the run itself writes it again with all that it then knows. Errors: those of writing.
 *
 * @param write whether to write, or only to look
 */
export async function layOutSetUp(recording: Recording, request: LayOutRequest, write: boolean): Promise<LaidOut> {
  const { home, env } = recording;
  const { found, warnings } = await repositoriesOf(request);
  const port = codeOf(home, env);
  const users = listUserConfig(port.git, env);
  const repos = await Promise.all(found.map((each) => readRepositoryState(each, port, env, users)));
  const captured = await captureNamedFiles({ files: await filesOf(request), caches: cachesOf(home) });
  const { files } = captured;
  warnings.push(...captured.warnings);
  const setUp = write ? await readSetUp(home, request.directory) : null;
  if (setUp === null) return { repos, files, written: [], warnings };
  const contents = new Map<string, Uint8Array>();
  const blobs = new Map(captured.blobs.map((blob) => [sha256(blob), blob]));
  const named = layoutNames(files);
  for (const { name, file } of named) {
    const blob = file.object === null ? undefined : blobs.get(file.object);
    if (blob) contents.set(name, blob);
  }
  const startedAt = recording.now().toISOString();
  const text = reposText({ run: null, name: request.name, startedAt, spoor: recording.version, repos, files: named });
  contents.set(reposName, Buffer.from(text));
  // Remembered first: what is written is known to be Spoor's even if this is killed.
  const entries = Object.fromEntries([...contents].map(([name, content]) => [name, { sha256: sha256(content) }]));
  await rememberSetUp(home, request.directory, entries);
  const written: string[] = [];
  for (const [name, content] of contents) {
    if (await place(join(request.directory, name), content, setUp.files[name])) written.push(name);
  }
  return { repos, files, written, warnings };
}

/** Writes a file where nothing stands, or what an earlier call has written. */
async function place(path: string, content: Uint8Array, earlier: PlacedEntry | undefined): Promise<boolean> {
  const temporary = `${path}.spoor-${process.pid}.tmp`;
  try {
    await writeTemporary(temporary, content);
    if (await moveToFree(temporary, path)) return true;
    const standing = await whatStands(path);
    const isOurs = standing.kind === 'file' && earlier && 'sha256' in earlier && earlier.sha256 === standing.sha256;
    if (isOurs) await rename(temporary, path);
    return isOurs === true;
  } finally {
    await rm(temporary, { force: true });
  }
}

async function repositoriesOf({ repos, cwd, env, userHome }: LayOutRequest) {
  const paths: { path: string; roles: string[] }[] = [];
  const warnings: Warning[] = [];
  for (const given of repos.filter((each) => each !== '')) {
    const path = resolve(cwd, given);
    if ((await stat(path).catch(() => null)) !== null) paths.push({ path, roles: ['given'] });
    else {
      const hint = "Set it to the repository's directory, or leave it empty to have it found.";
      warnings.push({ code: 'repository-missing', message: `The repository ${path} does not exist`, hint });
    }
  }
  const lycoris = repos.length > 1 && repos.every((each) => each !== '') ? null : findLycoris(env, cwd, userHome);
  if (lycoris?.repository) paths.push({ path: lycoris.repository.path, roles: ['lycoris'] });
  const found: FoundRepository[] = findRepositories(paths, userHome);
  return { found, warnings };
}

async function filesOf({ trainingDir, script }: LayOutRequest): Promise<NamedFile[]> {
  const named: [FileRole, string, string | null][] = [
    ['dataset-config', 'TRAINING_DIR', join(trainingDir, 'config.toml')],
    ['prompts', 'TRAINING_DIR', join(trainingDir, 'sample-prompts.txt')],
    ['script', 'the script', script],
  ];
  const files: NamedFile[] = [];
  for (const [role, key, path] of named) {
    if (path !== null && (await stat(path).catch(() => null))) files.push({ role, key, path, remote: false });
  }
  return files;
}

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
