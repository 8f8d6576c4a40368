import { useTranslation } from 'react-i18next';
import { bytes, integer } from '../../lib/format.ts';

const most = 8;

/** What is about to go, by name. */
export function Lost({ rows }: { rows: readonly { key: string; name: string; bytes: number | null }[] }) {
  const { t } = useTranslation();
  const more = rows.length - most;
  return (
    <ul className="mt-3 divide-y divide-line rounded-lg border border-line text-sm">
      {rows.slice(0, most).map((row) => (
        <li key={row.key} className="flex items-baseline gap-3 px-3 py-1.5">
          <span className="min-w-0 flex-1 break-words">{row.name}</span>
          <span className="shrink-0 text-ink-2 tabular-nums">{bytes(row.bytes)}</span>
        </li>
      ))}
      {more > 0 && (
        <li className="px-3 py-1.5 text-ink-3">{t('storage.andMore', { count: more, shown: integer(more) })}</li>
      )}
    </ul>
  );
}
