import { keepPreviousData, queryOptions, useQueries, useQuery } from '@tanstack/react-query';
import type { Answer, Asked, DatasetImage } from '../../../../src/api/index.ts';
import { api } from '../../lib/api.ts';

/** What of a dataset is to be seen. */
export type Wanted = Omit<Asked<'listImages'>, 'limit' | 'after'>;

const perPage = 120;

const page = (wanted: Wanted, at: number) =>
  queryOptions({
    queryKey: ['run', wanted.run, 'images', wanted, at],
    queryFn: ({ signal }): Promise<Answer<'listImages'>> =>
      api('listImages', { ...wanted, limit: perPage, ...(at === 0 ? {} : { after: String(at * perPage) }) }, signal),
  });

export interface Images {
  /** Of all that are found; null until it is known. */
  total: number | null;
  changes: Answer<'listImages'>['changes'];
  /** The image at a place; null while it is being loaded. */
  at: (place: number) => DatasetImage | null;
  /** What is shown is of what was wanted before. */
  isOld: boolean;
}

/** Images by their place, asked for a page at a time: those about the places that are to be seen. */
export function useImages(wanted: Wanted, enabled: boolean, seen: readonly [from: number, to: number]): Images {
  const first = useQuery({ ...page(wanted, 0), enabled, placeholderData: keepPreviousData });
  const total = first.data?.total ?? null;
  const last = Math.max(0, Math.ceil((total ?? 0) / perPage) - 1);
  const within = (place: number) => Math.min(last, Math.max(0, Math.floor(place / perPage)));
  const from = within(seen[0]);
  const pages = Array.from({ length: within(seen[1]) - from + 1 }, (_, index) => from + index);
  const isOld = first.isPlaceholderData;
  const loaded = useQueries({
    queries: pages.map((at) => ({ ...page(wanted, at), enabled: enabled && at > 0 && !isOld })),
  });
  return {
    total,
    changes: first.data?.changes ?? null,
    isOld,
    at: (place) => {
      const number = Math.floor(place / perPage);
      const images = number === 0 ? first.data?.images : loaded[pages.indexOf(number)]?.data?.images;
      return images?.[place % perPage] ?? null;
    },
  };
}
