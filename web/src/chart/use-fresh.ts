import { useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import type { LiveEvent } from '../../../src/api/index.ts';
import { useLiveEvents } from '../lib/live.ts';

/** Curves of a run that trains are drawn anew with its new points, at most so often. */
const restMs = 700;

/** Has the curves of runs asked for again when points come. */
export function useFreshPoints(runs: readonly string[]): void {
  const client = useQueryClient();
  const waiting = useRef<ReturnType<typeof setTimeout> | null>(null);
  const key = runs.join(' ');
  const listener = useCallback(
    (event: LiveEvent) => {
      if (event.type !== 'points' || !key.includes(event.run) || waiting.current !== null) return;
      waiting.current = setTimeout(() => {
        waiting.current = null;
        // Curves of several runs that are asked for together go by one of these.
        for (const run of key.split(' ')) void client.invalidateQueries({ queryKey: ['run', run, 'points'] });
        void client.invalidateQueries({ queryKey: ['run', event.run, 'series'] });
      }, restMs);
    },
    [client, key],
  );
  useLiveEvents(listener);
}
