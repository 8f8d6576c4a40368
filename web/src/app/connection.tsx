import { Unplug } from 'lucide-react';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { moment } from '../lib/format.ts';
import { hurryLive, useConnection } from '../lib/live.ts';
import { Button } from '../ui/button.tsx';
import { classes } from '../ui/classes.ts';

/** Whether what is shown is live. */
export function Connection() {
  const { t } = useTranslation();
  const { state } = useConnection();
  const label = t(`connection.${state}`);
  const isAway = state === 'lost' || state === 'shut';
  return (
    <span title={label} className="inline-flex h-8 w-6 items-center justify-center">
      <span
        aria-hidden
        className={classes(
          'size-2 rounded-full',
          state === 'live' ? 'bg-good' : isAway ? 'bg-bad motion-safe:animate-pulse' : 'bg-line-strong',
        )}
      />
      <span className="sr-only">{label}</span>
    </span>
  );
}

/** A server that is started anew is back before anybody need be told. */
const patienceMs = 2000;

/** Says that what is shown is not live any more, and what helps; above the page, so that nothing moves. */
export function Disconnected() {
  const { t } = useTranslation();
  const { state, lostAt } = useConnection();
  const isAway = state === 'lost' || state === 'shut';
  const [isLate, setLate] = useState(false);
  useEffect(() => {
    setLate(false);
    if (!isAway) return;
    const timer = setTimeout(() => setLate(true), patienceMs);
    return () => clearTimeout(timer);
  }, [isAway]);
  const isShown = isAway && isLate;
  return (
    <div role="status" className="pointer-events-none fixed inset-x-4 bottom-20 z-40 flex md:bottom-4">
      {isShown && (
        <div className="pointer-events-auto flex max-w-xl items-start gap-3 rounded-lg border border-line bg-panel px-4 py-3 text-sm shadow-lift">
          <Unplug className="mt-0.5 size-4 shrink-0 text-ink-3" aria-hidden />
          <div className="min-w-0">
            <p className="font-medium">{t(`connection.${state === 'shut' ? 'shutTitle' : 'lostTitle'}`)}</p>
            <p className="text-ink-2">
              {t(state === 'shut' ? 'connection.shutText' : 'connection.lostText', {
                when: lostAt === null ? '' : moment(new Date(lostAt).toISOString()),
              })}{' '}
              {state === 'shut' && <code className="font-mono">spoor ui</code>}
            </p>
          </div>
          {state === 'lost' && (
            <Button className="ml-auto" onClick={hurryLive}>
              {t('connection.retry')}
            </Button>
          )}
        </div>
      )}
    </div>
  );
}
