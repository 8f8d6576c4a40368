import { useTranslation } from 'react-i18next';

/** Stands where nothing is known: a dash for the eye, words for those who hear the page. */
export function Unknown({ words }: { words: string }) {
  return (
    <span className="text-ink-3" title={words}>
      <span aria-hidden>–</span>
      <span className="sr-only">{words}</span>
    </span>
  );
}

/** The same in words, where there is room for them. */
export function NotRecorded() {
  const { t } = useTranslation();
  return <span className="text-ink-3">{t('common.notRecorded')}</span>;
}
