import { useQuery } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { api } from '../../lib/api.ts';
import { shortPath } from '../../lib/paths.ts';
import { Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { askLeftovers, Leftovers } from './leftovers.tsx';
import { Outputs } from './outputs.tsx';
import { Parts } from './parts.tsx';
import { Trash } from './trash.tsx';

/** What takes the space, what could go, and what went. */
export default function Storage() {
  const { t } = useTranslation();
  useTitle(t('nav.storage'));
  const { data, error, isPending, refetch } = useQuery({
    queryKey: ['storage'],
    queryFn: () => api('readStorage', {}),
  });
  // Together: one after the other, each would push away what is below it.
  const isKnown = ![isPending, useQuery(askLeftovers).isPending, useQuery(ask.trash()).isPending].includes(true);
  return (
    <Page wide="columns" title={t('nav.storage')} lead={data ? shortPath(data.home, 4) : '\u00a0'}>
      <div className="grid grid-cols-1 items-start gap-x-10 min-[112rem]:grid-cols-2 min-[200rem]:grid-cols-3">
        <div className="min-w-0">
          {error ? (
            <Failure error={error} onRetry={() => void refetch()} />
          ) : data ? (
            <Parts storage={data} />
          ) : (
            <Skeleton className="mb-8 h-40" />
          )}
          {isKnown && <Leftovers />}
        </div>
        {isKnown && (
          <div className="min-w-0 items-start gap-x-10 min-[200rem]:col-span-2 min-[200rem]:grid min-[200rem]:grid-cols-2">
            {data && data.outputs.length > 0 && <Outputs outputs={data.outputs} />}
            <Trash />
          </div>
        )}
      </div>
    </Page>
  );
}
