/**
 * The text of `repos.git`: the code and the files of a run, for whoever opens the output directory. It
 * is a file in git's own configuration syntax, version 1, UTF-8, so that both people and
 * `git config --file repos.git --list` can read it:
 *
 *     # Run 01KATRS3T0W5R2MZ9C4Q7XHVJD (noob-wolf-v3s2400), started 2026-11-23T20:53:44.000Z
 *     # Recorded by Spoor 0.1.0; read this with: git config --file repos.git --list
 *     [spoor]
 *     	version = 1
 *     	run = 01KATRS3T0W5R2MZ9C4Q7XHVJD
 *     [repository "sd-scripts"]
 *     	path = /home/lab/lora/sd-scripts
 *     	branch = main
 *     	commit = 8f4ee8fc343b047965cd8976fca65c3a35b7593a
 *     	describe = v0.9.1-3-g8f4ee8f
 *     	remote = https://github.com/kohya-ss/sd-scripts
 *     	state = 1 staged, 2 changed, 0 untracked
 *     	snapshot = 4b825dc642cb6eb9a060e54bf8d69288fbee4904
 *     [file "config.toml"]
 *     	role = config
 *     	path = /home/lab/lora/wolf/config.toml
 *     	sha1 = 356a192b7913b04c54574d18c28d46e6395428ab
 *     	sha256 = …
 *
 * One `repository` section each, in the order found, then one `file` section each, named as the copy in
 * this directory. Keys always stand in this order; one whose value is not known is left out. `branch` is
 * `(detached)` where there is none. `state` is `clean`, `unknown` or the three counts. `snapshot` is the
 * commit in Spoor's own repository that holds the work tree. The hashes are those of the original;
 * `redacted` names the keys whose secret values are missing in the copy. Control characters other than
 * line feed and tab, and a line feed in a section's name, stand as `\xHH`.
 */
import type { FileState, RepoState } from '../model/facts.ts';

export interface ReposText {
  /** Null where it is written before the run. */
  run: string | null;
  name: string;
  startedAt: string;
  spoor: string;
  repos: readonly RepoState[];
  /** Each with the name of its copy. */
  files: readonly { name: string; file: FileState }[];
}

export function reposText({ run, name, startedAt, spoor, repos, files }: ReposText): string {
  const lines = [
    run === null ? `# ${plain(name)}, set up ${startedAt}` : `# Run ${run} (${plain(name)}), started ${startedAt}`,
    `# Recorded by Spoor ${spoor}; read this with: git config --file repos.git --list`,
    ...section('spoor', null, { version: '1', run }),
    ...repos.flatMap((repo) => section('repository', repo.name, repositoryKeys(repo))),
    ...files.flatMap(({ name, file }) => section('file', name, fileKeys(file))),
  ];
  return `${lines.join('\n')}\n`;
}

function repositoryKeys(repo: RepoState): Record<string, string | null> {
  const isGit = repo.kind !== 'directory';
  return {
    path: repo.path,
    branch: repo.branch ?? (isGit && repo.head !== null ? '(detached)' : null),
    commit: repo.head,
    describe: repo.describe,
    remote: repo.remote,
    state: isGit ? stateOf(repo) : null,
    snapshot: repo.snapshot,
  };
}

function stateOf({ dirty, changes }: RepoState): string {
  if (dirty === null) return 'unknown';
  if (!dirty) return 'clean';
  return `${changes.staged} staged, ${changes.unstaged} changed, ${changes.untracked} untracked`;
}

function fileKeys(file: FileState): Record<string, string | null> {
  const redacted = file.redactedKeys?.length ? file.redactedKeys.join(', ') : null;
  return { role: file.role, path: file.path, sha1: file.sha1, sha256: file.sha256, redacted };
}

function section(kind: string, name: string | null, keys: Record<string, string | null>): string[] {
  const title = name === null ? `[${kind}]` : `[${kind} "${plain(name).replace(/["\\]/g, '\\$&')}"]`;
  const known = Object.entries(keys).filter((entry): entry is [string, string] => entry[1] !== null);
  return [title, ...known.map(([key, value]) => `\t${key} = ${quoted(value)}`)];
}

/** A value as git reads it back; quoted only where it must be. */
function quoted(value: string): string {
  if (/^[\w./:@+~^(), -]*$/.test(value) && value === value.trim() && value !== '') return value;
  const escaped = value.replace(/["\\]/g, '\\$&').replaceAll('\n', '\\n').replaceAll('\t', '\\t');
  return `"${escaped.replace(control, (character) => `\\\\${hex(character)}`)}"`;
}

const control = /[\u0000-\u001f\u007f-\u009f]/g;

function plain(text: string): string {
  return text.replace(control, (character) => `\\${hex(character)}`);
}

function hex(character: string): string {
  return `x${character.charCodeAt(0).toString(16).padStart(2, '0')}`;
}
