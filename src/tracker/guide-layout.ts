/**
 * Lays out in a run's output directory what the guide puts there, for people who never heard of Spoor:
 * `repos.git`, `config.toml`, `sample-prompts.txt`, the training script, `sdscripts.log`, `spoor.json`.
 *
 * Output directories are shared. The plain names belong to the latest run: what Spoor wrote there for an
 * earlier one, and nobody has changed since, is moved to `<name>.<that run's id>`. Everything else that
 * stands in the way stays, a warning says so, and the new file is called `<name>.<this run's id>`. So
 * nothing is ever lost, and writing the layout again changes nothing.
 *
 * While the trainer runs, `sdscripts.log` is a link to the log in the run's folder; at the end a copy
 * takes its place, so that the directory can be moved elsewhere.
 */
import { mkdir, realpath } from 'node:fs/promises';
import { errorCode, errorText } from '../model/errors.ts';
import type { FileState, PlacedEntry, RepoState, Warning } from '../model/facts.ts';
import type { RunId } from '../model/run-id.ts';
import { layoutNames, reposName } from './layout-names.ts';
import { LayoutPlacing } from './layout-placing.ts';
import { reposText } from './repos-file.ts';

export interface LayoutInput {
  /** Absolute. Not to be called before launch: some trainers want it empty. */
  directory: string;
  /** Whether to make a directory that is not there; else nothing is written then. */
  make: boolean;
  run: RunId;
  name: string;
  /** Id of the home. */
  home: string;
  /** Version of Spoor. */
  spoor: string;
  startedAt: string;
  repos: readonly RepoState[];
  files: readonly FileState[];
  /** Bytes of a kept file, by `FileState.object`: secrets are redacted in it. */
  readObject: (sha256: string) => Promise<Uint8Array>;
  /** What was laid out there for this run before it began, by name. */
  prepared: Readonly<Record<string, PlacedEntry>>;
  /** The log that is being written; null to leave `sdscripts.log` alone for now. */
  logPath: string | null;
}

export interface LayoutResult {
  directory: string;
  /** What stands there now for this run, by name. */
  placed: Record<string, PlacedEntry>;
  warnings: Warning[];
}

/** Writes all but the copy of the log. What cannot be written becomes a warning. */
export async function writeGuideLayout(input: LayoutInput): Promise<LayoutResult> {
  return layOut(input.directory, async () => {
    if (input.make) await mkdir(input.directory, { recursive: true });
    const placing = await LayoutPlacing.open(await realpath(input.directory), input.run, input.prepared);
    const placed: { name: string; file: FileState }[] = [];
    for (const { name, file } of layoutNames(input.files)) {
      const { object } = file;
      const found = object === null ? null : await placing.content(name, () => input.readObject(object));
      placed.push({ name: found ?? name, file });
    }
    await placing.content(reposName, async () => Buffer.from(reposText({ ...input, files: placed })));
    if (input.logPath !== null) await placing.liveLog(input.logPath);
    const { run, name, home, spoor, startedAt } = input;
    await placing.registry({ format: 'spoor-run', version: 1, run, name, home, spoor, startedAt });
    return placing;
  });
}

/** Puts a copy of the finished log in the place of the link to it. A directory that has gone stays so. */
export async function writeLogCopy(input: { directory: string; run: RunId; logPath: string }): Promise<LayoutResult> {
  return layOut(input.directory, async () => {
    const placing = await LayoutPlacing.open(await realpath(input.directory), input.run);
    await placing.logCopy(input.logPath);
    if (placing.own) await placing.registry(placing.own);
    return placing;
  });
}

async function layOut(directory: string, work: () => Promise<LayoutPlacing>): Promise<LayoutResult> {
  try {
    const { files, warnings } = await work();
    return { directory, placed: files, warnings };
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return { directory, placed: {}, warnings: [] };
    const message = `${directory}: the guide's files could not be written: ${errorText(error)}`;
    const hint = 'The record in Spoor is whole all the same.';
    return { directory, placed: {}, warnings: [{ code: 'layout-not-written', message, hint }] };
  }
}
