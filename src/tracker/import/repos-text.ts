/** Reads `repos.git`: Spoor's own (repos-file.ts), and what else names a repository and a commit on one line. */
import type { RepoState } from '../../model/facts.ts';

const mostRepositories = 100;

export function readReposText(text: string): RepoState[] {
  const sections = text.split(/^(?=\[)/m).slice(0, 1_000);
  const repos = sections.flatMap((section) => {
    const name = /^\[repository "((?:[^"\\]|\\.)*)"\]/.exec(section)?.[1]?.replace(/\\(.)/g, '$1');
    return name === undefined ? [] : [fromKeys(name, keysOf(section))];
  });
  return (repos.length > 0 ? repos : plainLines(text)).slice(0, mostRepositories);
}

function keysOf(section: string): Map<string, string> {
  const lines = [...section.matchAll(/^\s*(\w+) = (.*)$/gm)];
  return new Map(lines.map(([, key, value]) => [key!, unquoted(value!)]));
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  const plain: Record<string, string> = { n: '\n', t: '\t' };
  return value.slice(1, -1).replace(/\\(.)/g, (_, letter: string) => plain[letter] ?? letter);
}

/** `/home/me/sd-scripts: 8f4ee8f…`, `8f4ee8f… LyCORIS`: a path or name, and a commit. */
function plainLines(text: string): RepoState[] {
  return text.split('\n').flatMap((line) => {
    const commit = /\b[0-9a-f]{40}\b/.exec(line)?.[0];
    const rest = line.replace(commit ?? '', '').replace(/^[\s#:=,-]+|[\s:=,-]+$/g, '');
    const isFile = /\.(?:toml|txt|sh|zsh|json)$/.test(rest);
    return commit === undefined || rest === '' || rest.length > 4_096 || isFile
      ? []
      : [
          fromKeys(
            rest.split('/').findLast(Boolean)!,
            new Map([
              ['path', rest],
              ['commit', commit],
            ]),
          ),
        ];
  });
}

function fromKeys(name: string, keys: ReadonlyMap<string, string>): RepoState {
  const commit = keys.get('commit') ?? '';
  const state = keys.get('state');
  const [staged = 0, unstaged = 0, untracked = 0] = (state?.match(/\d+/g) ?? []).map(Number);
  const branch = keys.get('branch') ?? null;
  return toldRepository({
    name,
    path: keys.get('path') ?? name,
    head: /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(commit) ? commit : null,
    branch: branch === '(detached)' ? null : branch,
    describe: keys.get('describe') ?? null,
    remote: keys.get('remote') ?? null,
    dirty: state === 'clean' ? false : state === undefined || state === 'unknown' ? null : true,
    changes: { staged, unstaged, untracked, ignoredKept: 0 },
  });
}

/** A repository of which only this is known. */
export function toldRepository(known: Pick<RepoState, 'name' | 'head'> & Partial<RepoState>): RepoState {
  const role = /sd-scripts|kohya|trainer/i.test(known.name)
    ? 'trainer'
    : /lycoris/i.test(known.name)
      ? 'lycoris'
      : 'given';
  return {
    path: known.name,
    kind: 'git',
    roles: [role],
    branch: null,
    describe: null,
    remote: null,
    remotes: [],
    ahead: null,
    behind: null,
    dirty: null,
    changes: { staged: 0, unstaged: 0, untracked: 0, ignoredKept: 0 },
    changedPaths: [],
    snapshot: null,
    code: null,
    nested: [],
    omitted: [],
    likelySecrets: [],
    shallow: false,
    ...known,
  };
}
