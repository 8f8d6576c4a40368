/** The answers that pages of a shared site ask for, one document after the other. */
import type { DatasetImage } from '../../api/dataset.ts';
import { encodePoints } from '../../api/points-frame.ts';
import type { Answer } from '../../api/routes.ts';
import type { CodeFile } from '../../api/run.ts';
import type { Glance } from '../../api/runs.ts';
import {
  type SharedExtra,
  type SharedPair,
  type SharedRun,
  type SharedSite,
  sharedPath,
} from '../../api/shared-site.ts';
import { withoutFormerNotes } from '../../model/fold-notes.ts';
import type { RunId } from '../../model/run-id.ts';
import type { Home } from '../../store/home.ts';
import { readLineage } from '../../tracker/lineage-series.ts';
import { readSeries } from '../../tracker/metrics.ts';
import { noTag } from '../bytes.ts';
import type { Handlers } from '../handler.ts';
import { bytesOf, documentOf } from './asking.ts';
import { isBareWebp } from './bare-picture.ts';
import {
  answersWithout,
  isShownCode,
  isShownFile,
  pairWithout,
  rowsWithout,
  settingsWithout,
  type Without,
  withoutParts,
} from './leave-out.ts';

export interface SiteDocument {
  path: string;
  /** What it is, for who is told of a secret in it. */
  place: string;
  /** The part that leaves it out; null for what is always there. */
  remedy: 'log' | 'code' | 'captions' | 'prompts' | null;
  content: { json: unknown } | { text: string } | { bytes: Uint8Array };
}

export interface SiteDataOptions {
  handlers: Handlers;
  home: Home;
  /** The latest first. */
  runs: readonly { id: RunId; name: string }[];
  without: Without;
  extras: ReadonlySet<SharedExtra>;
  /** A picture in its full size, with nothing but pixels. */
  whole(bytes: Uint8Array): Promise<Uint8Array>;
}

/** Points of each curve; first, last, lowest and highest of each part are kept. */
const mostPoints = 20_000;
const mostLines = 100_000;
/** Of a repository, or of two that are compared, as patches. */
const mostPatches = 300;
const mostImages = 100_000;

export async function* siteData(options: SiteDataOptions): AsyncGenerator<SiteDocument> {
  const { runs } = options;
  const pictured = new Set<string>();
  for (const run of runs) yield* runData(options, run, pictured);
  for (const a of runs) for (const b of runs) if (a !== b) yield* pairData(options, a, b);
  yield {
    path: sharedPath.site,
    place: 'the list of runs',
    remedy: null,
    content: { json: await listData(options, pictured) },
  };
}

/** @param pictured takes the ids of samples whose pictures are in the site */
async function* runData(
  options: SiteDataOptions,
  { id, name }: { id: RunId; name: string },
  pictured: Set<string>,
): AsyncGenerator<SiteDocument> {
  const { handlers, home, without, extras } = options;
  const of = { run: id };
  const [showRun, journal, listFiles, listCode, listSeries, listArtifacts, listSamples, readDataset] =
    await Promise.all([
      documentOf(handlers.showRun(of, noTag)),
      documentOf(handlers.journal({ ...of, from: 0, count: 1_000_000 }, noTag)),
      documentOf(handlers.listFiles(of, noTag)),
      documentOf(handlers.listCode(of, noTag)),
      documentOf(handlers.listSeries(of, noTag)),
      documentOf(handlers.listArtifacts(of, noTag)),
      documentOf(handlers.listSamples(of, noTag)),
      documentOf(handlers.readDataset(of, noTag)),
    ]);
  const facts = withoutFormerNotes(journal.facts);
  const present = { ...journal, facts, total: facts.length };
  const answers: SharedRun = answersWithout(
    { showRun, journal: present, listFiles, listCode, listSeries, listArtifacts, listSamples, readDataset },
    without,
  );

  const whole = new Set<string>();
  for (const { id: sample, preview, original } of answers.listSamples.samples) {
    if (!preview) continue;
    const place = `a sample of ${name}`;
    const bytes = await bareOf(() => bytesOf(handlers.samplePreview({ ...of, sample }, noTag)));
    if (bytes === null) continue;
    pictured.add(sample);
    yield { path: sharedPath.sample(id, sample), place, remedy: null, content: { bytes } };
    if (!original || !extras.has('full-size')) continue;
    const large = await bareOf(async () =>
      options.whole(await bytesOf(handlers.sampleOriginal({ ...of, sample }, noTag))),
    );
    if (large === null) continue;
    whole.add(sample);
    yield { path: sharedPath.wholeSample(id, sample), place, remedy: null, content: { bytes: large } };
  }
  const samples = answers.listSamples.samples.map((each) => ({
    ...each,
    preview: pictured.has(each.id),
    original: whole.has(each.id),
  }));
  const record = { ...answers, listSamples: { samples } };
  yield { path: sharedPath.run(id), place: `the record of ${name}`, remedy: null, content: { json: record } };

  for (const { id: file, path, role, kept } of answers.listFiles.files) {
    if (!kept || !isShownFile(role, without)) continue;
    const text = new TextDecoder().decode(await bytesOf(handlers.readFile({ ...of, file }, noTag)));
    const remedy = role === 'prompts' ? 'prompts' : null;
    yield { path: sharedPath.file(id, file), place: `${path} of ${name}`, remedy, content: { text } };
  }
  for (const { file, place } of patched(answers.listCode.repos, without)) {
    const json = await documentOf(handlers.readPatch({ ...of, file }, noTag));
    yield { path: sharedPath.patch(id, file), place: `${place} of ${name}`, remedy: 'code', content: { json } };
  }
  yield* seriesData(home, id, name, answers.listSeries.series);
  if (!without.has('log')) yield* logData(handlers, id, name);
  const shown = new Set<string>();
  const all = await imagesOf(handlers, id);
  for (const { id: image, shown: isThere } of extras.has('dataset') ? all : []) {
    const bytes = isThere ? await bareOf(() => bytesOf(handlers.imageThumbnail({ ...of, image }, noTag))) : null;
    if (bytes === null) continue;
    shown.add(image);
    const place = `a picture of the dataset of ${name}`;
    yield { path: sharedPath.image(id, image), place, remedy: null, content: { bytes } };
  }
  const images = all.map((image) => ({
    ...image,
    shown: shown.has(image.id),
    ...(without.has('captions') ? { caption: null, captionBefore: null, tags: [] } : {}),
  }));
  yield {
    path: sharedPath.images(id),
    place: `the captions of ${name}`,
    remedy: 'captions',
    content: { json: images },
  };
}

/** A picture that holds nothing but pixels; null where there is none, or it holds more. */
async function bareOf(make: () => Promise<Uint8Array>): Promise<Uint8Array | null> {
  const bytes = await make().catch(() => null);
  return bytes !== null && isBareWebp(bytes) ? bytes : null;
}

async function* seriesData(
  home: Home,
  id: RunId,
  name: string,
  series: Answer<'listSeries'>['series'],
): AsyncGenerator<SiteDocument> {
  for (const [index, { tag }] of series.entries()) {
    const range = { points: mostPoints };
    const own = await readSeries(home, id, tag, range);
    const line = await readLineage(home, id, tag, range);
    for (const [found, seams, lineage] of [
      [own, [], false],
      [line?.points ?? own, line?.seams ?? [], true],
    ] as const) {
      if (!found) continue;
      const { axis, step, time, value, total, reduced } = found;
      const bytes = encodePoints([{ run: id, tag, axis, total, reduced, seams: [...seams], x: step, time, value }]);
      const place = `the curve ${tag} of ${name}`;
      yield { path: sharedPath.series(id, index, lineage), place, remedy: null, content: { bytes } };
    }
  }
}

async function* logData(handlers: Handlers, id: RunId, name: string): AsyncGenerator<SiteDocument> {
  const asked = { run: id, from: -mostLines, count: mostLines, warnings: false };
  const log = await documentOf(handlers.readLogLines({ ...asked, form: 'coloured' }, noTag)).catch(() => null);
  const clean = await documentOf(handlers.readLogLines({ ...asked, form: 'clean' }, noTag)).catch(() => null);
  if (log === null || clean === null) return;
  const place = `the log of ${name}`;
  const text = clean.lines.map((line) => `${line.text}\n`).join('');
  yield { path: sharedPath.logText(id), place, remedy: 'log', content: { text } };
  yield { path: sharedPath.log(id), place, remedy: 'log', content: { json: log } };
}

async function* pairData(
  { handlers, without }: SiteDataOptions,
  a: { id: RunId; name: string },
  b: { id: RunId; name: string },
): AsyncGenerator<SiteDocument> {
  const of = { run: [a.id, b.id] };
  const pair: SharedPair = pairWithout(
    { diff: await documentOf(handlers.diff(of, noTag)), diffCode: await documentOf(handlers.diffCode(of, noTag)) },
    without,
  );
  const between = `between ${a.name} and ${b.name}`;
  yield { path: sharedPath.pair(a.id, b.id), place: `what changed ${between}`, remedy: null, content: { json: pair } };
  for (const { file, place } of patched(pair.diffCode.repos, without)) {
    const json = await documentOf(handlers.diffFile({ ...of, file }, noTag));
    const path = sharedPath.pairPatch(a.id, b.id, file);
    yield { path, place: `${place} ${between}`, remedy: 'code', content: { json } };
  }
}

/** Files of text whose changes are shown. */
function patched(repos: Answer<'listCode'>['repos'], without: Without): { file: string; place: string }[] {
  const pathOf = ({ before, after }: CodeFile) => (after ?? before)?.path ?? '';
  return repos.flatMap(({ name, files }) =>
    (files ?? [])
      .filter((file) => file.lines !== null && isShownCode(pathOf(file), without))
      .slice(0, mostPatches)
      .map((file) => ({ file: file.id, place: `${name}/${pathOf(file)}` })),
  );
}

async function imagesOf(handlers: Handlers, run: RunId): Promise<DatasetImage[]> {
  return (await documentOf(handlers.listImages({ run, changed: false, limit: mostImages }, noTag))).images;
}

async function listData(
  { handlers, runs: chosen, without }: SiteDataOptions,
  pictured: ReadonlySet<string>,
): Promise<SharedSite> {
  const ids = chosen.map(({ id }) => id);
  const all = await documentOf(handlers.vocabulary({}, noTag));
  const vocabulary = {
    ...all,
    hosts: [],
    values: {},
    settings: Object.keys(settingsWithout(keyed(all.settings), without)),
  };
  const found = await documentOf(handlers.listColumns({ query: '' }, noTag));
  const differing = settingsWithout(keyed(found.columns.map(({ key }) => key)), without);
  const columns = { ...found, columns: found.columns.filter(({ key }) => Object.hasOwn(differing, key)) };
  const setting = [...new Set([...vocabulary.settings, ...Object.keys(differing)])];
  const page = { query: '', sort: '-started', limit: 1000, grouped: false, setting };
  const { runs } = await documentOf(handlers.listRuns(page, noTag));
  const { families } = await documentOf(handlers.listFamilies({ query: '', sort: '-started' }, noTag));
  const { glances } = await documentOf(handlers.glances({ run: ids, points: 48 }, noTag));
  const histories: SharedSite['histories'] = {};
  const settings: SharedSite['settings'] = {};
  for (const { family } of families) {
    const history = await documentOf(handlers.history({ family }, noTag));
    const versions = history.versions.map((each) => ({ ...each, changes: withoutParts(each.changes, without) }));
    histories[family] = { ...history, versions };
    const followed: Record<string, Answer<'followSetting'>> = {};
    for (const key of Object.keys(differing))
      followed[key] = await documentOf(handlers.followSetting({ family, key }, noTag));
    settings[family] = followed;
  }
  const table = ids.length > 2 ? await documentOf(handlers.diff({ run: ids }, noTag)) : null;
  const glanceOf = (glance: Glance): Glance => ({
    ...glance,
    sample: glance.sample && pictured.has(glance.sample.id) ? glance.sample : null,
    samples: without.has('samples') ? 0 : glance.samples,
  });
  const about = await documentOf(handlers.readSession({}, noTag));
  return {
    v: 1,
    about: { ...about, home: '', host: '', userHome: '', lastEventId: null },
    without: [...without],
    runs,
    families,
    columns,
    vocabulary,
    glances: Object.fromEntries(Object.entries(glances).map(([id, each]) => [id, glanceOf(each)])),
    histories,
    settings,
    table: table && { ...table, rows: rowsWithout(table.rows, without) },
  };
}

const keyed = (keys: readonly string[]) => Object.fromEntries(keys.map((key) => [key, true]));
