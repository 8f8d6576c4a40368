/** What the list of runs asks for, said once for the page and for who asks before the page is there. */
import type { Asked } from '../../../../src/api/index.ts';

export interface ListOptions {
  query: string;
  sort: string;
  settings: readonly string[];
}

export const pageSize = 100;

/** @param page from 0, of the runs in their order; with `grouped` those of a family stand together */
export function pageAsked({ query, sort, settings }: ListOptions, grouped: boolean, page: number): Asked<'listRuns'> {
  return { query, sort, setting: [...settings], limit: pageSize, from: page * pageSize, grouped };
}
