import { useQuery } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../app/error-page.tsx';
import { api } from '../../lib/api.ts';
import { Page, Skeleton } from '../../ui/page.tsx';

/** A run as a terminal calls it, by its name or the beginning of its id: leads on to its own address. */
export function ByName({ name }: { name: string }) {
  const { t } = useTranslation();
  const navigate = useNavigate({ from: '/runs/$run' });
  const { data, error, refetch } = useQuery({
    queryKey: ['runs', 'named', name],
    queryFn: ({ signal }) => api('resolveRun', { run: name }, signal),
  });
  const id = data?.id;
  useEffect(() => {
    if (id !== undefined) void navigate({ params: { run: id }, search: (before) => before, replace: true });
  }, [id, navigate]);
  return (
    <Page title={error ? t('nav.runs') : <Skeleton className="h-7 w-64" />}>
      {error ? <Failure error={error} onRetry={() => void refetch()} /> : <Skeleton className="h-96" />}
    </Page>
  );
}
