import { useTranslation } from 'react-i18next';
import { useConnection } from '../lib/live.ts';
import { classes } from '../ui/classes.ts';

/** Whether what is shown is live. */
export function Connection() {
  const { t } = useTranslation();
  const state = useConnection();
  const label = t(`connection.${state}`);
  return (
    <span role="status" title={label} className="inline-flex h-8 w-6 items-center justify-center">
      <span
        aria-hidden
        className={classes(
          'size-2 rounded-full',
          state === 'live' ? 'bg-good' : state === 'lost' ? 'bg-bad motion-safe:animate-pulse' : 'bg-line-strong',
        )}
      />
      <span className="sr-only">{label}</span>
    </span>
  );
}
