import type { Repo, Run } from '../../../model/run.ts';
import { plural, truncateMiddle, visible } from '../../text.ts';
import type { Page } from './page.ts';

/** How many changed paths are named by default. */
const fewPaths = 8;

export function code(page: Page, run: Run): string[] {
  return run.repos.flatMap((repo) => [...summary(page, repo), ...details(page, repo)]);
}

function summary(page: Page, repo: Repo): string[] {
  const { style } = page;
  const where = repo.branch ?? (repo.kind === 'git' ? 'detached' : repo.kind === 'bare' ? 'bare' : 'no repository');
  const state =
    repo.dirty === null ? style.yellow('state unknown') : repo.dirty ? style.yellow(changesText(repo)) : 'clean';
  const named = repo.describe && !repo.describe.startsWith((repo.head ?? '-').slice(0, 7)) ? repo.describe : null;
  return page.parts(
    [
      style.cyan(visible(repo.name)),
      visible(where),
      repo.head ? style.yellow(repo.head.slice(0, 10)) : repo.kind === 'git' && 'no commit',
      repo.kind === 'directory' ? null : repo.dirty === false ? style.green(state) : state,
      named && style.dim(visible(named)),
      repo.ahead ? `${repo.ahead} ahead` : null,
      repo.behind ? `${repo.behind} behind` : null,
    ],
    '  ',
  );
}

function details(page: Page, repo: Repo): string[] {
  const { style } = page;
  const paths = page.all ? repo.changedPaths : repo.changedPaths.slice(0, fewPaths);
  const counted = repo.changes.staged + repo.changes.unstaged + repo.changes.untracked;
  const more =
    page.all && repo.changedPaths.length < 1000 ? 0 : Math.max(repo.changedPaths.length, counted) - paths.length;
  const lines = [
    ...page.parts([page.path(repo.path), repo.remote && visible(repo.remote)]).map(style.dim),
    ...paths.map(({ path, status }) => {
      return `${style.yellow(visible(status).padEnd(2))} ${truncateMiddle(visible(path), page.room - 5)}`;
    }),
    ...(more > 0 ? [style.dim(`and ${plural(more, 'more path')}`)] : []),
    ...repo.nested.flatMap((each) =>
      page.parts([
        each.submodule ? 'submodule' : 'repository',
        style.cyan(visible(each.path)),
        each.head ? style.yellow(each.head.slice(0, 10)) : 'no commit',
        each.dirty ? style.yellow('changed') : each.dirty === null ? 'state unknown' : style.green('clean'),
      ]),
    ),
  ];
  if (repo.omitted.length > 0) lines.push(`${plural(repo.omitted.length, 'file')} kept by name and hash only`);
  if (repo.likelySecrets.length > 0) {
    lines.push(style.yellow(`${plural(repo.likelySecrets.length, 'file')} that may hold secrets`));
  }
  if (repo.snapshot === null && repo.kind !== 'bare') lines.push(style.red('its files could not be kept'));
  return lines.flatMap((line) => page.wrapped(line, '')).map((line) => `  ${line}`);
}

function changesText({ changes }: Repo): string {
  const parts = [
    changes.staged > 0 ? `${changes.staged} staged` : '',
    changes.unstaged > 0 ? `${changes.unstaged} changed` : '',
    changes.untracked > 0 ? `${changes.untracked} untracked` : '',
  ];
  return parts.filter(Boolean).join(', ') || 'changed';
}
