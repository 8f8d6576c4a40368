/** What the list of runs asks for, said once for the page and for who asks before the page is there. */
import type { Asked } from '../../../../src/api/index.ts';

export interface ListOptions {
  query: string;
  sort: string;
  settings: readonly string[];
}

const pageSize = 200;
/** Families that are open before anyone chose. */
export const openAtFirst = 3;

export function runsAsked({ query, sort, settings }: ListOptions, after: string | null): Asked<'listRuns'> {
  return { query, sort, setting: [...settings], limit: pageSize, ...(after === null ? {} : { after }) };
}

export function membersAsked(family: string, options: ListOptions): Asked<'listRuns'> {
  return runsAsked({ ...options, query: `${options.query} family:"${family}"`.trim() }, null);
}
