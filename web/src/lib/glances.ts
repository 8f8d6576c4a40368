/** What rows show beside a run's name, asked for many at once: a row asks for itself, and the page asks for all of them. */
import { useQuery } from '@tanstack/react-query';
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

/** @param live anew every few seconds */
export function useGlance(run: string, live = false): Glance | null {
  const { data } = useQuery({
    queryKey: ['glance', run],
    queryFn: () => glanceAt(run),
    refetchInterval: live ? everyMs : false,
  });
  return data ?? null;
}
