import { Gavel, GitCompareArrows, Tag, Trash2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { isShared } from '../../lib/site.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import type { Annotating } from './annotate.ts';
import { mostInAddress, type Selection } from './selection.ts';

// The bar is there at the first click into the list; what it opens is loaded when it is reached for.
const VerdictDialog = later(() => import('./verdict-dialog.tsx'));
const TagDialog = later(() => import('./tag-dialog.tsx'));

/** What is asked about the selected runs. */
export type Asking = 'tags' | 'verdict' | null;

/** What can be done with the runs that are selected. */
export default function SelectionBar({
  selection,
  annotating,
  asking,
  onAsk,
  onTrash,
}: {
  selection: Selection;
  annotating: Annotating;
  asking: Asking;
  onAsk: (asking: Asking) => void;
  onTrash: () => void;
}) {
  const { t } = useTranslation();
  const { runs, ids } = selection;
  const count = ids.size;
  return (
    <div
      role="toolbar"
      aria-label={t('runs.selected', { count })}
      className="fixed inset-x-3 bottom-17 z-20 mx-auto flex max-w-2xl flex-wrap items-center gap-1.5 rounded-xl border border-line-strong bg-panel px-3 py-2 shadow-lift md:bottom-5"
    >
      <IconButton label={t('runs.clearSelection')} onClick={selection.clear}>
        <X className="size-4" aria-hidden />
      </IconButton>
      <span className="mr-auto text-sm font-medium" aria-live="polite">
        {t('runs.selected', { count })}
        {count > mostInAddress && (
          <span className="block text-xs font-normal text-ink-3">
            {t('runs.tooManyToKeep', { most: mostInAddress })}
          </span>
        )}
      </span>
      <Button
        look="primary"
        disabled={count < 2 || count > 12}
        onClick={() => annotating.compare([...ids])}
        title={t('runs.compareLimit')}
      >
        <GitCompareArrows className="size-4" aria-hidden />
        {t('runs.compare')}
      </Button>
      {!isShared && (
        <>
          <Button onPointerEnter={() => void VerdictDialog.preload()} onClick={() => onAsk('verdict')}>
            <Gavel className="size-4 max-sm:hidden" aria-hidden />
            {t('runs.verdict')}
          </Button>
          <Button onPointerEnter={() => void TagDialog.preload()} onClick={() => onAsk('tags')}>
            <Tag className="size-4" aria-hidden />
            {t('runs.tag')}
          </Button>
          <Button look="danger" onClick={onTrash}>
            <Trash2 className="size-4" aria-hidden />
            <span className="max-sm:sr-only">{t('runs.trash')}</span>
          </Button>
          {asking === 'tags' && (
            <TagDialog
              runs={runs}
              title={t('runs.tagTitle', { count })}
              onClose={() => onAsk(null)}
              annotating={annotating}
            />
          )}
          {asking === 'verdict' && <VerdictDialog runs={runs} onClose={() => onAsk(null)} annotating={annotating} />}
        </>
      )}
    </div>
  );
}
