import { X } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { RunRow } from '../../../../src/api/index.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import type { Annotating } from './annotate.ts';

/** Gives tags to the runs that are selected, and takes them. */
export default function TagDialog({
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
