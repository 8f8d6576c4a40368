import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SavedView } from '../../../../src/api/index.ts';
import { useRemembered } from '../../lib/ui-store.ts';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';

/** Asks for the name under which a view is kept. */
export default function KeepView({ view, onClose }: { view: Omit<SavedView, 'name'>; onClose: () => void }) {
  const { t } = useTranslation();
  const { change } = useRemembered();
  const [text, setText] = useState('');
  const name = text.trim();
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('runs.keepView')}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void change((ui) => ({
            ...ui,
            views: [...ui.views.filter((each) => each.name !== name), { ...view, name }],
          }));
          onClose();
        }}
      >
        <label className="block text-sm">
          <span className="mb-1 block text-ink-2">{t('runs.viewName')}</span>
          <input
            autoFocus
            value={text}
            maxLength={200}
            onChange={(event) => setText(event.target.value)}
            className="h-9 w-full rounded-lg border border-line-strong bg-paper px-3 focus:border-accent focus:outline-none"
          />
        </label>
        <div className="mt-5 flex justify-end gap-2">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit" disabled={name === ''}>
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
