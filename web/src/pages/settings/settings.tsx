import { useQuery } from '@tanstack/react-query';
import { Link, useNavigate } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import type { SettingsFile } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { useActions } from '../../lib/actions.ts';
import { Copy } from '../../ui/copy.tsx';
import { Fault } from '../../ui/field.tsx';
import { Card, Page, Section, Skeleton, useTitle } from '../../ui/page.tsx';
import { Appearance } from './appearance.tsx';
import { Doctor } from './doctor.tsx';
import { Receivers } from './receivers.tsx';
import { SettingRow } from './setting-row.tsx';
import { settingsFile } from './settings-file.ts';

/** How the page looks, what the configuration file says, and whether the machine has what recording needs. */
export default function Settings() {
  const { t } = useTranslation();
  useTitle(t('nav.settings'));
  const session = useQuery(ask.session()).data;
  const { data, error, refetch } = useQuery(settingsFile);
  return (
    <Page wide="columns" title={t('nav.settings')} lead={session && `Spoor ${session.version}`}>
      <div className="gap-x-10 lg:grid lg:grid-cols-[11rem_minmax(0,1fr)]">
        <Contents />
        <div className="grid min-w-0 grid-cols-1 items-start gap-x-10 min-[112rem]:grid-cols-2 min-[200rem]:grid-cols-3">
          <div className="min-w-0 gap-x-10 min-[200rem]:col-span-2 min-[200rem]:columns-2 [&>*]:break-inside-avoid">
            <Appearance />
            {error ? (
              <Failure error={error} onRetry={() => void refetch()} />
            ) : data ? (
              <Configuration file={data} />
            ) : (
              <Skeleton className="mb-8 h-160" />
            )}
          </div>
          <div className="min-w-0">
            <Doctor />
          </div>
        </div>
      </div>
    </Page>
  );
}

const sections = ['notify', 'stop', 'keep', 'price', 'limits'] as const;

/** Where each part is, on a window that is wide enough. */
function Contents() {
  const { t } = useTranslation();
  const parts = [
    ['appearance', t('preferences.title')],
    ...sections.map((section) => [section, t(`settings.section.${section}`)] as const),
    ['doctor', t('settings.doctor')],
  ] as const;
  const navigate = useNavigate();
  useActions(
    parts.map(([id, title]) => ({
      label: `${t('nav.settings')}: ${title}`,
      act: () => navigate({ to: '.', hash: id }),
    })),
  );
  return (
    <nav aria-label={t('settings.contents')} className="hidden lg:block">
      <ul className="sticky top-20 -ml-2 space-y-0.5 text-sm">
        {parts.map(([id, title]) => (
          <li key={id}>
            <Link
              to="."
              hash={id}
              className="block rounded-md px-2 py-1 text-ink-2 hover:bg-sunken hover:text-ink"
              activeProps={{ className: '' }}
            >
              {title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function Configuration({ file }: { file: SettingsFile }) {
  const { t } = useTranslation();
  const broken = file.faults.find(({ at }) => at === null);
  const disabled = !file.editable || broken !== undefined;
  // What no field stands for: a section or a setting that there is not.
  const fields = new Set(file.settings.map(({ key }) => key));
  const others = file.faults.filter(({ at }) => at !== null && !fields.has(at) && !belongsToReceiver(file, at));
  return (
    <>
      <div className="mb-6 space-y-2 text-sm">
        <p className="flex flex-wrap items-baseline gap-x-2 text-xs text-ink-3">
          {t(file.exists ? 'settings.fileHint' : 'settings.noFile')} <Copy text={file.file} />
        </p>
        {!file.editable && <p className="rounded-lg bg-info-soft px-3 py-2 text-info">{t('settings.onlyHere')}</p>}
        {[...(broken ? [broken] : []), ...others].map(({ at, message, hint }) => (
          <div key={`${at} ${message}`} className="rounded-lg bg-bad-soft px-3 py-2">
            <Fault message={message} hint={hint} />
          </div>
        ))}
      </div>
      {sections.map((section) => (
        <Section key={section} title={t(`settings.section.${section}`)} id={section}>
          <Card className="divide-y divide-line">
            {section === 'notify' && <Receivers file={file} disabled={disabled} />}
            {file.settings
              .filter(({ key }) => key.startsWith(`${section}.`))
              .map((row) => (
                <SettingRow key={row.key} row={row} file={file} disabled={disabled} />
              ))}
          </Card>
        </Section>
      ))}
    </>
  );
}

function belongsToReceiver({ receivers }: SettingsFile, at: string): boolean {
  return receivers.some(({ name }) => at === `notify.${name}` || at.startsWith(`notify.${name}.`));
}
