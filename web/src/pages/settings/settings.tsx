import { useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck, Info, TriangleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { chooseLanguage, type Language, languages } from '../../i18n/index.ts';
import { api } from '../../lib/api.ts';
import { setBlur, useBlur } from '../../lib/blur.ts';
import { chooseTheme, type Theme, useTheme } from '../../lib/theme.ts';
import { classes } from '../../ui/classes.ts';
import { Facts } from '../../ui/facts.tsx';
import { Card, Page, Section, Skeleton, useTitle } from '../../ui/page.tsx';
import { Segments } from '../../ui/segments.tsx';

/** How the page looks, what the configuration file says, and whether the machine has what recording needs. */
export default function Settings() {
  const { t } = useTranslation();
  useTitle(t('nav.settings'));
  const session = useQuery(ask.session()).data;
  return (
    <Page title={t('nav.settings')} lead={session && `Spoor ${session.version}`}>
      <Appearance />
      <Configuration />
      <Doctor />
    </Page>
  );
}

function Appearance() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  const blurred = useBlur();
  const themes: readonly Theme[] = ['system', 'light', 'dark'];
  return (
    <Section title={t('preferences.title')} id="appearance">
      <Card className="space-y-4 p-4">
        <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
          <span>{t('preferences.theme')}</span>
          <Segments
            label={t('preferences.theme')}
            value={theme}
            onChange={chooseTheme}
            options={themes.map((value) => ({ value, label: t(`preferences.${value}`) }))}
          />
        </div>
        <div className="flex flex-wrap items-center justify-between gap-3 text-sm">
          <span>{t('preferences.language')}</span>
          <Segments
            label={t('preferences.language')}
            value={i18n.language as Language}
            onChange={(language) => void chooseLanguage(language)}
            options={Object.entries(languages).map(([value, label]) => ({ value: value as Language, label }))}
          />
        </div>
        <label className="flex items-center justify-between gap-3 text-sm">
          <span>
            {t('preferences.blur')}
            <span className="block text-xs text-ink-3">{t('settings.blurHint')}</span>
          </span>
          <input
            type="checkbox"
            checked={blurred}
            onChange={(event) => setBlur(event.target.checked)}
            className="size-5 accent-accent"
          />
        </label>
      </Card>
    </Section>
  );
}

function Configuration() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({
    queryKey: ['settings'],
    queryFn: () => api('readSettings', {}),
    staleTime: 0,
  });
  return (
    <Section title={t('settings.file')} id="configuration">
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-24" />
      ) : (
        <Card className="p-4">
          <p className="mb-3 text-sm text-ink-2">
            <code className="font-mono text-xs break-all">{data.file}</code> {!data.exists && t('settings.noFile')}
          </p>
          {data.problem && <p className="mb-3 rounded-lg bg-bad-soft px-3 py-2 text-sm text-bad">{data.problem}</p>}
          {Object.entries(data.settings).map(([section, content]) => (
            <div key={section} className="mb-3">
              <h3 className="mb-1 font-mono text-xs text-ink-3">[{section}]</h3>
              <Facts
                facts={Object.entries(content as object).map(([key, each]) => [
                  <code key={key} className="font-mono text-xs">
                    {inFile(key)}
                  </code>,
                  <code key="v" className="font-mono text-xs">
                    {typeof each === 'string' ? each : JSON.stringify(each)}
                  </code>,
                ])}
              />
            </div>
          ))}
          <p className="text-xs text-ink-3">{t('settings.fileHint')}</p>
        </Card>
      )}
    </Section>
  );
}

/** The name that the configuration file has: `samples_budget`. */
const inFile = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

const signs = {
  ok: [CircleCheck, 'text-good'],
  note: [Info, 'text-info'],
  warning: [TriangleAlert, 'text-warn'],
  error: [CircleAlert, 'text-bad'],
} as const;

function Doctor() {
  const { t } = useTranslation();
  const { data, error, refetch } = useQuery({ queryKey: ['doctor'], queryFn: () => api('doctor', {}) });
  return (
    <Section title={t('settings.doctor')} id="doctor">
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : !data ? (
        <Skeleton className="h-40" />
      ) : (
        <Card className="divide-y divide-line">
          {data.findings.map((finding) => {
            const [Icon, tone] = signs[finding.state];
            return (
              <div key={`${finding.check} ${finding.message}`} className="flex gap-3 px-4 py-2.5 text-sm">
                <Icon
                  className={classes('mt-0.5 size-4 shrink-0', tone)}
                  aria-label={t(`settings.state.${finding.state}`)}
                />
                <div className="min-w-0 break-words">
                  <span className="font-medium">{finding.check}</span> {finding.message}
                  {finding.hint && <div className="text-ink-2">{finding.hint}</div>}
                </div>
              </div>
            );
          })}
        </Card>
      )}
    </Section>
  );
}
