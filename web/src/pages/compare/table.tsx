import { ChevronRight } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import type { Answer } from '../../../../src/api/index.ts';
import { valueText } from '../../lib/config-value.ts';
import { useSay } from '../../said/said.ts';
import { classes } from '../../ui/classes.ts';
import { Card, Empty } from '../../ui/page.tsx';
import { subjectOf } from './areas.ts';
import { useShared } from './state.ts';

type Row = Answer<'diff'>['rows'][number];

/** What differs among several runs, a subject a row. The value that most have is quiet; the others stand out. */
export default function Table({ diff }: { diff: Answer<'diff'> }) {
  const { t } = useTranslation();
  const { all = false, change } = useShared();
  const rows = diff.rows.filter(({ effective }) => effective);
  const without = diff.rows.filter(({ effective }) => !effective);
  return (
    <>
      {rows.length === 0 ? (
        <Empty title={t('compare.same')}>{t(without.length > 0 ? 'compare.sameButFor' : 'compare.sameHint')}</Empty>
      ) : (
        <Rows rows={rows} runs={diff.runs} label={t('compare.tab.settings')} />
      )}
      {without.length > 0 && (
        <div className="mt-6">
          <button
            type="button"
            aria-expanded={all}
            onClick={() => change({ all: !all || undefined })}
            className="mb-3 inline-flex min-h-6 items-center gap-1.5 text-sm text-ink-2 hover:text-ink"
          >
            <ChevronRight className={classes('size-4 transition-transform', all && 'rotate-90')} aria-hidden />
            {t('compare.withoutEffect', { count: without.length })}
          </button>
          {all && (
            <Rows rows={without} runs={diff.runs} label={t('compare.withoutEffect', { count: without.length })} />
          )}
        </div>
      )}
    </>
  );
}

function Rows({ rows, runs, label }: { rows: readonly Row[]; runs: Answer<'diff'>['runs']; label: string }) {
  const { t } = useTranslation();
  const say = useSay();
  return (
    <Card className="w-fit max-w-full overflow-hidden">
      <div
        // biome-ignore lint/a11y/noNoninteractiveTabindex: it is scrolled by keys
        tabIndex={0}
        role="region"
        aria-label={label}
        className="overflow-x-auto"
      >
        <table className="text-sm">
          <thead className="border-b border-line text-left text-xs text-ink-3">
            <tr>
              <th scope="col" className="sticky left-0 z-10 bg-panel px-4 py-2 font-normal">
                {t('inputs.setting')}
              </th>
              {runs.map(({ id, name }, index) => (
                <th key={id} scope="col" className="px-3 py-2 font-medium whitespace-nowrap text-ink">
                  <span
                    aria-hidden
                    className="mr-1.5 inline-block size-2 rounded-full"
                    style={{ background: `var(--series-${(index % 8) + 1})` }}
                  />
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {rows.map((row) => {
              const texts = row.values.map((value) => cellText(row.area, value, say));
              const usual = [...Map.groupBy(texts, (text) => text).values()]
                .filter(({ length }) => length > 1)
                .sort((a, b) => b.length - a.length)[0]?.[0];
              return (
                <tr key={`${row.area} ${row.subject}`}>
                  <th
                    scope="row"
                    className="sticky left-0 z-10 max-w-60 bg-panel px-4 py-1.5 text-left align-top font-mono text-xs font-normal break-words max-sm:max-w-36"
                  >
                    {subjectOf(row, say)}
                  </th>
                  {row.values.map((value, index) => (
                    <td key={runs[index]?.id} className="max-w-80 px-3 py-1.5 align-top text-xs">
                      <Value
                        text={texts[index] ?? ''}
                        isUnknown={value === 'unknown'}
                        isUsual={texts[index] === usual}
                      />
                    </td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </div>
    </Card>
  );
}

/** What stands for a value outside of the settings is told by the core: `2 added`. */
function cellText(area: Row['area'], value: Row['values'][number], say: (text: string) => string): string {
  return area !== 'arguments' && typeof value === 'string' ? say(valueText(value)) : valueText(value);
}

function Value({ text, isUnknown, isUsual }: { text: string; isUnknown: boolean; isUsual: boolean }) {
  const { t } = useTranslation();
  if (isUnknown) {
    return <span className="rounded-full bg-warn-soft px-1.5 py-px text-2xs text-warn">{t('kind.unknown')}</span>;
  }
  return (
    <span className={classes('font-mono break-all', isUsual ? 'text-ink-3' : 'font-medium text-accent')}>{text}</span>
  );
}
