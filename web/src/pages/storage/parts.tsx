import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { bytes } from '../../lib/format.ts';
import { Card, Section } from '../../ui/page.tsx';

const tones = ['series-1', 'series-2', 'series-3', 'series-4', 'series-5', 'series-6', 'series-7'];

/** What takes the space in the home, as a bar and in figures. */
export function Parts({ storage }: { storage: Answer<'readStorage'> }) {
  const { t } = useTranslation();
  const parts = storage.parts.toSorted((a, b) => b.bytes - a.bytes);
  const total = parts.reduce((sum, part) => sum + part.bytes, 0);
  return (
    <Section
      title={t('storage.used', { size: bytes(total) })}
      id="used"
      aside={storage.free !== null && t('storage.free', { size: bytes(storage.free) })}
    >
      <Card className="p-4">
        <div aria-hidden className="mb-4 flex h-3 gap-px overflow-hidden rounded-full bg-sunken">
          {parts.map((part, index) => (
            <div
              key={part.part}
              style={{ width: `${(part.bytes / (total || 1)) * 100}%`, background: `var(--${tones[index]})` }}
            />
          ))}
        </div>
        <ul className="grid gap-x-8 gap-y-1.5 text-sm sm:grid-cols-2">
          {parts.map((part, index) => (
            <li key={part.part} className="flex items-baseline gap-2">
              <span
                aria-hidden
                className="size-2 shrink-0 rounded-full"
                style={{ background: `var(--${tones[index]})` }}
              />
              <span>{t(`storage.part.${part.part}`)}</span>
              <span className="ml-auto text-xs text-ink-3">{t('storage.files', { count: part.files })}</span>
              <span className="w-20 text-right tabular-nums">{bytes(part.bytes)}</span>
            </li>
          ))}
        </ul>
      </Card>
    </Section>
  );
}
