import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Setting } from '../../../../src/model/facts.ts';
import { valueText } from '../../lib/config-value.ts';
import { useDraft } from '../../lib/draft.ts';
import { baseName } from '../../lib/paths.ts';
import { useSay } from '../../said/said.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { SearchField } from '../../ui/input.tsx';
import { Card, Section } from '../../ui/page.tsx';
import { NotRecorded } from '../../ui/unknown.tsx';
import { useAddress } from './address.ts';

/** What the trainer really used, each value with where it came from. */
export function SettingsTable({ settings }: { settings: readonly Setting[] }) {
  const { t } = useTranslation();
  const [written, change] = useAddress();
  const [{ find: text = '', defaults = false }, draft] = useDraft(written, change);
  const shown = useMemo(() => {
    const wanted = text.toLowerCase();
    return settings.filter(
      ({ key, value, source }) =>
        (defaults || source.kind !== 'default' || wanted !== '') &&
        (wanted === '' || key.toLowerCase().includes(wanted) || valueText(value).toLowerCase().includes(wanted)),
    );
  }, [settings, text, defaults]);
  // Said once where it holds for all.
  const allGuessed =
    shown.length > 1 && shown.every(({ certainty, source }) => certainty === 'guessed' || source.kind === 'default');
  if (settings.length === 0) {
    return (
      <Section title={t('inputs.settings')} id="settings">
        <Card className="px-4 py-3 text-sm">
          <NotRecorded />
        </Card>
      </Section>
    );
  }
  return (
    <Section title={t('inputs.settings')} id="settings" aside={`${shown.length} / ${settings.length}`}>
      <div className="mb-2.5 flex flex-wrap gap-2">
        <SearchField
          label={t('inputs.findSetting')}
          value={text}
          onChange={(event) => draft({ find: event.target.value || undefined } as Partial<typeof written>)}
          className="w-64"
        />
        <Button pressed={defaults} onClick={() => change({ defaults: !defaults || undefined })}>
          {t('inputs.defaults')}
        </Button>
      </div>
      {allGuessed && <p className="mb-2 text-sm text-ink-2">{t('inputs.allGuessed')}</p>}
      <Card className="overflow-x-auto">
        <table className="w-full text-sm">
          <thead className="sr-only">
            <tr>
              <th scope="col">{t('inputs.setting')}</th>
              <th scope="col">{t('inputs.value')}</th>
              <th scope="col">{t('inputs.source')}</th>
            </tr>
          </thead>
          <tbody className="divide-y divide-line">
            {shown.map((setting) => (
              <Row key={setting.key} setting={setting} quiet={allGuessed} />
            ))}
          </tbody>
        </table>
      </Card>
    </Section>
  );
}

function Row({ setting, quiet }: { setting: Setting; quiet: boolean }) {
  const { t } = useTranslation();
  const say = useSay();
  const { key, value, source, shadowed, ignored, known, effective, certainty } = setting;
  const faded = ignored !== undefined || !known;
  return (
    <tr className={classes('max-sm:block max-sm:px-4 max-sm:py-1.5', faded && 'text-ink-3')}>
      <th
        scope="row"
        className="px-4 py-1.5 text-left align-top font-mono text-xs font-normal max-sm:block max-sm:p-0 max-sm:break-all max-sm:text-ink-3"
      >
        {key}
      </th>
      <td className="px-2 py-1.5 align-top max-sm:block max-sm:p-0">
        <span className="font-mono text-xs break-all">{textOf(value)}</span>
        <span className="ml-2 text-2xs text-ink-3 sm:hidden">{sourceText(source, t)}</span>
        <span className="ml-2 inline-flex flex-wrap gap-1 align-middle">
          {ignored !== undefined && (
            <Badge tone="warn" title={say(ignored)}>
              {t('inputs.ignored')}
            </Badge>
          )}
          {!known && <Badge tone="bad">{t('inputs.unknownKey')}</Badge>}
          {!effective && known && <Badge>{t('inputs.noEffect')}</Badge>}
          {certainty === 'guessed' && !quiet && <Badge tone="info">{t('inputs.guessed')}</Badge>}
        </span>
        {shadowed
          ?.filter((other) => other.value !== null)
          .map((other) => (
            <div key={`${other.source.kind} ${other.source.file}`} className="text-xs text-ink-3">
              {valueText(other.value) === valueText(value) ? (
                <span className="font-mono">{textOf(other.value)}</span>
              ) : (
                <s className="font-mono">{textOf(other.value)}</s>
              )}{' '}
              {sourceText(other.source, t)}
            </div>
          ))}
      </td>
      <td
        className="px-4 py-1.5 text-right align-top text-xs whitespace-nowrap text-ink-3 max-sm:hidden"
        title={source.file}
      >
        {sourceText(source, t)}
      </td>
    </tr>
  );
}

/** An empty text is one, too. */
const textOf = (value: Setting['value']) => valueText(value) || '""';

function sourceText(source: Setting['source'], t: (key: string) => string): string {
  const kind = t(`source.${source.kind}`);
  if (!source.file) return kind;
  return `${baseName(source.file)}${source.line ? `:${source.line}` : ''}`;
}
