import { useQuery } from '@tanstack/react-query';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrashEntry } from '../../../../src/api/index.ts';
import { ask } from '../../app/queries.ts';
import { useActions } from '../../lib/actions.ts';
import { api } from '../../lib/api.ts';
import { ago, bytes, moment } from '../../lib/format.ts';
import { baseName, shortPath } from '../../lib/paths.ts';
import { useSay } from '../../said/said.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Card, Section } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { act } from './act.ts';
import { EmptyDialog } from './empty-dialog.tsx';
import { Lost } from './lost.tsx';
import { More } from './more.tsx';

/** What was removed: it comes back, or goes for good. */
export function Trash() {
  const { t } = useTranslation();
  const [most, setMost] = useState(50);
  const [emptying, setEmptying] = useState(false);
  const [deleted, setDeleted] = useState<TrashEntry | null>(null);
  const entries = useQuery(ask.trash()).data?.entries;
  const total = (entries ?? []).reduce((sum, entry) => sum + entry.bytes, 0);
  useActions(
    entries && entries.length > 0
      ? [
          {
            label: `${t('storage.trash')}: ${t('storage.empty', { size: bytes(total) })}`,
            act: () => setEmptying(true),
          },
        ]
      : [],
  );
  if (!entries) return null;
  const latest = entries.toSorted((a, b) => (a.at < b.at ? 1 : -1));
  const restore = async ({ id, name }: TrashEntry) => {
    const done = await act(() => api('restoreTrash', { body: { entries: [id] } }));
    if (done) tell({ title: t('storage.restored', { name }) });
  };
  return (
    <Section
      title={t('storage.trash')}
      id="trash"
      aside={
        entries.length > 0 && (
          <Button look="danger" onClick={() => setEmptying(true)}>
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
          {latest.slice(0, most).map((entry) => (
            <Entry key={entry.id} entry={entry} onRestore={restore} onDelete={setDeleted} />
          ))}
          <More shown={most} total={entries.length} onMore={() => setMost(entries.length)} />
        </Card>
      )}
      {emptying && <EmptyDialog entries={entries} onClose={() => setEmptying(false)} />}
      {deleted && <DeleteDialog entry={deleted} onClose={() => setDeleted(null)} />}
    </Section>
  );
}

function Entry({
  entry,
  onRestore,
  onDelete,
}: {
  entry: TrashEntry;
  onRestore: (entry: TrashEntry) => Promise<void>;
  onDelete: (entry: TrashEntry) => void;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const { name, kind, at, from, reason } = entry;
  return (
    <div className="flex items-center gap-x-3 gap-y-1 px-4 py-2 text-sm max-sm:flex-wrap">
      <div className="min-w-0 flex-1 max-sm:basis-full">
        <div className="flex flex-wrap items-baseline gap-x-2">
          <span className="font-medium break-words">{name}</span>
          <Badge>{t(`storage.kind.${kind}`)}</Badge>
          <span className="text-xs text-ink-3" title={moment(at)}>
            {ago(at)}
          </span>
        </div>
        <p className="truncate text-xs text-ink-3" title={from}>
          {kind === 'checkpoint' ? baseName(from) : shortPath(from)} · {say(reason)}
        </p>
      </div>
      <span className="text-xs text-ink-3 max-sm:hidden">{t('storage.files', { count: entry.files })}</span>
      <span className="w-20 shrink-0 text-right tabular-nums max-sm:mr-auto max-sm:text-left">
        {bytes(entry.bytes)}
      </span>
      <Button aria-label={t('storage.restoreOne', { name: labelOf(entry) })} onClick={() => void onRestore(entry)}>
        <RotateCcw className="size-4" aria-hidden />
        {t('storage.restore')}
      </Button>
      <IconButton label={t('storage.deleteOne', { name: labelOf(entry) })} onClick={() => onDelete(entry)}>
        <Trash2 className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}

/** Of checkpoints of one run each its own. */
const labelOf = ({ kind, name, from }: TrashEntry) => (kind === 'checkpoint' ? baseName(from) : name);

function DeleteDialog({ entry, onClose }: { entry: TrashEntry; onClose: () => void }) {
  const { t } = useTranslation();
  const remove = async () => {
    onClose();
    const done = await act(() => api('deleteTrash', { body: { entries: [entry.id] } }));
    if (done) tell({ title: t('storage.deleted', { size: bytes(entry.bytes) }) });
  };
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('storage.deleteTitle')}>
      <p className="text-sm text-ink-2">{t(`storage.loses.${entry.kind}`, { name: entry.name })}</p>
      <Lost rows={[{ key: entry.id, name: shortPath(entry.from), bytes: entry.bytes }]} />
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" onClick={() => void remove()}>
          {t('storage.emptyNow')}
        </Button>
      </div>
    </Dialog>
  );
}
