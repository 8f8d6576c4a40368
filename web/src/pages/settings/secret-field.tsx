import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { TextInput } from '../../ui/field.tsx';
import type { Secret } from './receiver-form.ts';

/** Something that is never shown: that it is set, and how to give it anew. */
export function SecretField({
  id,
  label,
  value,
  shown,
  removable,
  isHidden = true,
  placeholder,
  describedBy,
  onChange,
}: {
  id: string;
  label: string;
  value: Secret;
  /** What may be told of it. */
  shown?: string | null;
  removable: boolean;
  /** Whether what is typed is not seen. */
  isHidden?: boolean;
  placeholder?: string;
  /** Of what is wrong with it. */
  describedBy?: string | undefined;
  onChange: (value: Secret) => void;
}) {
  const { t } = useTranslation();
  // Who asked for the field goes on in it.
  const opened = useRef(false);
  const open = () => {
    opened.current = true;
    onChange({ kept: false, text: '' });
  };
  const enter = (input: HTMLInputElement | null) => {
    if (!opened.current) return;
    opened.current = false;
    input?.focus();
  };
  if (value.kept) {
    return (
      <div className="flex min-h-8 min-w-0 flex-1 flex-wrap items-center gap-2 text-sm">
        {shown && <code className="min-w-0 truncate font-mono text-xs text-ink-2">{shown}</code>}
        <Badge tone="good">{t('settings.isSet')}</Badge>
        <span className="ml-auto flex gap-1">
          <Button
            look="quiet"
            aria-label={t('settings.replaceOne', { name: label })}
            aria-describedby={describedBy}
            onClick={open}
          >
            {t('settings.replace')}
          </Button>
          {removable && (
            <Button look="quiet" aria-label={t('settings.removeOne', { name: label })} onClick={open}>
              {t('settings.remove')}
            </Button>
          )}
        </span>
      </div>
    );
  }
  return (
    <TextInput
      ref={enter}
      id={id}
      aria-label={label}
      type={isHidden ? 'password' : 'url'}
      // A manager of passwords would offer those of other places.
      autoComplete={isHidden ? 'new-password' : 'off'}
      value={value.text}
      placeholder={placeholder}
      aria-invalid={describedBy !== undefined || undefined}
      aria-describedby={describedBy}
      className="w-full flex-1"
      onChange={(event) => onChange({ kept: false, text: event.target.value })}
    />
  );
}
