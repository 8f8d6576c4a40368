/**
 * A site of chosen runs that needs no server of Spoor: where each answer of the interface lies in it, for who writes it
 * and for the page that reads it. docs/sharing.md describes it.
 */
import type { Answer } from './routes.ts';
import type { Family, Glance, RunRow } from './runs.ts';

/** What can be left out of it. */
export const sharedParts = ['samples', 'prompts', 'captions', 'log', 'code'] as const;
export type SharedPart = (typeof sharedParts)[number];

/** Name of the `meta` element by which the page knows that it has no server. */
export const sharedMeta = 'spoor-shared';

/** `data/site.json`. */
export interface SharedSite {
  v: 1;
  about: Answer<'readSession'>;
  without: SharedPart[];
  /** Each with all its settings that a column may show; the latest first. */
  runs: RunRow[];
  families: Family[];
  columns: Answer<'listColumns'>;
  vocabulary: Answer<'vocabulary'>;
  glances: Record<string, Glance>;
  /** By family. */
  histories: Record<string, Answer<'history'>>;
  /** By family and key. */
  settings: Record<string, Record<string, Answer<'followSetting'>>>;
  /** All runs beside each other, where there are more than two. */
  table: Answer<'diff'> | null;
}

/** `data/runs/<id>/run.json`: what is asked of one run. */
export interface SharedRun {
  showRun: Answer<'showRun'>;
  journal: Answer<'journal'>;
  listFiles: Answer<'listFiles'>;
  listCode: Answer<'listCode'>;
  listSeries: Answer<'listSeries'>;
  listArtifacts: Answer<'listArtifacts'>;
  listSamples: Answer<'listSamples'>;
  readDataset: Answer<'readDataset'>;
}

/** `data/pairs/<a>-<b>/diff.json`. */
export interface SharedPair {
  diff: Answer<'diff'>;
  diffCode: Answer<'diffCode'>;
}

const ofRun = (run: string) => `data/runs/${run}`;
const ofPair = (a: string, b: string) => `data/pairs/${a}-${b}`;

/** Below the site, with `/`. Ids are ULIDs and hexadecimal digits. */
export const sharedPath = {
  site: 'data/site.json',
  run: (run: string) => `${ofRun(run)}/run.json`,
  images: (run: string) => `${ofRun(run)}/images.json`,
  log: (run: string) => `${ofRun(run)}/log.json`,
  logText: (run: string) => `${ofRun(run)}/log.txt`,
  file: (run: string, file: string) => `${ofRun(run)}/files/${file}.txt`,
  patch: (run: string, file: string) => `${ofRun(run)}/code/${file}.json`,
  sample: (run: string, sample: string) => `${ofRun(run)}/samples/${sample}.webp`,
  /** @param index of the series in `listSeries`; the numbers as `decodePoints` reads them */
  series: (run: string, index: number, lineage: boolean) =>
    `${ofRun(run)}/series/${index}${lineage ? '-lineage' : ''}.bin`,
  pair: (a: string, b: string) => `${ofPair(a, b)}/diff.json`,
  pairPatch: (a: string, b: string, file: string) => `${ofPair(a, b)}/${file}.json`,
};
