import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { useWritten } from '../../lib/written.ts';
import { later } from '../../ui/later.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { NoteForm } from './note-form.tsx';

type Note = Answer<'showRun'>['notes'][number];

const Markdown = later(() => import('../../text/markdown.tsx'), <Skeleton className="h-12" />);

/** By which what is written of a note is found again. */
export const draftKey = (run: string, note: string) => `${run}.${note}`;

/** A note in its own place while it is changed. Of what came from elsewhere meanwhile it tells. */
export function NoteEdit({
  run,
  id,
  note,
  preview,
  onPreview,
  onSave,
  onClose,
}: {
  run: string;
  id: string;
  /** Null where it was withdrawn meanwhile. */
  note: Note | null;
  preview: boolean;
  onPreview: (preview: boolean) => void;
  /** @returns whether it was saved */
  onSave: (text: string) => Promise<boolean>;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const [begin] = useState(note?.text ?? '');
  const [text, write] = useWritten(draftKey(run, id), begin);
  const save = async () => {
    if (text.trim() !== note?.text && !(await onSave(text))) return;
    write(null);
    onClose();
  };
  const cancel = () => {
    write(null);
    onClose();
    if (text !== begin) tell({ title: t('notes.dropped'), undo: () => void onSave(text) });
  };
  const meanwhile = note === null ? 'notes.withdrawnMeanwhile' : note.text !== begin ? 'notes.changedMeanwhile' : null;
  return (
    <NoteForm
      text={text}
      onText={write}
      preview={preview}
      onPreview={onPreview}
      label={t('notes.editText')}
      save={t('common.save')}
      onSave={() => void save()}
      onCancel={cancel}
      eager
    >
      {meanwhile && (
        <div role="status" className="mt-2 rounded-lg bg-warn-soft px-3.5 py-2.5 text-sm">
          {t(meanwhile)}
          {note && (
            <div className="mt-1 text-ink-2">
              <Markdown text={note.text} />
            </div>
          )}
        </div>
      )}
    </NoteForm>
  );
}
