import { GitCompareArrows, Tag, Trash2, X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRow } from '../../../../src/api/index.ts';
import { isShared } from '../../lib/site.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Menu, MenuItem, MenuLine } from '../../ui/menu.tsx';
import type { Annotating } from './annotate.ts';
import type { Selection } from './selection.ts';

/** What can be done with the runs that are selected. */
export default function SelectionBar({ selection, annotating }: { selection: Selection; annotating: Annotating }) {
  const { t } = useTranslation();
  const { runs, ids } = selection;
  const count = ids.size;
  const [tagging, setTagging] = useState(false);
  const verdicts = ['worked', 'mixed', 'failed'] as const;
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
          <Menu trigger={<Button>{t('runs.verdict')}</Button>}>
            {verdicts.map((verdict) => (
              <MenuItem key={verdict} onSelect={() => void annotating.verdict(runs, verdict, null)}>
                {t(`verdict.${verdict}`)}
              </MenuItem>
            ))}
            <MenuLine />
            <MenuItem onSelect={() => void annotating.verdict(runs, null, null)}>{t('runs.noVerdict')}</MenuItem>
          </Menu>
          <Button onClick={() => setTagging(true)}>
            <Tag className="size-4" aria-hidden />
            {t('runs.tag')}
          </Button>
          <Button look="danger" onClick={() => void annotating.trash(runs).then(selection.clear)}>
            <Trash2 className="size-4" aria-hidden />
            <span className="max-sm:sr-only">{t('runs.trash')}</span>
          </Button>
          <TagDialog runs={runs} open={tagging} onOpenChange={setTagging} annotating={annotating} />
        </>
      )}
    </div>
  );
}

function TagDialog({
  runs,
  open,
  onOpenChange,
  annotating,
}: {
  runs: readonly RunRow[];
  open: boolean;
  onOpenChange: (open: boolean) => void;
  annotating: Annotating;
}) {
  const { t } = useTranslation();
  const [text, setText] = useState('');
  const present = [...new Set(runs.flatMap(({ tags }) => tags))].sort();
  const words = text.split(/\s+/).filter(Boolean);
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title={t('runs.tagTitle', { count: runs.length })}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (words.length > 0) void annotating.tag(runs, words, []);
          setText('');
          onOpenChange(false);
        }}
      >
        <label className="block text-sm">
          <span className="mb-1 block text-ink-2">{t('runs.newTags')}</span>
          <input
            autoFocus
            value={text}
            onChange={(event) => setText(event.target.value)}
            placeholder="keeper night"
            className="h-9 w-full rounded-lg border border-line-strong bg-paper px-3 focus:border-accent focus:outline-none"
          />
        </label>
        {present.length > 0 && (
          <div className="mt-4">
            <span className="mb-1 block text-sm text-ink-2">{t('runs.takeTags')}</span>
            <div className="flex flex-wrap gap-1.5">
              {present.map((tag) => (
                <button
                  key={tag}
                  type="button"
                  onClick={() => void annotating.tag(runs, [], [tag])}
                  className="inline-flex items-center gap-1 rounded-full bg-sunken px-2.5 py-0.5 text-xs hover:bg-bad-soft hover:text-bad"
                >
                  {tag}
                  <X className="size-3" aria-hidden />
                </button>
              ))}
            </div>
          </div>
        )}
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={() => onOpenChange(false)}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" disabled={words.length === 0}>
            {t('runs.tag')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
