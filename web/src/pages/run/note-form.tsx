import { type ReactNode, useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import { Card, Skeleton } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';

const Markdown = later(() => import('../../text/markdown.tsx'), <Skeleton className="h-12" />);

/** Where a note is written in Markdown, or seen as it will be. Ctrl+Enter saves, Escape leaves. */
export function NoteForm({
  text,
  onText,
  preview,
  onPreview,
  label,
  save,
  onSave,
  onCancel,
  eager = false,
  children,
}: {
  text: string;
  onText: (text: string) => void;
  preview: boolean;
  onPreview: (preview: boolean) => void;
  label: string;
  /** What the button that saves is called. */
  save: string;
  onSave: () => void;
  onCancel?: () => void;
  /** It was asked for: the text has the focus at once. */
  eager?: boolean;
  /** What has to be said of it. */
  children?: ReactNode;
}) {
  const { t } = useTranslation();
  const isEmpty = text.trim() === '';
  const field = useRef<HTMLTextAreaElement>(null);
  // biome-ignore lint/correctness/useExhaustiveDependencies: whenever it is written again
  useEffect(() => {
    if (eager) field.current?.focus();
  }, [eager, preview]);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (!isEmpty) onSave();
      }}
      onKeyDown={(event) => {
        if (event.key === 'Enter' && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          if (!isEmpty) onSave();
        } else if (event.key === 'Escape' && onCancel) {
          event.stopPropagation();
          onCancel();
        }
      }}
    >
      <div className="mb-2 flex flex-wrap items-center gap-2">
        <Segments
          label={t('notes.view')}
          value={preview ? 'preview' : 'write'}
          onChange={(view) => onPreview(view === 'preview')}
          options={[
            { value: 'write', label: t('notes.write') },
            { value: 'preview', label: t('notes.preview') },
          ]}
        />
        {onCancel && (
          <Button className="ml-auto" onClick={onCancel}>
            {t('common.cancel')}
          </Button>
        )}
        <Button look="primary" type="submit" disabled={isEmpty} className={onCancel ? undefined : 'ml-auto'}>
          {save}
        </Button>
      </div>
      {preview ? (
        <Card className="min-h-36 px-4 py-3">
          <Markdown text={text} />
        </Card>
      ) : (
        <textarea
          dir="auto"
          aria-label={label}
          ref={field}
          value={text}
          rows={Math.max(6, Math.min(20, text.split('\n').length + 1))}
          onChange={(event) => onText(event.target.value)}
          placeholder={t('notes.placeholder')}
          className="block w-full rounded-lg border border-line-strong bg-panel px-3 py-2 font-mono text-sm placeholder:font-sans placeholder:text-ink-3 focus:border-accent focus:outline-none"
        />
      )}
      {children}
    </form>
  );
}
