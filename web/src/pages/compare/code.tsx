import { useQuery } from '@tanstack/react-query';
import { ChevronRight, GitCommitHorizontal } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, ChangedRepo, CodeFile } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { later } from '../../ui/later.tsx';
import { Card, Empty, Section, Skeleton } from '../../ui/page.tsx';
import { LineCounts } from '../run/inputs.tsx';
import { Row } from './change-row.tsx';

const PatchView = later(() => import('../../code/patch-view.tsx'), <Skeleton className="m-3 h-20" />);

/** The code that made the two runs, file by file. */
export default function Code({ diff }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  const run = diff.runs.map(({ id }) => id);
  const { data } = useQuery({
    queryKey: ['runs', 'diff-code', ...run],
    queryFn: ({ signal }) => api('diffCode', { run }, signal),
  });
  if (!data) return <Skeleton className="h-64" />;
  const changed = data.repos.filter(({ files }) => files === null || files.length > 0);
  // What only one of the two has, or what was not recorded: told, never taken for the same.
  const others = (diff.changes ?? []).filter(
    ({ area, partOf, subject, effective }) =>
      area === 'code' && partOf === null && effective && !changed.some(({ name }) => name === subject),
  );
  if (changed.length + others.length === 0) return <Empty title={t('compare.sameCode')} />;
  return (
    <>
      {changed.map((repo) => (
        <Repo key={repo.name} repo={repo} run={run} />
      ))}
      {others.length > 0 && (
        <Section title={t('compare.otherCode')} id="code-others">
          <Card className="divide-y divide-line">
            {others.map((each) => (
              <Row key={each.subject} change={each} parts={[]} />
            ))}
          </Card>
        </Section>
      )}
    </>
  );
}

function Repo({ repo, run }: { repo: ChangedRepo; run: string[] }) {
  const { t } = useTranslation();
  const { before, after } = repo;
  return (
    <Section
      title={repo.name}
      id={`code-${repo.name}`}
      aside={
        <span className="font-mono">
          {before?.slice(0, 7) ?? '–'} → {after?.slice(0, 7) ?? '–'}
        </span>
      }
    >
      {repo.commits && <Commits commits={repo.commits} />}
      {repo.files === null ? (
        <Card className="flex flex-wrap items-center gap-2 px-4 py-2.5 text-sm text-ink-2">
          <Badge tone="warn">{t('kind.unknown')}</Badge>
          {t('inputs.filesUnknown')}
        </Card>
      ) : (
        <div className="space-y-3">
          {repo.files.map((file, index) => (
            <File key={file.id} file={file} run={run} openAtFirst={index < 5} />
          ))}
          {repo.more > 0 && <p className="text-xs text-ink-3">{t('inputs.moreFiles', { count: repo.more })}</p>}
        </div>
      )}
    </Section>
  );
}

function Commits({ commits }: { commits: NonNullable<ChangedRepo['commits']> }) {
  const { t } = useTranslation();
  const sides = [
    ['compare.onlyBefore', commits.before],
    ['compare.onlyAfter', commits.after],
  ] as const;
  return sides.map(
    ([key, side]) =>
      side.count > 0 && (
        <div key={key} className="mb-3 text-sm">
          <p className="text-xs text-ink-3">{t(key, { count: side.count })}</p>
          <ul>
            {side.latest.slice(0, 8).map(({ commit, title }) => (
              <li key={commit} className="flex min-w-0 items-center gap-2">
                <GitCommitHorizontal className="size-4 shrink-0 text-ink-3" aria-hidden />
                <span className="font-mono text-xs text-ink-3">{commit.slice(0, 7)}</span>
                <span className="truncate">{title}</span>
              </li>
            ))}
          </ul>
        </div>
      ),
  );
}

function File({ file, run, openAtFirst }: { file: CodeFile; run: string[]; openAtFirst: boolean }) {
  const [open, setOpen] = useState(openAtFirst);
  const { data } = useQuery({
    queryKey: ['runs', 'diff-file', ...run, file.id],
    queryFn: ({ signal }) => api('diffFile', { run, file: file.id }, signal),
    enabled: open,
  });
  const path = file.after?.path ?? file.before?.path ?? '';
  const former = file.before && file.after && file.before.path !== file.after.path ? file.before.path : null;
  return (
    <Card className="overflow-hidden">
      <button
        type="button"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
        className="flex w-full items-center gap-2 px-4 py-2 text-left text-sm hover:bg-sunken/70"
      >
        <ChevronRight
          className={classes('size-4 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
          aria-hidden
        />
        <span className="min-w-0 flex-1 truncate font-mono text-xs">
          {former && <span className="text-ink-3">{former} → </span>}
          {path}
        </span>
        <span className="text-xs">
          <LineCounts file={file} />
        </span>
      </button>
      {open && (
        <div className="border-t border-line">
          {data ? <PatchView patch={data} /> : <Skeleton className="m-3 h-20" />}
        </div>
      )}
    </Card>
  );
}
