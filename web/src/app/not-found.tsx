import { Link } from '@tanstack/react-router';
import { Footprints } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Empty } from '../ui/page.tsx';

export function NotFound() {
  const { t } = useTranslation();
  return (
    <main id="content" tabIndex={-1} className="mx-auto max-w-xl px-4 pt-20">
      <Empty icon={<Footprints />} title={t('error.noTrack')}>
        <Link to="/" className="text-accent underline underline-offset-2">
          {t('error.toRuns')}
        </Link>
      </Empty>
    </main>
  );
}
