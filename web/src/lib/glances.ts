/** What rows show beside a run's name, asked for many at once: a row asks for itself, and the page asks for all of them. */
import { QueriesObserver, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useReducer } from 'react';
import type { Glance } from '../../../src/api/index.ts';
import { api } from './api.ts';

const most = 100;
let waiting: { run: string; resolve: (glance: Glance | null) => void; reject: (error: unknown) => void }[] = [];

function glanceAt(run: string): Promise<Glance | null> {
  return new Promise((resolve, reject) => {
    waiting.push({ run, resolve, reject });
    if (waiting.length === 1) setTimeout(send, 20);
  });
}

function send(): void {
  const asked = waiting;
  waiting = [];
  for (let at = 0; at < asked.length; at += most) {
    const part = asked.slice(at, at + most);
    api('glances', { run: part.map(({ run }) => run) }).then(
      ({ glances }) => {
        for (const { run, resolve } of part) resolve(glances[run] ?? null);
      },
      (error) => {
        for (const { reject } of part) reject(error);
      },
    );
  }
}

/** A training draws its curve on while one looks at the list. */
const everyMs = 10_000;

const asked = (run: string, live: boolean) => ({
  queryKey: ['glance', run],
  queryFn: () => glanceAt(run),
  refetchInterval: live ? everyMs : (false as const),
});

/** @param live anew every few seconds */
export function useGlance(run: string, live = false): Glance | null {
  return useQuery(asked(run, live)).data ?? null;
}

/**
 * Glances at many runs by one observer: rows that come into view and go again need none of their own.
 *
 * @param runs those that are asked for and kept fresh; the same array as long as they are the same
 * @returns what is known of any run by now
 */
export function useGlances(runs: readonly { id: string; live: boolean }[]): (run: string) => Glance | null {
  const client = useQueryClient();
  const [, redraw] = useReducer((count: number) => count + 1, 0);
  useEffect(() => {
    const observer = new QueriesObserver(
      client,
      runs.map(({ id, live }) => asked(id, live)),
    );
    return observer.subscribe(redraw);
  }, [client, runs]);
  return (run) => client.getQueryData<Glance | null>(['glance', run]) ?? null;
}
