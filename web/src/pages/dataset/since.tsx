import { X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { integer } from '../../lib/format.ts';
import { IconButton } from '../../ui/button.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import type { Images } from './use-images.ts';

const kinds = ['added', 'removed', 'changed', 'caption'] as const;

/** What changed since another run, counted by how; one of the ways can be chosen. */
export function Since({
  former,
  images,
  change,
  onChange,
  onEnd,
}: {
  former: { id: string; name: string } | null;
  images: Images;
  change: string | undefined;
  onChange: (change: string | undefined) => void;
  onEnd: () => void;
}) {
  const { t } = useTranslation();
  const { changes, total, isOld } = images;
  const all = changes && kinds.reduce((sum, kind) => sum + changes[kind], 0);
  const counted = (word: string, count: number) => (
    <span>
      {word} <span className="text-ink-3 tabular-nums">{integer(count)}</span>
    </span>
  );
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-3 gap-y-2 rounded-lg border border-line bg-panel px-3 py-2 text-sm">
      <span className="min-w-0 font-medium break-words">{t('dataset.since', { name: former?.name ?? '…' })}</span>
      {changes && all !== null ? (
        <Segments
          label={t('dataset.changes')}
          value={kinds.find((kind) => kind === change) ?? (change === 'all' ? 'all' : 'any')}
          onChange={(next) => onChange(next === 'any' ? undefined : next)}
          options={[
            { value: 'any', label: counted(t('dataset.anyChange'), all) },
            ...kinds.map((kind) => ({ value: kind, label: counted(t(`dataset.change.${kind}`), changes[kind]) })),
            { value: 'all', label: t('dataset.allImages') },
          ]}
        />
      ) : (
        (total !== null && !isOld && <span className="text-warn">{t('dataset.sinceUnknown')}</span>) || (
          <Skeleton className="h-8 w-96 max-w-full" />
        )
      )}
      <IconButton label={t('common.close')} onClick={onEnd} className="ml-auto">
        <X className="size-4" aria-hidden />
      </IconButton>
    </div>
  );
}
