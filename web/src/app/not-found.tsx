import { Link } from '@tanstack/react-router';
import { Footprints } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Empty, useTitle } from '../ui/page.tsx';

export function NotFound() {
  const { t } = useTranslation();
  useTitle(t('error.noTrack'));
  return (
    <main id="content" tabIndex={-1} className="mx-auto max-w-xl px-4 pt-20">
      <Empty icon={<Footprints />} title={t('error.noTrack')} heading="h1">
        <Link to="/" className="text-accent underline underline-offset-2">
          {t('error.toRuns')}
        </Link>
      </Empty>
    </main>
  );
}
