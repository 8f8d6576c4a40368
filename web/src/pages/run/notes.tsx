import { useQueryClient } from '@tanstack/react-query';
import { NotebookPen, Pencil, Undo2 } from 'lucide-react';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';
import { moment } from '../../lib/format.ts';
import { isShared } from '../../lib/site.ts';
import { useWritten, writtenOf } from '../../lib/written.ts';
import { IconButton } from '../../ui/button.tsx';
import { later } from '../../ui/later.tsx';
import { Card, Empty, Skeleton } from '../../ui/page.tsx';
import { tell, tellFailure } from '../../ui/tell.ts';
import { useAddress } from './address.ts';
import { draftKey, NoteEdit } from './note-edit.tsx';
import { NoteForm } from './note-form.tsx';

type Note = Answer<'showRun'>['notes'][number];

const Markdown = later(() => import('../../text/markdown.tsx'), <Skeleton className="h-12" />);

/** What people wrote of the run, in Markdown: each note can be changed where it stands, and withdrawn. */
export default function Notes({ run }: { run: Answer<'showRun'> }) {
  const { t } = useTranslation();
  const client = useQueryClient();
  const [{ note: editing, preview = false }, change] = useAddress();
  const [text, write] = useWritten(run.id);
  const list = useRef<HTMLOListElement>(null);
  const attempt = async (work: () => Promise<unknown>): Promise<boolean> => {
    try {
      await work();
      await client.invalidateQueries({ queryKey: ['run', run.id] });
      return true;
    } catch (error) {
      tellFailure(error);
      return false;
    }
  };
  const put = (id: string, next: string | null) =>
    attempt(() => api('changeNote', { body: { run: run.id, note: id, text: next } }));
  const add = async () => {
    if (!(await attempt(() => api('addNote', { body: { run: run.id, text } })))) return;
    write(null);
    change({ preview: undefined });
  };
  const save = async (id: string, before: string | null, next: string) => {
    if (!(await put(id, next))) return false;
    tell({ title: t('notes.changed'), undo: () => void put(id, before) });
    return true;
  };
  const withdraw = async ({ id, text: before }: Note) => {
    if (!(await put(id, null))) return;
    tell({ title: t('notes.withdrawn'), undo: () => void put(id, before) });
    list.current?.focus();
  };
  const close = () => {
    change({ note: undefined, preview: undefined });
    const button = () => list.current?.querySelector<HTMLElement>(`[data-note="${editing}"] button`);
    requestAnimationFrame(() => (button() ?? list.current)?.focus());
  };
  const edit = (id: string, note: Note | null) => (
    <NoteEdit
      run={run.id}
      id={id}
      note={note}
      preview={preview}
      onPreview={(next) => change({ preview: next || undefined })}
      onSave={(next) => save(id, note?.text ?? null, next)}
      onClose={close}
    />
  );
  const isChanging = editing !== undefined && !isShared;
  const isLost =
    isChanging && !run.notes.some(({ id }) => id === editing) && writtenOf(draftKey(run.id, editing)) !== null;
  return (
    <div className="max-w-3xl">
      {!isShared && (
        <div className="mb-8">
          <NoteForm
            text={text}
            onText={write}
            preview={preview && !isChanging}
            onPreview={(next) => change({ preview: next || undefined, note: undefined })}
            label={t('notes.text')}
            save={t('notes.add')}
            onSave={() => void add()}
          />
        </div>
      )}
      {run.notes.length === 0 && !isLost ? (
        <Empty icon={<NotebookPen />} title={t('notes.none')}>
          {t('notes.noneHint')}
        </Empty>
      ) : (
        <ol ref={list} tabIndex={-1} aria-label={t('run.tab.notes')} className="space-y-4 outline-none">
          {isLost && <li>{edit(editing, null)}</li>}
          {run.notes.toReversed().map((note) => (
            <li key={note.id} data-note={note.id}>
              {isChanging && note.id === editing ? (
                edit(note.id, note)
              ) : (
                <NoteCard
                  note={note}
                  onEdit={() => change({ note: note.id, preview: undefined })}
                  onWithdraw={() => void withdraw(note)}
                />
              )}
            </li>
          ))}
        </ol>
      )}
    </div>
  );
}

function NoteCard({ note, onEdit, onWithdraw }: { note: Note; onEdit: () => void; onWithdraw: () => void }) {
  const { t } = useTranslation();
  const when = moment(note.at);
  return (
    <Card className="px-4 pt-2 pb-3">
      <div className="mb-1 flex min-h-8 items-center gap-1 text-xs text-ink-3">
        <p className="mr-auto">
          <time dateTime={note.at}>{when}</time>
          {note.editedAt && (
            <>
              {' · '}
              <time dateTime={note.editedAt}>{t('notes.changedAt', { when: moment(note.editedAt) })}</time>
            </>
          )}
        </p>
        {!isShared && (
          <>
            <IconButton label={t('notes.edit', { when })} onClick={onEdit}>
              <Pencil className="size-4" aria-hidden />
            </IconButton>
            <IconButton label={t('notes.withdraw', { when })} onClick={onWithdraw} className="-mr-2">
              <Undo2 className="size-4" aria-hidden />
            </IconButton>
          </>
        )}
      </div>
      <Markdown text={note.text} />
    </Card>
  );
}
