import { queryOptions, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Sparkles } from 'lucide-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useActions } from '../../lib/actions.ts';
import { api } from '../../lib/api.ts';
import { bytes, integer } from '../../lib/format.ts';
import { shortPath } from '../../lib/paths.ts';
import { useSay } from '../../said/said.ts';
import { Badge } from '../../ui/badge.tsx';
import { Button } from '../../ui/button.tsx';
import { Dialog } from '../../ui/dialog.tsx';
import { Card, Section } from '../../ui/page.tsx';
import { act, tellTrashed } from './act.ts';
import { Lost } from './lost.tsx';
import { More } from './more.tsx';

export const askLeftovers = queryOptions({ queryKey: ['leftovers'], queryFn: () => api('listLeftovers', {}) });

/** What failed runs left: what could go, what stays, and why. */
export function Leftovers() {
  const { t } = useTranslation();
  const [asking, setAsking] = useState(false);
  const say = useSay();
  const [most, setMost] = useState(20);
  const all = useQuery(askLeftovers).data?.leftovers;
  const removable = all?.filter(({ action }) => action === 'would-remove') ?? [];
  const size = bytes(removable.reduce((sum, each) => sum + (each.bytes ?? 0), 0));
  useActions(
    removable.length > 0
      ? [{ label: `${t('storage.leftovers')}: ${t('storage.clean', { size })}`, act: () => setAsking(true) }]
      : [],
  );
  if (!all || all.length === 0) return null;
  const clean = async () => {
    setAsking(false);
    const done = await act(() => api('clean', { body: {} }));
    if (!done) return;
    const removed = done.leftovers.filter(({ action }) => action === 'removed');
    const freed = bytes(removed.reduce((sum, each) => sum + (each.bytes ?? 0), 0));
    tellTrashed(
      t('storage.cleaned', { count: removed.length, shown: integer(removed.length), size: freed }),
      removed.map(({ entry }) => entry),
    );
  };
  return (
    <Section
      title={t('storage.leftovers')}
      id="leftovers"
      aside={
        removable.length > 0 && (
          <Button onClick={() => setAsking(true)}>
            <Sparkles className="size-4" aria-hidden />
            {t('storage.clean', { size })}
          </Button>
        )
      }
    >
      <Card className="divide-y divide-line">
        {all.slice(0, most).map((left) => (
          <div key={`${left.run} ${left.directory}`} className="px-4 py-2 text-sm">
            <div className="flex flex-wrap items-baseline gap-x-3">
              <Link to="/runs/$run" params={{ run: left.run }} className="font-medium break-words hover:text-accent">
                {left.name}
              </Link>
              <Badge tone={left.action === 'kept' ? 'neutral' : 'warn'}>{t(`storage.action.${left.action}`)}</Badge>
              <span className="ml-auto tabular-nums">{bytes(left.bytes)}</span>
            </div>
            <p className="text-xs break-words text-ink-3" title={left.directory}>
              {shortPath(left.directory)} · {say(left.reason)}
            </p>
          </div>
        ))}
        <More shown={most} total={all.length} onMore={() => setMost(all.length)} />
      </Card>
      <Dialog open={asking} onOpenChange={setAsking} title={t('storage.cleanTitle')}>
        <p className="text-sm text-ink-2">
          {t('storage.cleanText', { count: removable.length, shown: integer(removable.length), size })}
        </p>
        <Lost rows={removable.map((each) => ({ key: each.directory, name: each.name, bytes: each.bytes }))} />
        <div className="mt-5 flex flex-wrap justify-end gap-2">
          <Button onClick={() => setAsking(false)}>{t('common.cancel')}</Button>
          <Button look="primary" onClick={() => void clean()}>
            {t('storage.cleanNow')}
          </Button>
        </div>
      </Dialog>
    </Section>
  );
}
