import { BellRing, type LucideIcon, MessagesSquare, Monitor, Plus, Send, SquareTerminal, Webhook } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReceiverRow, SettingsFile } from '../../../../src/api/index.ts';
import { useActions } from '../../lib/actions.ts';
import { api } from '../../lib/api.ts';
import { said } from '../../said/said.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Fault } from '../../ui/field.tsx';
import { tell, tellFailure } from '../../ui/tell.ts';
import { ReceiverDialog } from './receiver-dialog.tsx';
import { saveSettings } from './settings-file.ts';

const icons: Record<string, LucideIcon> = {
  desktop: Monitor,
  ntfy: BellRing,
  discord: MessagesSquare,
  webhook: Webhook,
  command: SquareTerminal,
};

/** Who is told of what happens to trainings. */
export function Receivers({ file, disabled }: { file: SettingsFile; disabled: boolean }) {
  const { t } = useTranslation();
  const [asked, setAsked] = useState<{ what: 'add' } | { what: 'edit' | 'remove'; row: ReceiverRow } | null>(null);
  const close = () => setAsked(null);
  useActions(disabled ? [] : [{ label: t('settings.addReceiver'), act: () => setAsked({ what: 'add' }) }]);
  return (
    <>
      {file.receivers.map((row) => (
        <Receiver
          key={row.name}
          row={row}
          file={file}
          disabled={disabled}
          onEdit={() => setAsked({ what: 'edit', row })}
          onRemove={() => setAsked({ what: 'remove', row })}
        />
      ))}
      <div className="flex flex-wrap items-center justify-between gap-3 px-4 py-3">
        <p className="min-w-0 flex-1 basis-60 text-xs text-ink-3">
          {t(file.receivers.length === 0 ? 'settings.noReceivers' : 'settings.receiversHint')}
        </p>
        <Button disabled={disabled} onClick={() => setAsked({ what: 'add' })}>
          <Plus className="size-4" aria-hidden />
          {t('settings.addReceiver')}
        </Button>
      </div>
      {asked?.what === 'add' && <ReceiverDialog row={null} file={file} onClose={close} />}
      {asked?.what === 'edit' && <ReceiverDialog row={asked.row} file={file} onClose={close} />}
      {asked?.what === 'remove' && <Removal row={asked.row} file={file} onClose={close} />}
    </>
  );
}

function Receiver({
  row,
  file,
  disabled,
  onEdit,
  onRemove,
}: {
  row: ReceiverRow;
  file: SettingsFile;
  disabled: boolean;
  onEdit: () => void;
  onRemove: () => void;
}) {
  const { t } = useTranslation();
  const { name, type, usable, editable, on, url, program } = row;
  const Icon = icons[type ?? ''] ?? Webhook;
  const faults = file.faults.filter(({ at }) => at === `notify.${name}` || at?.startsWith(`notify.${name}.`));
  return (
    <div className="px-4 py-3">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <Icon className="size-4 shrink-0 text-ink-3" aria-hidden />
        <div className="min-w-0 flex-1 basis-48">
          <div className="flex flex-wrap items-baseline gap-x-2">
            <h3 className="text-sm font-medium break-all">{name}</h3>
            <span className="text-xs text-ink-3">
              {type !== null && t(`settings.type.${type}`, { defaultValue: type })}
            </span>
            {!usable && <Badge tone="bad">{t('settings.unusable')}</Badge>}
          </div>
          <p className="text-xs break-words text-ink-3">
            {(url ?? program) && <code className="font-mono">{url ?? program}</code>}
            {(url ?? program) && on.length > 0 && ' · '}
            {on.map((event) => t(`settings.event.${event}`)).join(', ')}
          </p>
        </div>
        <div className="flex flex-wrap gap-1.5">
          {usable && <Test name={name} disabled={disabled} />}
          {editable && usable && (
            <Button disabled={disabled} onClick={onEdit} aria-label={t('settings.editOne', { name })}>
              {t('settings.edit')}
            </Button>
          )}
          {editable && (
            <Button look="quiet" disabled={disabled} onClick={onRemove} aria-label={t('settings.removeOne', { name })}>
              {t('settings.remove')}
            </Button>
          )}
        </div>
      </div>
      {!editable && <p className="mt-1.5 text-xs text-ink-2">{t('settings.commandHint')}</p>}
      {faults.map(({ at, message, hint }) => (
        <Fault key={`${at} ${message}`} message={message} hint={hint} />
      ))}
    </div>
  );
}

/** Sends a test, and says how it was answered. */
function Test({ name, disabled }: { name: string; disabled: boolean }) {
  const { t } = useTranslation();
  const [isSending, setIsSending] = useState(false);
  const send = async () => {
    setIsSending(true);
    try {
      const { outcome, detail: answer } = await api('testReceiver', { body: { name } });
      const detail = await said(answer);
      if (outcome === 'sent') tell({ title: t('settings.sent', { name, detail }) });
      else tell({ title: t('settings.notSent', { name, detail }), tone: 'bad' });
    } catch (error) {
      tellFailure(error);
    } finally {
      setIsSending(false);
    }
  };
  useActions(disabled ? [] : [{ label: t('settings.testOne', { name }), act: send }]);
  return (
    <Button
      disabled={disabled || isSending}
      aria-label={t('settings.testOne', { name })}
      aria-busy={isSending}
      onClick={() => void send()}
    >
      <Send className={classes('size-4', isSending && 'motion-safe:animate-pulse')} aria-hidden />
      {t('settings.test')}
    </Button>
  );
}

/** What is secret cannot be brought back: nobody but the file knows it. */
function Removal({ row, file, onClose }: { row: ReceiverRow; file: SettingsFile; onClose: () => void }) {
  const { t } = useTranslation();
  const { name } = row;
  const remove = async () => {
    try {
      await saveSettings(file, { receivers: { [name]: null } });
      tell({ title: t('settings.receiverRemoved', { name }) });
      onClose();
    } catch (error) {
      tellFailure(error);
    }
  };
  const hasSecrets = row.url !== null || row.token || row.headers.length > 0;
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('settings.removeTitle', { name })}>
      <p className="text-sm text-ink-2">{t(hasSecrets ? 'settings.removeSecret' : 'settings.removeText', { name })}</p>
      <div className="mt-5 flex justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button look="danger" onClick={() => void remove()}>
          {t('settings.remove')}
        </Button>
      </div>
    </Dialog>
  );
}
