/** What the page does with what happens: an event's subject is asked again, or put where it is shown. */
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import type { LiveEvent, RunRow } from '../../../src/api/index.ts';
import { enterAgain } from './api.ts';
import { forgetEarly } from './early.ts';
import { Connection, type ConnectionState } from './live/connection.ts';
import { Freshness } from './live/freshness.ts';

/** As many as the server tells of at once. */
const mostWatched = 24;

let state: ConnectionState = 'connecting';
/** When it was last live, in milliseconds since 1970; null while it is. */
let lostAt: number | null = null;
let connection: Connection | null = null;
let freshness: Freshness | null = null;
let client: QueryClient | null = null;
const stateListeners = new Set<() => void>();
const eventListeners = new Set<(event: LiveEvent) => void>();
/** How many parts of the page look at each run. */
const watched = new Map<string, number>();
const progress = new Map<string, NonNullable<RunRow['progress']>>();
const progressListeners = new Set<() => void>();

function become(next: ConnectionState): void {
  if (state === next) return;
  const wasAway = state === 'lost' || state === 'shut';
  state = next;
  if (next === 'live') lostAt = null;
  else lostAt ??= Date.now();
  for (const each of stateListeners) each();
  if (next === 'live' && wasAway) freshness?.askFailed();
}

function take(event: LiveEvent): void {
  const again = (...key: string[]) => {
    forgetEarly();
    freshness?.ask(key);
  };
  if (event.type === 'reload') again();
  else if (event.type === 'hello') keepProgress(new Set(event.running));
  else if (event.type === 'progress') {
    progress.set(event.run, event.progress);
    for (const each of progressListeners) each();
  } else if (event.type === 'run.appeared' || event.type === 'run.changed' || event.type === 'run.ended') {
    if (event.type === 'run.ended') progress.delete(event.run);
    again('runs');
    again('run', event.run);
  } else if (event.type === 'run.gone') {
    again('runs');
    again('run', event.run);
    again('trash');
  } else if (event.type === 'artifacts') {
    again('run', event.run, 'samples');
    again('run', event.run, 'artifacts');
    again('glance', event.run);
  } else if (event.type === 'trash') again('trash');
  for (const each of eventListeners) each(event);
}

/** What was told of runs that ended while nobody listened is forgotten. */
function keepProgress(running: ReadonlySet<string>): void {
  for (const run of progress.keys()) if (!running.has(run)) progress.delete(run);
}

export function startLive(queries: QueryClient): void {
  client = queries;
  freshness = new Freshness(queries);
}

/** Connects once this browser was let in. @param lastEventId as the server told it then */
export function openLive(lastEventId: string | null): void {
  if (connection !== null) return;
  const runs = () => [...watched.keys()].slice(0, mostWatched);
  connection = new Connection(lastEventId, { runs, take, become, enterAgain });
  connection.start();
}

/** Tries at once to connect again. */
export function hurryLive(): void {
  connection?.hurry();
}

export function useConnection(): { state: ConnectionState; lostAt: number | null } {
  const subscribe = (listener: () => void) => {
    stateListeners.add(listener);
    return () => void stateListeners.delete(listener);
  };
  const now = useSyncExternalStore(subscribe, () => state);
  return { state: now, lostAt: useSyncExternalStore(subscribe, () => lostAt) };
}

/** Where a run that trains stands now; null where nothing has been told since the page was opened. */
export function useProgress(run: string): RunRow['progress'] {
  return useSyncExternalStore(
    (listener) => {
      progressListeners.add(listener);
      return () => progressListeners.delete(listener);
    },
    () => progress.get(run) ?? null,
  );
}

/** Asks for points, artefacts and the growth of the log of runs as long as they are looked at. */
export function useWatched(runs: readonly string[]): void {
  const key = runs.join(' ');
  useEffect(() => {
    const ids = key === '' ? [] : key.split(' ');
    const before = [...watched.keys()].join(' ');
    for (const id of ids) watched.set(id, (watched.get(id) ?? 0) + 1);
    if ([...watched.keys()].join(' ') !== before) connection?.again();
    return () => {
      for (const id of ids) {
        const count = (watched.get(id) ?? 1) - 1;
        if (count > 0) watched.set(id, count);
        else unwatch(id);
      }
    };
  }, [key]);
}

/** Of what it writes from here on nothing is told, so that its answers count no more. */
function unwatch(id: string): void {
  watched.delete(id);
  const record = client?.getQueryData<{ endedAt: string | null }>(['run', id, 'record']);
  if (record?.endedAt === null) void client?.invalidateQueries({ queryKey: ['run', id], refetchType: 'none' });
}

/** Hears every event while the component stands. @param listener must stay the same between renders */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  useEffect(() => {
    eventListeners.add(listener);
    return () => void eventListeners.delete(listener);
  }, [listener]);
}
