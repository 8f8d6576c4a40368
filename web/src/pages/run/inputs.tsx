import { useQuery } from '@tanstack/react-query';
import { ChevronRight } from 'lucide-react';
import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, ChangedRepo, CodeFile, RecordedFile } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { api } from '../../lib/api.ts';
import { bytes, integer } from '../../lib/format.ts';
import { shortPath } from '../../lib/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { classes } from '../../ui/classes.ts';
import { Copy } from '../../ui/copy.tsx';
import { Facts } from '../../ui/facts.tsx';
import { later } from '../../ui/later.tsx';
import { Card, Section, Skeleton } from '../../ui/page.tsx';
import { NotRecorded } from '../../ui/unknown.tsx';
import { useListed } from './address.ts';
import { DatasetInput } from './inputs-dataset.tsx';
import { Prompts } from './inputs-prompts.tsx';
import { SettingsTable } from './settings-table.tsx';

const PatchView = later(() => import('../../code/patch-view.tsx'), <Skeleton className="m-3 h-20" />);

type Run = Answer<'showRun'>;

/** Everything that made the run. */
export default function Inputs({ run }: { run: Run }) {
  const { t } = useTranslation();
  return (
    <>
      <Section title={t('inputs.command')} id="command">
        <Card className="overflow-x-auto p-4">
          {run.command.length === 0 ? (
            <NotRecorded />
          ) : (
            <>
              <code className="font-mono text-xs break-all whitespace-pre-wrap">{run.command.join(' ')}</code>
              <div className="mt-2 text-xs text-ink-3">
                {t('inputs.in')} <Copy text={run.cwd} />
              </div>
            </>
          )}
        </Card>
      </Section>
      <SettingsTable settings={run.settings} />
      <Files run={run} />
      <Prompts run={run} />
      <Code run={run} />
      <DatasetInput run={run} />
      <Environment run={run} />
    </>
  );
}

/** A line that opens to show more. @param id by which the address tells that it is open */
function Fold({
  id,
  title,
  aside,
  children,
}: {
  id: string;
  title: ReactNode;
  aside?: ReactNode;
  children: () => ReactNode;
}) {
  const [all, put] = useListed('open');
  const open = all.has(id);
  return (
    <div>
      <button
        type="button"
        aria-expanded={open}
        onClick={() => put(id, !open)}
        className="flex w-full items-center gap-2.5 px-4 py-2 text-left text-sm hover:bg-sunken/70"
      >
        <ChevronRight
          className={classes('size-4 shrink-0 text-ink-3 transition-transform', open && 'rotate-90')}
          aria-hidden
        />
        <span className="flex min-w-0 flex-1 flex-wrap items-center gap-x-2.5 gap-y-1">{title}</span>
        <span className="shrink-0 text-xs text-ink-3">{aside}</span>
      </button>
      {open && <div className="border-t border-line">{children()}</div>}
    </div>
  );
}

function Files({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { data } = useQuery(ask.files(run.id));
  return (
    <Section title={t('inputs.files')} id="files">
      <Card className="divide-y divide-line">
        {data?.files.length === 0 && (
          <p className="px-4 py-3 text-sm">
            <NotRecorded />
          </p>
        )}
        {data ? (
          data.files.map((file) => (
            <Fold
              key={file.id}
              id={file.id}
              title={
                <>
                  <Badge>{t(`role.${file.role}`, { defaultValue: file.role })}</Badge>
                  <span className="min-w-0 truncate font-mono text-xs">{shortPath(file.path)}</span>
                  {file.changedAt && <Badge tone="warn">{t('inputs.changedDuring')}</Badge>}
                  {file.redactedKeys.length > 0 && <Badge>{t('inputs.redacted')}</Badge>}
                </>
              }
              aside={bytes(file.bytes)}
            >
              {() => <FileText run={run.id} file={file} />}
            </Fold>
          ))
        ) : (
          <Skeleton className="h-24" />
        )}
      </Card>
    </Section>
  );
}

function FileText({ run, file }: { run: string; file: RecordedFile }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: ['run', run, 'file', file.id],
    queryFn: ({ signal }) => api('readFile', { run, file: file.id }, signal),
    enabled: file.kept,
  });
  return (
    <div className="px-4 py-3">
      <Facts
        facts={[
          [t('inputs.path'), <Copy key="path" text={file.path} />],
          ['SHA-256', file.sha256 && <Copy key="hash" text={file.sha256} shown={file.sha256.slice(0, 16)} />],
        ]}
      />
      {file.kept ? (
        <pre
          // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
          tabIndex={0}
          className="mt-3 max-h-96 overflow-auto rounded-lg bg-sunken p-3 font-mono text-xs"
        >
          {data ?? ' '}
        </pre>
      ) : (
        <p className="mt-2 text-sm text-ink-3">{t('inputs.notKept')}</p>
      )}
    </div>
  );
}

function Code({ run }: { run: Run }) {
  const { t } = useTranslation();
  const { data } = useQuery(ask.code(run.id));
  const changed = useMemo(() => new Map(data?.repos.map((repo) => [repo.name, repo])), [data]);
  return (
    <Section title={t('inputs.code')} id="code">
      <Card className="divide-y divide-line">
        {run.repos.length === 0 && (
          <p className="px-4 py-3 text-sm">
            <NotRecorded />
          </p>
        )}
        {run.repos.map((repo) => (
          <Fold
            key={repo.path}
            id={`repo ${repo.name}`}
            title={
              <>
                <span className="font-medium">{repo.name}</span>
                {repo.head && <span className="font-mono text-xs text-ink-2">{repo.head.slice(0, 7)}</span>}
                {repo.branch && <span className="truncate text-xs text-ink-3">{repo.branch}</span>}
                {repo.dirty && <Badge tone="warn">{t('inputs.dirty')}</Badge>}
                {repo.dirty === null && <Badge>{t('inputs.unknownState')}</Badge>}
              </>
            }
            aside={repo.roles.join(', ')}
          >
            {() => (
              <div className="px-4 py-3">
                <Facts
                  facts={[
                    [t('inputs.path'), <Copy key="path" text={repo.path} />],
                    [
                      t('inputs.commit'),
                      repo.head && <Copy key="head" text={repo.head} shown={repo.head.slice(0, 16)} />,
                    ],
                    [t('inputs.remote'), repo.remote],
                    [t('inputs.describe'), repo.describe],
                  ]}
                />
                <ChangedFiles run={run.id} repo={changed.get(repo.name)} />
              </div>
            )}
          </Fold>
        ))}
      </Card>
    </Section>
  );
}

function ChangedFiles({ run, repo }: { run: string; repo: ChangedRepo | undefined }) {
  const { t } = useTranslation();
  if (!repo) return null;
  if (repo.files === null) return <p className="mt-3 text-sm text-ink-3">{t('inputs.filesUnknown')}</p>;
  if (repo.files.length === 0) return <p className="mt-3 text-sm text-ink-3">{t('inputs.clean')}</p>;
  return (
    <div className="mt-3 divide-y divide-line overflow-hidden rounded-lg border border-line">
      {repo.files.map((file) => (
        <Fold
          key={file.id}
          id={file.id}
          title={<span className="min-w-0 truncate font-mono text-xs">{file.after?.path ?? file.before?.path}</span>}
          aside={<LineCounts file={file} />}
        >
          {() => <FilePatch run={run} file={file} />}
        </Fold>
      ))}
      {repo.more > 0 && <p className="px-4 py-2 text-xs text-ink-3">{t('inputs.moreFiles', { count: repo.more })}</p>}
    </div>
  );
}

export function LineCounts({ file }: { file: CodeFile }) {
  if (!file.lines) return bytes(file.after?.bytes ?? file.before?.bytes);
  return (
    <span className="font-mono">
      <span className="text-good">+{file.lines.added}</span> <span className="text-bad">−{file.lines.removed}</span>
    </span>
  );
}

function FilePatch({ run, file }: { run: string; file: CodeFile }) {
  const { data } = useQuery({
    queryKey: ['run', run, 'patch', file.id],
    queryFn: ({ signal }) => api('readPatch', { run, file: file.id }, signal),
  });
  if (!data) return <Skeleton className="m-3 h-20" />;
  return <PatchView patch={data} />;
}

function Environment({ run }: { run: Run }) {
  const { t } = useTranslation();
  const found = run.environment;
  if (!found) {
    return (
      <Section title={t('inputs.environment')} id="environment">
        <Card className="px-4 py-3 text-sm">
          <NotRecorded />
        </Card>
      </Section>
    );
  }
  return (
    <Section title={t('inputs.environment')} id="environment">
      <Card className="divide-y divide-line">
        <div className="px-4 py-3">
          <Facts
            facts={[
              ['Python', found.python],
              ['torch', found.torch],
              ['CUDA', found.cuda],
              [t('inputs.driver'), found.driver],
              [
                'GPU',
                found.gpus
                  .map((gpu) => `${gpu.name}${gpu.memoryBytes ? ` (${bytes(gpu.memoryBytes)})` : ''}`)
                  .join(', '),
              ],
              ['CPU', `${found.cpu.model} × ${found.cpu.cores}`],
              [t('inputs.memory'), bytes(found.memoryBytes)],
              ['conda', found.conda],
              ['venv', found.venv],
              [t('inputs.os'), `${found.os} (${found.kernel})`],
              [t('inputs.container'), found.container],
            ]}
          />
        </div>
        <Fold id="packages" title={t('inputs.packages')} aside={integer(found.packages.length)}>
          {() => (
            <ul className="grid gap-x-6 gap-y-1 px-4 py-3 font-mono text-xs sm:grid-cols-2 lg:grid-cols-3">
              {found.packages.map((each) => (
                <li key={each.name} className="flex min-w-0 justify-between gap-3">
                  <span className="truncate">{each.name}</span>
                  <span className="text-ink-3">{each.editable ? 'editable' : each.version}</span>
                </li>
              ))}
            </ul>
          )}
        </Fold>
        <Fold id="variables" title={t('inputs.variables')} aside={integer(Object.keys(found.variables).length)}>
          {() => (
            <div className="overflow-x-auto px-4 py-3 font-mono text-xs">
              {Object.entries(found.variables).map(([name, text]) => (
                <div key={name}>
                  <span className="text-ink-2">{name}</span>={typeof text === 'string' ? text : '••••••'}
                </div>
              ))}
            </div>
          )}
        </Fold>
      </Card>
    </Section>
  );
}
