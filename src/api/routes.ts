/** Every route with its schemas: what the server registers, the client is typed by and `docs/api.md` lists. */
import * as annotations from './annotations.ts';
import * as artifacts from './artifacts.ts';
import * as compare from './compare.ts';
import * as dataset from './dataset.ts';
import type { EndpointName } from './endpoints.ts';
import { events } from './events.ts';
import { examine } from './examine.ts';
import * as log from './log.ts';
import type { Route } from './route.ts';
import * as run from './run.ts';
import * as runs from './runs.ts';
import * as series from './series.ts';
import * as session from './session.ts';
import * as settings from './settings.ts';
import * as storage from './storage.ts';

export const routes = {
  enter: session.enter,
  readSession: session.readSession,
  leave: session.leave,
  makeLink: session.makeLink,
  remember: session.remember,
  challenge: session.challenge,
  resume: session.resume,
  listRuns: runs.listRuns,
  listFamilies: runs.listFamilies,
  listColumns: runs.listColumns,
  glances: runs.glances,
  vocabulary: runs.vocabulary,
  checkQuery: runs.checkQuery,
  resolveRun: runs.resolveRun,
  search: runs.search,
  showRun: run.showRun,
  journal: run.journal,
  listFiles: run.listFiles,
  readFile: run.readFile,
  listCode: run.listCode,
  readPatch: run.readPatch,
  diff: compare.diff,
  diffPatch: compare.diffPatch,
  diffCode: compare.diffCode,
  diffFile: compare.diffFile,
  history: compare.history,
  followSetting: compare.followSetting,
  listSeries: series.listSeries,
  points: series.points,
  pointsFrame: series.pointsFrame,
  listArtifacts: artifacts.listArtifacts,
  listSamples: artifacts.listSamples,
  samplePreview: artifacts.samplePreview,
  sampleOriginal: artifacts.sampleOriginal,
  contactSheet: artifacts.contactSheet,
  best: artifacts.best,
  star: artifacts.star,
  prune: artifacts.prune,
  readLog: log.readLog,
  readLogLines: log.readLogLines,
  searchLog: log.searchLog,
  downloadLog: log.downloadLog,
  readDataset: dataset.readDataset,
  listImages: dataset.listImages,
  imageThumbnail: dataset.imageThumbnail,
  imageOriginal: dataset.imageOriginal,
  addNote: annotations.addNote,
  changeNote: annotations.changeNote,
  setTags: annotations.setTags,
  setVerdict: annotations.setVerdict,
  recordBlindTest: annotations.recordBlindTest,
  listTrash: storage.listTrash,
  removeRuns: storage.removeRuns,
  restoreTrash: storage.restoreTrash,
  deleteTrash: storage.deleteTrash,
  emptyTrash: storage.emptyTrash,
  readStorage: storage.readStorage,
  listLeftovers: storage.listLeftovers,
  clean: storage.clean,
  examine,
  doctor: settings.doctor,
  readSettings: settings.readSettings,
  writeSettings: settings.writeSettings,
  testReceiver: settings.testReceiver,
  readUi: settings.readUi,
  writeUi: settings.writeUi,
  events,
} as const satisfies Record<EndpointName, Route>;

type Routes = typeof routes;

/** What a route answers. */
export type Answer<N extends EndpointName> = Routes[N]['answer'] extends { _zod: { output: infer T } }
  ? T
  : Routes[N]['answer'] extends 'text'
    ? string
    : Uint8Array<ArrayBuffer>;

type InputOf<T> = T extends { _zod: { input: infer I } } ? I : unknown;

/** What is asked of a route: its path's parts, its query, its body. */
export type Asked<N extends EndpointName> = (Routes[N] extends { params: infer P } ? InputOf<P> : unknown) &
  (Routes[N] extends { query: infer Q } ? InputOf<Q> : unknown) &
  (Routes[N] extends { body: infer B } ? { body: B extends 'bytes' ? Uint8Array<ArrayBuffer> : InputOf<B> } : unknown);
