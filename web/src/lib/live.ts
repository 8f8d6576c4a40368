/**
 * One stream of events for the page. What an event speaks of is asked again, or put where it is shown; a lost
 * connection goes on behind the last event that was seen, so that nothing is missed.
 */
import type { QueryClient } from '@tanstack/react-query';
import { useEffect, useSyncExternalStore } from 'react';
import { addressOf, type LiveEvent, type RunRow } from '../../../src/api/index.ts';

export type ConnectionState = 'connecting' | 'live' | 'lost';

let state: ConnectionState = 'connecting';
let source: EventSource | null = null;
let client: QueryClient | null = null;
let lastId: string | null = null;
let retryMs = 1000;
let retry: ReturnType<typeof setTimeout> | undefined;
const stateListeners = new Set<() => void>();
const eventListeners = new Set<(event: LiveEvent) => void>();
/** How many parts of the page look at each run. */
const watched = new Map<string, number>();
const progress = new Map<string, NonNullable<RunRow['progress']>>();
const progressListeners = new Set<() => void>();

function become(next: ConnectionState): void {
  if (state === next) return;
  state = next;
  for (const each of stateListeners) each();
}

function connect(): void {
  clearTimeout(retry);
  source?.close();
  const run = [...watched.keys()].slice(0, 24);
  const mine = new EventSource(addressOf('events', { run, ...(lastId === null ? {} : { lastEventId: lastId }) }));
  source = mine;
  mine.onopen = () => {
    retryMs = 1000;
    become('live');
  };
  mine.onerror = () => {
    become('lost');
    // The browser connects again by itself, unless the server refused.
    if (mine.readyState !== EventSource.CLOSED || source !== mine) return;
    retry = setTimeout(connect, retryMs);
    retryMs = Math.min(retryMs * 2, 30_000);
  };
  mine.onmessage = (message) => take(message);
}

function take({ data, lastEventId }: MessageEvent<string>): void {
  if (lastEventId !== '') lastId = lastEventId;
  const event = JSON.parse(data) as LiveEvent;
  if (event.type === 'bye') become('lost');
  else become('live');
  apply(event);
  for (const each of eventListeners) each(event);
}

function apply(event: LiveEvent): void {
  const again = (...queryKey: string[]) => void client?.invalidateQueries({ queryKey });
  if (event.type === 'reload') void client?.invalidateQueries();
  else if (event.type === 'progress') {
    progress.set(event.run, event.progress);
    for (const each of progressListeners) each();
  } else if (event.type === 'run.appeared' || event.type === 'run.changed' || event.type === 'run.ended') {
    if (event.type === 'run.ended') progress.delete(event.run);
    again('runs');
    again('run', event.run);
  } else if (event.type === 'run.gone') {
    again('runs');
    again('trash');
  } else if (event.type === 'artifacts') {
    again('run', event.run, 'samples');
    again('run', event.run, 'artifacts');
    again('glance', event.run);
  } else if (event.type === 'trash') again('trash');
}

export function startLive(queries: QueryClient): void {
  client = queries;
}

/** Connects once this browser was let in. @param after the last event before anything was asked */
export function openLive(after: string | null): void {
  if (source !== null) return;
  lastId ??= after;
  connect();
}

export function useConnection(): ConnectionState {
  return useSyncExternalStore(
    (listener) => {
      stateListeners.add(listener);
      return () => stateListeners.delete(listener);
    },
    () => state,
  );
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
    if (source !== null && [...watched.keys()].join(' ') !== before) connect();
    return () => {
      for (const id of ids) {
        const count = (watched.get(id) ?? 1) - 1;
        if (count > 0) watched.set(id, count);
        else watched.delete(id);
      }
    };
  }, [key]);
}

/** Hears every event while the component stands. @param listener must stay the same between renders */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  useEffect(() => {
    eventListeners.add(listener);
    return () => void eventListeners.delete(listener);
  }, [listener]);
}
