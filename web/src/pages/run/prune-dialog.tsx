import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Answer, Asked } from '../../../../src/api/index.ts';
import { Failure } from '../../app/error-page.tsx';
import { api } from '../../lib/api.ts';
import { bytes, integer } from '../../lib/format.ts';
import { useSay } from '../../said/said.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { classes } from '../../ui/classes.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { Check } from '../../ui/field.tsx';
import { Skeleton } from '../../ui/page.tsx';
import { tell } from '../../ui/tell.ts';
import { act, tellTrashed } from '../storage/act.ts';

type Keep = Asked<'prune'>['body']['keep'][number];
type Plan = Answer<'prune'>;

/**
 * Frees the disk of checkpoints and states of one run. What would go and what stays is looked up for each choice, and
 * each step can be kept by hand.
 */
export function PruneDialog({ run, name, onClose }: { run: string; name: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [keep, setKeep] = useState<Keep[]>(['starred', 'last']);
  const [now, setNow] = useState(false);
  const [isWorking, setIsWorking] = useState(false);
  const asked = { run, keep: keep.length === 0 ? (['none'] as Keep[]) : keep };
  const { data, error, refetch, isPlaceholderData } = useQuery({
    queryKey: ['run', run, 'prune', keep],
    queryFn: () => api('prune', { body: { ...asked, dryRun: true } }),
    placeholderData: keepPreviousData,
    staleTime: 0,
  });
  const change = (which: Keep, on: boolean) =>
    setKeep((before) => [...before.filter((each) => each !== which), ...(on ? [which] : [])]);
  const prune = async () => {
    setIsWorking(true);
    const done = await act(() => api('prune', { body: { ...asked, now, dryRun: false } }));
    setIsWorking(false);
    if (!done) return;
    onClose();
    const figures = { count: done.taken.length, shown: integer(done.taken.length), size: bytes(done.bytes) };
    if (now) tell({ title: t('prune.deleted', figures) });
    else
      tellTrashed(
        t('prune.trashed', figures),
        done.taken.map(({ entry }) => entry),
      );
  };
  const count = data?.taken.length ?? 0;
  return (
    <Dialog open onOpenChange={(open) => open || onClose()} title={t('prune.title', { name })} wide>
      <p className="mb-4 text-sm text-ink-2">{t('prune.text')}</p>
      <fieldset className="mb-3 flex flex-wrap gap-x-6 gap-y-2">
        <legend className="mb-1.5 text-xs font-medium text-ink-2">{t('prune.keep')}</legend>
        <Check checked={keep.includes('starred')} onChange={(on) => change('starred', on)}>
          {t('prune.starred')}
        </Check>
        <Check checked={keep.includes('last')} onChange={(on) => change('last', on)}>
          {t('prune.last')}
        </Check>
      </fieldset>
      {error ? (
        <Failure error={error} onRetry={() => void refetch()} />
      ) : data ? (
        <PlanTable plan={data} keep={keep} onKeep={change} />
      ) : (
        <Skeleton className="h-48" />
      )}
      <div className="mt-4">
        <Check checked={now} onChange={setNow} hint={t('prune.nowHint')}>
          {t('prune.now')}
        </Check>
      </div>
      <div className="mt-5 flex flex-wrap items-center justify-end gap-2">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button
          look={now ? 'danger' : 'primary'}
          disabled={count === 0 || isPlaceholderData || isWorking}
          onClick={() => void prune()}
        >
          {t(now ? 'prune.deleteNow' : 'prune.trashNow', {
            count,
            shown: integer(count),
            size: bytes(data?.bytes ?? 0),
          })}
        </Button>
      </div>
    </Dialog>
  );
}

interface Row {
  key: string;
  name: string;
  step: number | null;
  bytes: number | null;
  why: string | null;
  isCopy: boolean;
}

function PlanTable({
  plan: { taken, left },
  keep,
  onKeep,
}: {
  plan: Plan;
  keep: readonly Keep[];
  onKeep: (step: number, on: boolean) => void;
}) {
  const { t } = useTranslation();
  const say = useSay();
  const rows: Row[] = [
    ...taken.map((each) => ({ ...each, key: `${each.what} ${each.name}`, why: null, isCopy: each.what === 'copy' })),
    ...left.map((each) => ({ ...each, key: `left ${each.name}`, isCopy: false })),
  ].sort((a, b) => (a.step ?? Number.POSITIVE_INFINITY) - (b.step ?? Number.POSITIVE_INFINITY));
  if (rows.length === 0) return <p className="text-sm text-ink-3">{t('prune.nothing')}</p>;
  return (
    <div className="max-h-[38vh] overflow-auto rounded-lg border border-line" aria-live="polite">
      <ul className="divide-y divide-line text-sm">
        {rows.map((row) => {
          const byHand = row.step !== null && keep.includes(row.step);
          return (
            <li key={row.key} className="flex items-center gap-3 px-3 py-1.5">
              <input
                type="checkbox"
                aria-label={t('prune.keepOne', { name: row.name })}
                checked={row.why !== null}
                // What stays for another reason stays whatever is chosen here.
                disabled={row.step === null || (row.why !== null && !byHand)}
                onChange={(event) => row.step !== null && onKeep(row.step, event.target.checked)}
                className="size-4 shrink-0 accent-accent"
              />
              <span className="min-w-0 flex-1">
                <span className={classes('font-mono text-xs break-all', row.why === null && 'text-ink-3 line-through')}>
                  {row.name}
                </span>
                {row.isCopy && <span className="ml-2 text-xs text-ink-3">{t('prune.copy')}</span>}
              </span>
              <Badge
                tone={row.why === null ? 'warn' : 'good'}
                className="max-w-1/2 truncate"
                title={row.why === null ? undefined : say(row.why)}
              >
                {row.why === null ? t('prune.goes') : reasonText(row.why, t, say)}
              </Badge>
              <span className="w-20 shrink-0 text-right text-ink-2 tabular-nums">{bytes(row.bytes)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

/** Why it stays, the usual reasons in short. */
function reasonText(why: string, t: (key: string) => string, say: (text: string) => string): string {
  if (why === 'starred') return t('prune.isStarred');
  if (why === 'the last') return t('prune.isLast');
  return why.startsWith('step ') ? t('prune.isKept') : say(why);
}
