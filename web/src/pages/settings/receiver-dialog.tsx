import { Plus, X } from 'lucide-react';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReceiverRow, SettingFault, SettingsFile } from '../../../../src/api/index.ts';
import { Button, IconButton } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Check, Fault, TextInput } from '../../ui/field.tsx';
import { Segments } from '../../ui/segments.tsx';
import { tell, tellFailure } from '../../ui/tell.ts';
import { changeOf, formOf, newForm, type ReceiverForm, receiverTypes } from './receiver-form.ts';
import { SecretField } from './secret-field.tsx';
import { saveSettings } from './settings-file.ts';

const examples = {
  ntfy: 'https://ntfy.sh/my-topic',
  discord: 'https://discord.com/api/webhooks/…',
  webhook: 'https://example.com/hook',
};

/** Sets up a receiver of messages, or changes one. @param row null for a new one */
export function ReceiverDialog({
  row,
  file,
  onClose,
}: {
  row: ReceiverRow | null;
  file: SettingsFile;
  onClose: () => void;
}) {
  const { t } = useTranslation();
  const id = useId();
  const [form, setForm] = useState<ReceiverForm>(() => (row ? formOf(row) : newForm('desktop', file)));
  const [faults, setFaults] = useState<SettingFault[]>([]);
  const change = (part: Partial<ReceiverForm>) => setForm((before) => ({ ...before, ...part }));
  const at = `notify.${form.name}`;
  const faultAt = (key: string) => faults.find((each) => each.at === (key === '' ? at : `${at}.${key}`));
  const known = ['', 'url', 'token', 'headers', 'on', 'type'];
  const others = faults.filter((each) => known.every((key) => each !== faultAt(key)));
  const save = async (event: FormEvent) => {
    event.preventDefault();
    try {
      const name = form.name.trim();
      const { faults } = await saveSettings(file, { receivers: { [name]: changeOf(form, row) } });
      setFaults(faults);
      if (faults.length > 0) return;
      tell({ title: t('settings.receiverSaved', { name }) });
      onClose();
    } catch (error) {
      tellFailure(error);
    }
  };
  const { type } = form;
  const isWeb = type !== 'desktop';
  const hasSheet = type === 'ntfy' || type === 'discord';
  const part = (key: string, label: string, content: ReactNode) => (
    <Part id={id} name={key} label={label} fault={faultAt(key)}>
      {content}
    </Part>
  );
  const described = (key: string) => (faultAt(key) ? `${id}-${key}-fault` : undefined);
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={row ? row.name : t('settings.addReceiver')} wide>
      <form onSubmit={save} className="space-y-4">
        {!row && (
          <>
            <Segments
              label={t('settings.kind')}
              value={type}
              options={receiverTypes.map((value) => ({ value, label: t(`settings.type.${value}`) }))}
              onChange={(next) => setForm(newForm(next, file))}
            />
            <p className="text-xs text-ink-3">{t(`settings.typeHint.${type}`)}</p>
            {part(
              '',
              t('settings.name'),
              <TextInput
                id={`${id}-`}
                value={form.name}
                maxLength={60}
                required
                aria-describedby={described('')}
                className="w-full"
                onChange={(event) => change({ name: event.target.value })}
              />,
            )}
          </>
        )}
        {isWeb &&
          part(
            'url',
            t('settings.url'),
            <SecretField
              id={`${id}-url`}
              label={t('settings.url')}
              value={form.url}
              shown={row?.url ?? null}
              removable={false}
              isHidden={false}
              placeholder={examples[type]}
              describedBy={described('url')}
              onChange={(url) => change({ url })}
            />,
          )}
        {type === 'ntfy' &&
          part(
            'token',
            t('settings.token'),
            <SecretField
              id={`${id}-token`}
              label={t('settings.token')}
              value={form.token}
              removable
              placeholder={t('settings.tokenHint')}
              describedBy={described('token')}
              onChange={(token) => change({ token })}
            />,
          )}
        {type === 'webhook' && part('headers', t('settings.headers'), <Headers form={form} change={change} />)}
        {part(
          'on',
          t('settings.on'),
          <div className="grid gap-2 sm:grid-cols-3">
            {file.events.map(({ event }) => (
              <Check
                key={event}
                checked={form.on.includes(event)}
                hint={t(`settings.eventHint.${event}`)}
                onChange={(on) =>
                  change({
                    on: file.events
                      .map((each) => each.event)
                      .filter((each) => (each === event ? on : form.on.includes(each))),
                  })
                }
              >
                {t(`settings.event.${event}`)}
              </Check>
            ))}
          </div>,
        )}
        {isWeb && (
          <div className="space-y-2.5 border-t border-line pt-4">
            {hasSheet && (
              <>
                <Check checked={form.contactSheet} onChange={(contactSheet) => change({ contactSheet })}>
                  {t('settings.contactSheet')}
                </Check>
                <Check checked={form.prompts} disabled={!form.contactSheet} onChange={(prompts) => change({ prompts })}>
                  {t('settings.prompts')}
                </Check>
              </>
            )}
            <Check
              checked={form.allowPrivate}
              hint={t('settings.allowPrivateHint')}
              onChange={(allowPrivate) => change({ allowPrivate })}
            >
              {t('settings.allowPrivate')}
            </Check>
          </div>
        )}
        {others.map(({ at, message, hint }) => (
          <Fault key={`${at} ${message}`} message={message} hint={hint} />
        ))}
        <div className="sticky -bottom-5 -mx-5 -mb-5 flex justify-end gap-2 border-t border-line bg-panel px-5 py-3">
          <Button onClick={onClose}>{t('common.cancel')}</Button>
          <Button look="primary" type="submit">
            {t('common.save')}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function Part({
  id,
  name,
  label,
  fault,
  children,
}: {
  id: string;
  name: string;
  label: string;
  fault: SettingFault | undefined;
  children: ReactNode;
}) {
  return (
    <fieldset className="min-w-0 space-y-1.5" aria-label={label}>
      <label htmlFor={`${id}-${name}`} className="block text-xs font-medium text-ink-2">
        {label}
      </label>
      {children}
      {fault && <Fault id={`${id}-${name}-fault`} message={fault.message} hint={fault.hint} />}
    </fieldset>
  );
}

function Headers({ form, change }: { form: ReceiverForm; change: (part: Partial<ReceiverForm>) => void }) {
  const { t } = useTranslation();
  const { headers } = form;
  const put = (id: number, part: Partial<(typeof headers)[number]>) =>
    change({ headers: headers.map((each) => (each.id === id ? { ...each, ...part } : each)) });
  const add = () => {
    const id = Math.max(-1, ...headers.map((each) => each.id)) + 1;
    change({ headers: [...headers, { id, name: '', value: { kept: false, text: '' } }] });
  };
  return (
    <div className="space-y-2">
      {headers.map(({ id, name, value }) => (
        <div key={id} className="flex min-w-0 items-center gap-2 max-sm:flex-wrap">
          <TextInput
            value={name}
            aria-label={t('settings.headerName')}
            placeholder="Authorization"
            disabled={value.kept}
            className="w-full font-mono text-xs sm:w-2/5"
            onChange={(event) => put(id, { name: event.target.value })}
          />
          <SecretField
            id={`header-${id}`}
            label={t('settings.headerValue', { name })}
            value={value}
            removable={false}
            placeholder="Bearer …"
            onChange={(next) => put(id, { value: next })}
          />
          <IconButton
            label={t('settings.removeOne', { name })}
            onClick={() => change({ headers: headers.filter((each) => each.id !== id) })}
          >
            <X className="size-4" aria-hidden />
          </IconButton>
        </div>
      ))}
      <Button onClick={add}>
        <Plus className="size-4" aria-hidden />
        {t('settings.addHeader')}
      </Button>
    </div>
  );
}
