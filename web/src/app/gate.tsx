import { useQuery } from '@tanstack/react-query';
import { KeyRound } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../src/api/index.ts';
import { enter, entered } from '../lib/api.ts';
import { openLive } from '../lib/live.ts';
import { usePreferences } from '../lib/preferences.ts';
import { isShared } from '../lib/site.ts';
import { Empty } from '../ui/page.tsx';
import { ErrorPage } from './error-page.tsx';
import { Shell } from './shell.tsx';

/** Lets in who has the token of the printed address, or the cookie that it was given away for. */
export function Gate() {
  const { t } = useTranslation();
  const session = useQuery({ queryKey: ['session'], queryFn: enter, initialData: entered });
  const isDressed = usePreferences(session.data !== undefined);
  useEffect(() => {
    if (session.data && !isShared) openLive(session.data.lastEventId);
  }, [session.data]);
  if (session.data) return isDressed ? <Shell /> : null;
  if (session.error instanceof ApiError && session.error.status === 401) {
    return (
      <main className="mx-auto max-w-lg px-4 pt-24">
        <Empty icon={<KeyRound />} title={t('gate.title')}>
          {t('gate.text')} <code className="font-mono">spoor ui</code>
        </Empty>
      </main>
    );
  }
  if (session.error) return <ErrorPage error={session.error} reset={() => void session.refetch()} />;
  return null;
}
