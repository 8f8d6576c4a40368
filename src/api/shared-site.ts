/**
 * A site of chosen runs that needs no server of Spoor: where each answer of the interface lies in it, for who writes it
 * and for the page that reads it. docs/sharing.md describes it.
 */
import type { Answer } from './routes.ts';
import type { Family, Glance, RunRow } from './runs.ts';

/** What can be left out of it. */
export const sharedParts = ['samples', 'prompts', 'captions', 'log', 'code'] as const;
export type SharedPart = (typeof sharedParts)[number];

/** What is in it only where it is asked for: samples in their full size, small pictures of the dataset. */
export const sharedExtras = ['full-size', 'dataset'] as const;
export type SharedExtra = (typeof sharedExtras)[number];

/** Name of the `meta` element by which the page knows that it has no server. */
export const sharedMeta = 'spoor-shared';

/** `data/site.js`. */
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

/** `data/runs/<id>/run.js`: what is asked of one run. */
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

/** `data/pairs/<a>-<b>/diff.js`. */
export interface SharedPair {
  diff: Answer<'diff'>;
  diffCode: Answer<'diffCode'>;
}

/** What a document calls where it is loaded as a script. */
export const sharedCall = 'spoorShared';

/**
 * A document of the site: a script that hands a text over, because nothing else can be read where the site is opened from a
 * disk. Pages from a web server read the text out of it and run nothing.
 */
export const wrapShared = (path: string, text: string): string =>
  `${sharedCall}(${JSON.stringify(path)},\n${JSON.stringify(text)}\n)\n`;

/** Throws SyntaxError. */
export const unwrapShared = (script: string): string => JSON.parse(script.split('\n', 2)[1] ?? '') as string;

const ofRun = (run: string) => `data/runs/${run}`;
const ofPair = (a: string, b: string) => `data/pairs/${a}-${b}`;

/** Below the site, with `/`. Ids are ULIDs and hexadecimal digits. What ends with `.js` is wrapped. */
export const sharedPath = {
  site: 'data/site.js',
  run: (run: string) => `${ofRun(run)}/run.js`,
  images: (run: string) => `${ofRun(run)}/images.js`,
  log: (run: string) => `${ofRun(run)}/log.js`,
  logText: (run: string) => `${ofRun(run)}/log.txt`,
  file: (run: string, file: string) => `${ofRun(run)}/files/${file}.js`,
  patch: (run: string, file: string) => `${ofRun(run)}/code/${file}.js`,
  sample: (run: string, sample: string) => `${ofRun(run)}/samples/${sample}.webp`,
  wholeSample: (run: string, sample: string) => `${ofRun(run)}/samples/${sample}-full.webp`,
  image: (run: string, image: string) => `${ofRun(run)}/dataset/${image}.webp`,
  /** @param index of the series in `listSeries`; what `decodePoints` reads, in base64 */
  series: (run: string, index: number, lineage: boolean) =>
    `${ofRun(run)}/series/${index}${lineage ? '-lineage' : ''}.js`,
  pair: (a: string, b: string) => `${ofPair(a, b)}/diff.js`,
  pairPatch: (a: string, b: string, file: string) => `${ofPair(a, b)}/${file}.js`,
};
