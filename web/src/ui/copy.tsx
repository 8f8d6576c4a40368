import { Check, Copy as Icon } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { copyText } from '../lib/copy-text.ts';
import { tell } from './tell.ts';

/** A text of which the beginning is shown and the whole is copied: hashes, commands. */
export function Copy({ text, shown = text }: { text: string; shown?: string }) {
  const { t } = useTranslation();
  const [done, setDone] = useState(false);
  return (
    <button
      type="button"
      title={t('common.copy', { text })}
      onClick={() =>
        void copyText(text).then((isCopied) => {
          if (!isCopied) return tell({ title: t('common.notCopied'), tone: 'bad' });
          setDone(true);
          setTimeout(() => setDone(false), 1500);
        })
      }
      className="group inline-flex max-w-full items-center gap-1 font-mono text-xs text-ink-2 hover:text-ink"
    >
      <span className="truncate">{shown}</span>
      {done ? (
        <Check className="size-3 shrink-0 text-good" aria-hidden />
      ) : (
        <Icon className="size-3 shrink-0 opacity-40 group-hover:opacity-100" aria-hidden />
      )}
    </button>
  );
}
