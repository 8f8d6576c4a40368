/** What is asked of the server, each with the key under which it is remembered. */
import { keepPreviousData, QueryClient, queryOptions } from '@tanstack/react-query';
import { ApiError, type Asked } from '../../../src/api/index.ts';
import { api, arrived } from '../lib/api.ts';

export const queries = new QueryClient({
  defaultOptions: {
    // The server is on this machine, also where there is no network.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      // What changes is told by events; nothing is asked again merely because time went by.
      staleTime: Number.POSITIVE_INFINITY,
      gcTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      // While the server is away the page says so once, and keeps what it shows: that is no failure of each part.
      retry: (count, error) => (error instanceof ApiError && error.status < 500 ? error.status === 0 : count < 2),
      retryDelay: (count) => Math.min(1000 * 2 ** count, 2000),
    },
  },
});

/** Keys begin with what must be asked again when it changes: `runs` (any run), `run` and an id, `trash`, `ui`. */
export const ask = {
  session: () => queryOptions({ queryKey: ['session'], queryFn: () => api('readSession', {}) }),
  families: (query: string, sort = '-started') =>
    queryOptions({
      queryKey: ['runs', 'families', query, sort],
      queryFn: ({ signal }) => api('listFamilies', { query, sort }, signal),
      initialData: () => arrived('listFamilies', { query, sort }),
      placeholderData: keepPreviousData,
    }),
  columns: (query: string) =>
    queryOptions({
      queryKey: ['runs', 'columns', query],
      queryFn: ({ signal }) => api('listColumns', { query }, signal),
      initialData: () => arrived('listColumns', { query }),
    }),
  checkQuery: (query: string) =>
    queryOptions({
      queryKey: ['query', query],
      queryFn: ({ signal }) => api('checkQuery', { query }, signal),
      enabled: query !== '',
    }),
  vocabulary: () => queryOptions({ queryKey: ['runs', 'vocabulary'], queryFn: () => api('vocabulary', {}) }),
  run: (run: string) =>
    queryOptions({ queryKey: ['run', run, 'record'], queryFn: ({ signal }) => api('showRun', { run }, signal) }),
  series: (run: string) =>
    queryOptions({ queryKey: ['run', run, 'series'], queryFn: ({ signal }) => api('listSeries', { run }, signal) }),
  samples: (run: string) =>
    queryOptions({ queryKey: ['run', run, 'samples'], queryFn: ({ signal }) => api('listSamples', { run }, signal) }),
  artifacts: (run: string) =>
    queryOptions({
      queryKey: ['run', run, 'artifacts'],
      queryFn: ({ signal }) => api('listArtifacts', { run }, signal),
    }),
  files: (run: string) =>
    queryOptions({ queryKey: ['run', run, 'files'], queryFn: ({ signal }) => api('listFiles', { run }, signal) }),
  code: (run: string) =>
    queryOptions({ queryKey: ['run', run, 'code'], queryFn: ({ signal }) => api('listCode', { run }, signal) }),
  dataset: (run: string) =>
    queryOptions({ queryKey: ['run', run, 'dataset'], queryFn: ({ signal }) => api('readDataset', { run }, signal) }),
  diff: (run: string[]) =>
    queryOptions({ queryKey: ['runs', 'diff', ...run], queryFn: ({ signal }) => api('diff', { run }, signal) }),
  history: (of: Asked<'history'>) =>
    queryOptions({ queryKey: ['runs', 'history', of], queryFn: ({ signal }) => api('history', of, signal) }),
  search: (words: string) =>
    queryOptions({
      queryKey: ['runs', 'search', words],
      queryFn: ({ signal }) => api('search', { words }, signal),
      placeholderData: keepPreviousData,
    }),
  trash: () => queryOptions({ queryKey: ['trash'], queryFn: () => api('listTrash', {}) }),
  ui: () => queryOptions({ queryKey: ['ui'], queryFn: () => api('readUi', {}) }),
};
