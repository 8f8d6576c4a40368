import { useQueryClient } from '@tanstack/react-query';
import { NotebookPen } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { moment } from '../../lib/format.ts';
import { isShared } from '../../lib/site.ts';
import { Button } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import { Card, Empty, Skeleton } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';
import { tellFailure } from '../../ui/tell.ts';

const Markdown = later(() => import('../../text/markdown.tsx'), <Skeleton className="h-12" />);

/** What people wrote of the run, in Markdown. */
export default function Notes({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [text, setText] = useDraft(run.id);
  const [view, setView] = useState<'write' | 'preview'>('write');
  const save = async () => {
    try {
      await api('addNote', { body: { run: run.id, text } });
      setText('');
      setView('write');
      await client.invalidateQueries({ queryKey: ['run', run.id] });
    } catch (error) {
      tellFailure(error);
    }
  };
  return (
    <div className="max-w-3xl">
      <form
        hidden={isShared}
        className="mb-8"
        onSubmit={(event) => {
          event.preventDefault();
          void save();
        }}
      >
        <div className="mb-2 flex items-center justify-between gap-3">
          <Segments
            label={t('notes.view')}
            value={view}
            onChange={setView}
            options={[
              { value: 'write', label: t('notes.write') },
              { value: 'preview', label: t('notes.preview') },
            ]}
          />
          <Button look="primary" type="submit" disabled={text.trim() === ''}>
            {t('notes.add')}
          </Button>
        </div>
        {view === 'write' ? (
          <textarea
            dir="auto"
            aria-label={t('notes.text')}
            value={text}
            rows={6}
            onChange={(event) => setText(event.target.value)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' && (event.metaKey || event.ctrlKey) && text.trim() !== '') void save();
            }}
            placeholder={t('notes.placeholder')}
            className="w-full rounded-lg border border-line-strong bg-panel px-3 py-2 font-mono text-sm placeholder:font-sans placeholder:text-ink-3 focus:border-accent focus:outline-none"
          />
        ) : (
          <Card className="min-h-36 px-4 py-3">
            <Markdown text={text} />
          </Card>
        )}
      </form>
      {run.notes.length === 0 ? (
        <Empty icon={<NotebookPen />} title={t('notes.none')}>
          {t('notes.noneHint')}
        </Empty>
      ) : (
        <ol className="space-y-4">
          {run.notes.toReversed().map((note) => (
            <li key={`${note.at} ${note.text}`}>
              <Card className="px-4 py-3">
                <time dateTime={note.at} className="text-xs text-ink-3">
                  {moment(note.at)}
                </time>
                <Markdown text={note.text} />
              </Card>
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

/** What is being written outlives a look at another part of the run, and a reload. */
function useDraft(run: string): [string, (text: string) => void] {
  const key = `spoor.draft.${run}`;
  const [text, setText] = useState(() => {
    try {
      return sessionStorage.getItem(key) ?? '';
    } catch {
      return '';
    }
  });
  const change = (next: string) => {
    setText(next);
    try {
      if (next === '') sessionStorage.removeItem(key);
      else sessionStorage.setItem(key, next);
    } catch {
      // Storage is switched off: it lasts as long as the page.
    }
  };
  return [text, change];
}
