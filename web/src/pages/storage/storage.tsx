import { useQuery, useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RotateCcw, Sparkles, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { api } from '../../lib/api.ts';
import { ago, bytes, integer } from '../../lib/format.ts';
import { shortPath } from '../../lib/paths.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Card, Page, Section, Skeleton, useTitle } from '../../ui/page.tsx';
import { tellFailure } from '../../ui/tell.ts';

/** What takes the space, what could go, and what went. */
export default function Storage() {
  const { t } = useTranslation();
  useTitle(t('nav.storage'));
  const { data, error, refetch } = useQuery({ queryKey: ['storage'], queryFn: () => api('readStorage', {}) });
  return (
    <Page title={t('nav.storage')} lead={data && shortPath(data.home, 4)}>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <Parts storage={data} />
      ) : (
        <Skeleton className="h-40" />
      )}
      <Leftovers />
      <Trash />
      {data && data.outputs.length > 0 && (
        <Section title={t('storage.outputs')} id="outputs">
          <Card className="divide-y divide-line">
            {data.outputs.slice(0, 30).map((output) => (
              <div key={output.run} className="flex flex-wrap items-baseline gap-x-3 px-4 py-2 text-sm">
                <Link
                  to="/runs/$run"
                  params={{ run: output.run }}
                  search={{ tab: 'checkpoints' }}
                  className="font-medium hover:text-accent"
                >
                  {output.name}
                </Link>
                <span className="min-w-0 truncate text-xs text-ink-3">
                  {output.outputDir && shortPath(output.outputDir)}
                </span>
                <span className="ml-auto text-xs text-ink-3">{t('storage.files', { count: output.files })}</span>
                <span className="w-20 text-right tabular-nums">{bytes(output.bytes)}</span>
              </div>
            ))}
          </Card>
        </Section>
      )}
    </Page>
  );
}

const tones = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'series-7'];

function Parts({ storage }: { storage: Answer<'readStorage'> }) {
  const { t } = useTranslation();
  const parts = storage.parts.toSorted((a, b) => b.bytes - a.bytes);
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  return (
    <Section
      title={t('storage.used', { size: bytes(total) })}
      id="used"
      aside={storage.free !== null && t('storage.free', { size: bytes(storage.free) })}
    >
      <Card className="p-4">
        <div aria-hidden className="mb-4 flex h-3 gap-px overflow-hidden rounded-full bg-sunken">
          {parts.map((part, index) => (
            <div
              key={part.part}
              style={{ width: `${(part.bytes / (total || 1)) * 100}%`, background: `var(--${tones[index]})` }}
            />
          ))}
        </div>
        <ul className="grid gap-x-8 gap-y-1.5 text-sm sm:grid-cols-2">
          {parts.map((part, index) => (
            <li key={part.part} className="flex items-baseline gap-2">
              <span
                aria-hidden
                className="size-2 shrink-0 rounded-full"
                style={{ background: `var(--${tones[index]})` }}
              />
              <span>{t(`storage.part.${part.part}`)}</span>
              <span className="ml-auto text-xs text-ink-3">{t('storage.files', { count: part.files })}</span>
              <span className="w-20 text-right tabular-nums">{bytes(part.bytes)}</span>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}

/** Does something, says what went wrong, and has what is shown asked for again. */
function useAct(): (work: () => Promise<unknown>) => Promise<void> {
  const client = useQueryClient();
  return async (work) => {
    try {
      await work();
    } catch (error) {
      tellFailure(error);
    }
    for (const key of ['storage', 'trash', 'leftovers', 'runs']) void client.invalidateQueries({ queryKey: [key] });
  };
}

function Leftovers() {
  const { t } = useTranslation();
  const act = useAct();
  const { data } = useQuery({ queryKey: ['leftovers'], queryFn: () => api('listLeftovers', {}) });
  const removable = data?.leftovers.filter(({ action }) => action === 'would-remove') ?? [];
  if (!data || data.leftovers.length === 0) return null;
  return (
    <Section
      title={t('storage.leftovers')}
      id="leftovers"
      aside={
        removable.length > 0 && (
          <Button onClick={() => void act(() => api('clean', { body: {} }))}>
            <Sparkles className="size-4" aria-hidden />
            {t('storage.clean', { count: removable.length })}
          </Button>
        )
      }
    >
      <Card className="divide-y divide-line">
        {data.leftovers.slice(0, 50).map((left) => (
          <div key={`${left.run} ${left.directory}`} className="px-4 py-2 text-sm">
            <div className="flex flex-wrap items-baseline gap-x-3">
              <Link to="/runs/$run" params={{ run: left.run }} className="font-medium hover:text-accent">
                {left.name}
              </Link>
              <Badge tone={left.action === 'kept' ? 'neutral' : 'warn'}>{t(`storage.action.${left.action}`)}</Badge>
              <span className="ml-auto tabular-nums">{bytes(left.bytes)}</span>
            </div>
            <p className="text-xs break-words text-ink-3">
              {shortPath(left.directory)} · {left.reason}
            </p>
          </div>
        ))}
      </Card>
    </Section>
  );
}

function Trash() {
  const { t } = useTranslation();
  const act = useAct();
  const [asking, setAsking] = useState(false);
  const entries = useQuery(ask.trash()).data?.entries;
  if (!entries) return null;
  const total = entries.reduce((sum, entry) => sum + entry.bytes, 0);
  return (
    <Section
      title={t('storage.trash')}
      id="trash"
      aside={
        entries.length > 0 && (
          <Button look="danger" onClick={() => setAsking(true)}>
            <Trash2 className="size-4" aria-hidden />
            {t('storage.empty', { size: bytes(total) })}
          </Button>
        )
      }
    >
      {entries.length === 0 ? (
        <p className="text-sm text-ink-3">{t('storage.trashEmpty')}</p>
      ) : (
        <Card className="divide-y divide-line">
          {entries.map((entry) => (
            <div key={entry.id} className="flex items-center gap-3 px-4 py-2 text-sm">
              <div className="min-w-0 flex-1">
                <div className="flex flex-wrap items-baseline gap-x-2">
                  <span className="font-medium">{entry.name}</span>
                  <Badge>{t(`storage.kind.${entry.kind}`, { defaultValue: entry.kind })}</Badge>
                  <span className="text-xs text-ink-3">{ago(entry.at)}</span>
                </div>
                <p className="truncate text-xs text-ink-3">{entry.reason}</p>
              </div>
              <span className="text-xs text-ink-3 max-sm:hidden">{t('storage.files', { count: entry.files })}</span>
              <span className="w-20 text-right tabular-nums">{bytes(entry.bytes)}</span>
              <Button onClick={() => void act(() => api('restoreTrash', { body: { entries: [entry.id] } }))}>
                <RotateCcw className="size-4" aria-hidden />
                <span className="max-sm:sr-only">{t('storage.restore')}</span>
              </Button>
            </div>
          ))}
        </Card>
      )}
      <Dialog open={asking} onOpenChange={setAsking} title={t('storage.emptyTitle')}>
        <p className="text-sm text-ink-2">
          {t('storage.emptyText', { count: entries.length, shown: integer(entries.length), size: bytes(total) })}
        </p>
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t('common.cancel')}</Button>
          <Button
            look="danger"
            onClick={() => {
              setAsking(false);
              void act(() => api('emptyTrash', { body: { before: new Date().toISOString() } }));
            }}
          >
            {t('storage.emptyNow')}
          </Button>
        </div>
      </Dialog>
    </Section>
  );
}
