import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { RotateCcw, Trash2 } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { ApiError } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { ask } from '../../app/queries.ts';
import { api } from '../../lib/api.ts';
import { ago } from '../../lib/format.ts';
import { isShared } from '../../lib/site.ts';
import { Button, buttonClass } from '../../ui/button.tsx';
import { Empty, Page, Skeleton, useTitle } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { act } from '../storage/act.ts';

/** A run that cannot be shown: where it is in the trash, from there it comes back. */
export default function Gone({ run, error, onRetry }: { run: string; error: Error; onRetry: () => void }) {
  const { t } = useTranslation();
  const isGone = !isShared && error instanceof ApiError && error.status === 404;
  const { data, isPending } = useQuery({ ...ask.trash(), enabled: isGone });
  const entry = data?.entries.findLast((each) => each.run === run && each.kind === 'record');
  useTitle(entry?.name ?? '');
  if (isGone && isPending) {
    return (
      <Page title={<Skeleton className="h-7 w-64" />}>
        <Skeleton className="h-64" />
      </Page>
    );
  }
  if (!entry) {
    return (
      <Page title={t('nav.runs')}>
        <Failure error={error} onRetry={onRetry} />
      </Page>
    );
  }
  const restore = async () => {
    const done = await act(() => api('restoreTrash', { body: { entries: [entry.id] } }));
    if (done) tell({ title: t('storage.restored', { name: entry.name }) });
  };
  return (
    <Page title={entry.name}>
      <Empty icon={<Trash2 />} title={t('run.inTrash')}>
        <p>{t('run.inTrashHint', { when: ago(entry.at) })}</p>
        <div className="mt-4 flex flex-wrap justify-center gap-2">
          <Button look="primary" onClick={() => void restore()}>
            <RotateCcw className="size-4" aria-hidden />
            {t('storage.restore')}
          </Button>
          <Link to="/" className={buttonClass()}>
            {t('run.toList')}
          </Link>
          <Link to="/storage" className={buttonClass()}>
            {t('run.toTrash')}
          </Link>
        </div>
      </Empty>
    </Page>
  );
}
