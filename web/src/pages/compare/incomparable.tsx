import { TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { valueText } from '../../lib/config-value.ts';

/** Says why a lower loss is no better here: what it is measured on, or how, is not the same. */
export function Incomparable({ diff: { incomparable, runs } }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  if (incomparable.length === 0) return null;
  const subjectOf = (subject: string) =>
    subject === 'dataset' ? t('area.dataset') : subject === 'base-model' ? t('role.base-model') : subject;
  return (
    <div role="note" className="mb-6 flex gap-3 rounded-lg bg-warn-soft px-4 py-2.5 text-sm">
      <TriangleAlert className="mt-0.5 size-4 shrink-0 text-warn" aria-hidden />
      <div className="min-w-0">
        <p className="font-medium text-warn">{t('compare.incomparable')}</p>
        <ul className="mt-0.5 flex flex-wrap gap-x-4 gap-y-0.5">
          {incomparable.map(({ subject, values }) => (
            <li key={subject} className="min-w-0 break-words">
              {subjectOf(subject)}
              {subject !== 'dataset' && (
                <span className="ml-1.5 font-mono text-xs">
                  {values.map((value, index) => (
                    <span key={runs[index]?.id ?? index}>
                      {index > 0 && ' / '}
                      <span title={runs[index]?.name}>{short(valueText(value))}</span>
                    </span>
                  ))}
                </span>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

/** Of a hash as much as tells it from others. */
const short = (text: string) => (/^[0-9a-f]{40,64}$/.test(text) ? text.slice(0, 10) : text);
