/** Every page has its address, and every state of a page its place in it. Pages are loaded when they are visited. */
import {
  createHashHistory,
  createRootRoute,
  createRoute,
  createRouter,
  type SearchSchemaInput,
} from '@tanstack/react-router';
import { isShared } from '../lib/site.ts';
import Runs from '../pages/runs/runs.tsx';
import { withSentences } from '../said/said.ts';
import { later } from '../ui/later.tsx';
import { ErrorPage } from './error-page.tsx';
import { Gate } from './gate.tsx';
import { NotFound } from './not-found.tsx';

const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);
const list = (value: unknown) =>
  (Array.isArray(value) ? value : [value]).filter((each): each is string => typeof each === 'string' && each !== '');
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
/** Each once. */
const runsIn = (value: unknown) => [...new Set(list(value))];
/** Search parameters without those that are not there, so that addresses stay short. */
function compact<T extends Record<string, unknown>>(search: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(search).filter(([, value]) => value !== undefined)) as never;
}
/** Texts that are there, if there are any. */
const some = (value: unknown) => (value === undefined || list(value).length === 0 ? undefined : list(value));
/** Which sample is looked at, and how a matrix lays them out. */
const ofSamples = (search: Record<string, unknown>) => ({
  step: number(search.step),
  epoch: number(search.epoch),
  prompt: number(search.prompt),
  lay: search.lay === 'beside' ? ('beside' as const) : search.lay === 'beneath' ? ('beneath' as const) : undefined,
  size: number(search.size),
});
type Asked = Record<string, unknown> & SearchSchemaInput;

const root = createRootRoute({ component: Gate, notFoundComponent: NotFound });

const runs = createRoute({
  getParentRoute: () => root,
  path: '/',
  validateSearch: (search: Asked) =>
    compact({
      q: text(search.q),
      sort: text(search.sort),
      /** `off` shows runs one below the other; by default they are grouped by family. */
      group: search.group === 'off' ? ('off' as const) : undefined,
      columns: text(search.columns),
      /** `all` folds every family, but for those in `except`; without it these alone are folded. */
      fold: search.fold === 'all' ? ('all' as const) : undefined,
      except: some(search.except),
      selected: some(search.selected),
    }),
  // What most visits begin with comes with the page.
  component: Runs,
});

const run = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run',
  validateSearch: (search: Asked) =>
    compact({
      tab: text(search.tab),
      /** The line of the log that is looked at, from 1. */
      line: typeof search.line === 'number' ? search.line : undefined,
      smooth: typeof search.smooth === 'number' ? search.smooth : undefined,
      log: search.log === true ? true : undefined,
      x: text(search.x),
      /** The part that charts show: `step:100:200`. */
      zoom: text(search.zoom),
      /** `off` draws no version before behind the curves. */
      previous: search.previous === 'off' ? ('off' as const) : undefined,
      /** Curves that are not drawn, and charts that are shown as tables. */
      hide: some(search.hide),
      table: some(search.table),
      q: text(search.q),
      /** Of the log only what warns. */
      warnings: search.warnings === true ? true : undefined,
      /** What is unfolded: files, repositories, facts. */
      open: some(search.open),
      /** Settings that are looked for, and whether those that nobody gave are shown. */
      find: text(search.find),
      defaults: search.defaults === true ? true : undefined,
      /** So many facts of the journal are shown; those of the first page by default. */
      facts: number(search.facts),
      /** The note that is being changed, and whether what is written is seen as it will be. */
      note: text(search.note),
      preview: search.preview === true ? true : undefined,
    }),
  component: later(() => withSentences(import('../pages/run/run.tsx'))),
});

const samples = createRoute({
  getParentRoute: () => root,
  path: '/samples',
  validateSearch: (search: Asked) =>
    compact({
      run: runsIn(search.run),
      ...ofSamples(search),
      view: text(search.view),
      /** How two are laid over each other. */
      way: text(search.way),
      zoom: text(search.zoom),
      /** Which two of more: `0-2`. */
      two: text(search.two),
      /** A blind test that was begun, and what was judged of it: a letter a pair. Neither tells whose a picture is. */
      test: text(search.test),
      judged: text(search.judged),
    }),
  component: later(() => import('../pages/samples/samples.tsx')),
});

const compare = createRoute({
  getParentRoute: () => root,
  path: '/compare',
  validateSearch: (search: Asked) =>
    compact({
      run: runsIn(search.run),
      tab: text(search.tab),
      /** Also what has no effect. */
      all: search.all === true ? true : undefined,
      smooth: number(search.smooth),
      log: search.log === true ? true : undefined,
      x: text(search.x),
      /** The part that charts show: `step:100:200`. */
      zoom: text(search.zoom),
      hide: some(search.hide),
      table: some(search.table),
      ...ofSamples(search),
      /** How close samples are looked at. */
      close: text(search.close),
    }),
  component: later(() => withSentences(import('../pages/compare/compare.tsx'))),
});

const families = createRoute({
  getParentRoute: () => root,
  path: '/families',
  validateSearch: (search: Asked) => compact({ q: text(search.q) }),
  component: later(() => withSentences(import('../pages/families/families.tsx'))),
});

const family = createRoute({
  getParentRoute: () => root,
  path: '/families/$family',
  validateSearch: (search: Asked) =>
    compact({
      param: text(search.param),
      /** What the setting is drawn against; the last loss by default. */
      against: search.against === 'verdict' ? ('verdict' as const) : undefined,
      /** How many of the latest are shown. */
      versions: number(search.versions),
    }),
  component: later(() => withSentences(import('../pages/families/family.tsx'))),
});

const dataset = createRoute({
  getParentRoute: () => root,
  path: '/runs/$run/dataset',
  validateSearch: (search: Asked) =>
    compact({
      q: text(search.q),
      /** Tags that images have, and tags that they have not. */
      tag: some(search.tag),
      not: some(search.not),
      since: text(search.since),
      /** What became of images since: one of the ways, or any of them. */
      change: text(search.change),
      /** Place of the image that is looked at, among those that are found. */
      at: number(search.at),
    }),
  component: later(() => import('../pages/dataset/dataset.tsx')),
});

const files = createRoute({
  getParentRoute: () => root,
  path: '/files',
  component: isShared ? NotFound : later(() => withSentences(import('../pages/files/files.tsx'))),
});

const storage = createRoute({
  getParentRoute: () => root,
  path: '/storage',
  component: isShared ? NotFound : later(() => withSentences(import('../pages/storage/storage.tsx'))),
});

const settings = createRoute({
  getParentRoute: () => root,
  path: '/settings',
  component: isShared ? NotFound : later(() => withSentences(import('../pages/settings/settings.tsx'))),
});

export const router = createRouter({
  routeTree: root.addChildren([runs, run, samples, compare, families, family, dataset, files, storage, settings]),
  // Any web server gives a shared page out under one address.
  ...(isShared ? { history: createHashHistory() } : {}),
  defaultPreload: 'intent',
  defaultErrorComponent: ({ error, reset }) => <ErrorPage error={error as Error} reset={reset} />,
  scrollRestoration: true,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
