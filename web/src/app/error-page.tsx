import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../src/api/index.ts';
import { useSay } from '../said/said.ts';
import { Button } from '../ui/button.tsx';
import { Empty } from '../ui/page.tsx';

/** What went wrong, in the server's words, and a way on. */
export function Failure({ error, onRetry }: { error: Error; onRetry?: () => void }) {
  const { t } = useTranslation();
  const say = useSay();
  const hint = error instanceof ApiError ? error.hint : null;
  return (
    <Empty icon={<CircleAlert />} title={error instanceof ApiError ? say(error.message) : t('error.page')}>
      {hint ? say(hint) : error instanceof ApiError ? null : <code className="font-mono text-xs">{error.message}</code>}
      {onRetry && (
        <div className="mt-4">
          <Button onClick={onRetry}>{t('error.again')}</Button>
        </div>
      )}
    </Empty>
  );
}

export function ErrorPage({ error, reset }: { error: Error; reset: () => void }) {
  return (
    <main id="content" tabIndex={-1} className="mx-auto max-w-xl px-4 pt-20">
      <Failure error={error} onRetry={reset} />
    </main>
  );
}
