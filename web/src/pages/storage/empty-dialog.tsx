import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TrashEntry } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { bytes, integer } from '../../lib/format.ts';
import { baseName } from '../../lib/paths.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Segments } from '../../ui/segments.tsx';
import { tell } from '../../ui/tell.ts';
import { act } from './act.ts';
import { Lost } from './lost.tsx';

const ages = { all: 0, week: 7, month: 30 } as const;
type Age = keyof typeof ages;
const day = 86_400_000;

/** Deletes for good what was removed, all of it or what is older; names what is lost. */
export function EmptyDialog({ entries, onClose }: { entries: readonly TrashEntry[]; onClose: () => void }) {
  const { t } = useTranslation();
  const [age, setAge] = useState<Age>('all');
  // What is removed while one thinks it over was not asked about.
  const [opened] = useState(() => Date.now());
  const before = new Date(opened - ages[age] * day).toISOString();
  const old = entries.filter(({ at }) => at <= before).toSorted((a, b) => b.bytes - a.bytes);
  const size = bytes(old.reduce((sum, entry) => sum + entry.bytes, 0));
  const empty = async () => {
    onClose();
    const done = await act(() => api('emptyTrash', { body: { before } }));
    if (!done) return;
    tell({ title: t('storage.deleted', { size: bytes(done.entries.reduce((sum, entry) => sum + entry.bytes, 0)) }) });
  };
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('storage.emptyTitle')}>
      <Segments
        label={t('storage.age.label')}
        value={age}
        onChange={setAge}
        options={(Object.keys(ages) as Age[]).map((value) => ({ value, label: t(`storage.age.${value}`) }))}
      />
      <p className="mt-3 text-sm text-ink-2">
        {old.length === 0
          ? t('storage.noneOld')
          : t('storage.emptyText', { count: old.length, shown: integer(old.length), size })}
      </p>
      {old.length > 0 && (
        <Lost
          rows={old.map(({ id, kind, name, from, bytes }) => {
            return {
              key: id,
              name: kind === 'checkpoint' ? baseName(from) : `${name} (${t(`storage.kind.${kind}`)})`,
              bytes,
            };
          })}
        />
      )}
      <div className="mt-5 flex flex-wrap justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" disabled={old.length === 0} onClick={() => void empty()}>
          {t('storage.emptyNow')}
        </Button>
      </div>
    </Dialog>
  );
}
