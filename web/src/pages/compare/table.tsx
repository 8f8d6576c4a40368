import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { valueText } from '../../lib/config-value.ts';
import { classes } from '../../ui/classes.ts';
import { Card, Empty } from '../../ui/page.tsx';

/** What differs among several runs, a subject a row. The value that most have is quiet; the others stand out. */
export default function Table({ diff }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  const rows = diff.rows.filter(({ effective }) => effective);
  if (rows.length === 0) return <Empty title={t('compare.same')}>{t('compare.sameHint')}</Empty>;
  return (
    <Card className="overflow-x-auto">
      <table className="w-full text-sm">
        <thead className="border-b border-line text-left text-xs text-ink-3">
          <tr>
            <th scope="col" className="sticky left-0 bg-panel px-4 py-2 font-normal">
              {t('inputs.setting')}
            </th>
            {diff.runs.map(({ id, name }) => (
              <th key={id} scope="col" className="px-3 py-2 font-medium whitespace-nowrap text-ink">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {rows.map((row) => {
            const texts = row.values.map(valueText);
            const usual = [...Map.groupBy(texts, (text) => text)].sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
            return (
              <tr key={`${row.area} ${row.subject}`}>
                <th scope="row" className="sticky left-0 bg-panel px-4 py-1.5 text-left font-mono text-xs font-normal">
                  {row.subject}
                </th>
                {texts.map((text, index) => (
                  <td
                    key={diff.runs[index]?.id}
                    className={classes(
                      'px-3 py-1.5 font-mono text-xs',
                      text === usual ? 'text-ink-3' : 'font-medium text-accent',
                    )}
                  >
                    {text}
                  </td>
                ))}
              </tr>
            );
          })}
        </tbody>
      </table>
    </Card>
  );
}
