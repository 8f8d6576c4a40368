/** Where each route is. Plain, so that a page has it without the schemas. */
type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
const endpoint = <M extends Method>(method: M, path: `/api/${string}`) => ({ method, path });

export const endpoints = {
  enter: endpoint('POST', '/api/session'),
  readSession: endpoint('GET', '/api/session'),
  leave: endpoint('DELETE', '/api/session'),
  makeLink: endpoint('POST', '/api/session/link'),
  remember: endpoint('POST', '/api/session/remember'),
  challenge: endpoint('POST', '/api/session/challenge'),
  resume: endpoint('POST', '/api/session/resume'),

  listRuns: endpoint('GET', '/api/runs'),
  listFamilies: endpoint('GET', '/api/families'),
  listColumns: endpoint('GET', '/api/columns'),
  glances: endpoint('GET', '/api/glances'),
  vocabulary: endpoint('GET', '/api/vocabulary'),
  checkQuery: endpoint('GET', '/api/query'),
  resolveRun: endpoint('GET', '/api/resolve'),
  search: endpoint('GET', '/api/search'),

  showRun: endpoint('GET', '/api/runs/:run'),
  journal: endpoint('GET', '/api/runs/:run/journal'),
  listFiles: endpoint('GET', '/api/runs/:run/files'),
  readFile: endpoint('GET', '/api/runs/:run/files/:file'),
  listCode: endpoint('GET', '/api/runs/:run/code'),
  readPatch: endpoint('GET', '/api/runs/:run/code/:file'),

  diff: endpoint('GET', '/api/diff'),
  diffPatch: endpoint('GET', '/api/diff/patch'),
  diffCode: endpoint('GET', '/api/diff/code'),
  diffFile: endpoint('GET', '/api/diff/code/:file'),
  history: endpoint('GET', '/api/history'),
  followSetting: endpoint('GET', '/api/history/setting'),

  listSeries: endpoint('GET', '/api/runs/:run/series'),
  points: endpoint('GET', '/api/points'),
  pointsFrame: endpoint('GET', '/api/points.bin'),

  listArtifacts: endpoint('GET', '/api/runs/:run/artifacts'),
  listSamples: endpoint('GET', '/api/runs/:run/samples'),
  samplePreview: endpoint('GET', '/api/runs/:run/samples/:sample/preview'),
  sampleOriginal: endpoint('GET', '/api/runs/:run/samples/:sample/original'),
  contactSheet: endpoint('GET', '/api/sheet.png'),
  best: endpoint('GET', '/api/best'),
  star: endpoint('POST', '/api/stars'),
  prune: endpoint('POST', '/api/prune'),

  readLog: endpoint('GET', '/api/runs/:run/log'),
  readLogLines: endpoint('GET', '/api/runs/:run/log/lines'),
  searchLog: endpoint('GET', '/api/runs/:run/log/search'),
  downloadLog: endpoint('GET', '/api/runs/:run/log/raw'),

  readDataset: endpoint('GET', '/api/runs/:run/dataset'),
  listImages: endpoint('GET', '/api/runs/:run/dataset/images'),
  imageThumbnail: endpoint('GET', '/api/runs/:run/dataset/images/:image/thumbnail'),
  imageOriginal: endpoint('GET', '/api/runs/:run/dataset/images/:image/original'),

  addNote: endpoint('POST', '/api/notes'),
  changeNote: endpoint('PUT', '/api/notes'),
  setTags: endpoint('POST', '/api/tags'),
  setVerdict: endpoint('POST', '/api/verdict'),
  recordBlindTest: endpoint('POST', '/api/blind-test'),

  listTrash: endpoint('GET', '/api/trash'),
  removeRuns: endpoint('POST', '/api/trash'),
  restoreTrash: endpoint('POST', '/api/trash/restore'),
  deleteTrash: endpoint('POST', '/api/trash/delete'),
  emptyTrash: endpoint('POST', '/api/trash/empty'),
  readStorage: endpoint('GET', '/api/storage'),
  listLeftovers: endpoint('GET', '/api/clean'),
  clean: endpoint('POST', '/api/clean'),

  examine: endpoint('POST', '/api/examine'),
  doctor: endpoint('GET', '/api/doctor'),
  readSettings: endpoint('GET', '/api/settings'),
  writeSettings: endpoint('PUT', '/api/settings'),
  testReceiver: endpoint('POST', '/api/settings/test'),
  readUi: endpoint('GET', '/api/ui'),
  writeUi: endpoint('PUT', '/api/ui'),
  events: endpoint('GET', '/api/events'),
} as const;

export type EndpointName = keyof typeof endpoints;
export const endpointNames = Object.keys(endpoints) as EndpointName[];
/** What is answered before one may ask: by these one is let in. */
export const entries: readonly EndpointName[] = ['enter', 'challenge', 'resume'];

/** What follows `#` in the address that `spoor serve` prints, before the token that works once. */
export const tokenFragment = 'token=';

/** A failed request's document. */
export interface ErrorDocument {
  error: { code: string; message: string; hint: string | null };
}
