/** The interface of a shared site: what a server would answer is read from files beside the page. */
import {
  type Answer,
  ApiError,
  type Asked,
  type DatasetImage,
  decodePoints,
  encodePoints,
  type FramedCurve,
  type RunRow,
  type SharedPair,
  type SharedRun,
  type SharedSite,
  sharedPath,
} from '../../../src/api/index.ts';
import { plainText } from '../text/ansi.ts';
import { sharedText } from './shared-text.ts';

type Answers = { [N in Answered]: (asked: Asked<N>) => Promise<Answer<N>> };
type OfRun = keyof SharedRun;
type Answered =
  | OfRun
  | 'readSession'
  | 'readUi'
  | 'listRuns'
  | 'listFamilies'
  | 'listColumns'
  | 'vocabulary'
  | 'checkQuery'
  | 'glances'
  | 'search'
  | 'history'
  | 'followSetting'
  | 'diff'
  | 'diffCode'
  | 'diffFile'
  | 'readFile'
  | 'readPatch'
  | 'pointsFrame'
  | 'readLogLines'
  | 'searchLog'
  | 'listImages';

/** Throws ApiError. */
export async function answerOf(name: string, asked: unknown): Promise<never> {
  const answer = answers[name as Answered] as ((asked: unknown) => Promise<never>) | undefined;
  if (!answer) throw missing('these pages were written once, and nothing can be changed here');
  return answer(asked);
}

const held = new Map<string, Promise<unknown>>();

function json<T>(path: string): Promise<T> {
  const known = held.get(path);
  const found = known ?? load(path).then((text) => JSON.parse(text));
  held.set(path, found);
  found.catch(() => held.delete(path));
  return found as Promise<T>;
}

async function load(path: string): Promise<string> {
  const text = await sharedText(path);
  if (text === null) throw missing('this is not part of the shared pages');
  return text;
}

const missing = (message: string) => new ApiError(404, { error: { code: 'not-shared', message, hint: null } });

const site = () => json<SharedSite>(sharedPath.site);
const ofRun =
  <N extends OfRun>(name: N) =>
  async ({ run }: { run: string }): Promise<SharedRun[N]> => {
    if (!(await site()).runs.some(({ id }) => id === run)) throw missing('this run is not part of the shared pages');
    return (await json<SharedRun>(sharedPath.run(run)))[name];
  };

const answers: Answers = {
  readSession: async () => (await site()).about,
  readUi: async () => ({ ui: { language: null, theme: null, blur: null, views: [], more: {} }, revision: '' }),
  listRuns: async ({ query = '', sort = '-started', setting = [], from = 0, limit, grouped = false }) => {
    const wanted = [setting].flat();
    const sorted = (await found(query)).sort(bySort(sort));
    const ordered = grouped === true ? [...Map.groupBy(sorted, ({ family }) => family).values()].flat() : sorted;
    const end = limit === undefined ? undefined : Number(from) + Number(limit);
    const runs = ordered.slice(Number(from), end).map((run) => ({ ...run, settings: picked(run, wanted) }));
    return { runs, next: null, total: ordered.length };
  },
  listFamilies: async ({ query = '', sort = '-started' }) => {
    const runs = await found(query);
    const all = new Map((await site()).families.map((family) => [family.family, family]));
    const latest = Map.groupBy(runs, ({ family }) => family);
    const order = new Set([...runs].sort(bySort(sort)).map(({ family }) => family));
    const families = [...order].flatMap((name) => {
      const [family, own = []] = [all.get(name), latest.get(name)];
      const [last] = own;
      return family && last ? [{ ...family, runs: own.length, latest: last }] : [];
    });
    return { families, total: runs.length };
  },
  listColumns: async () => (await site()).columns,
  vocabulary: async () => ({ ...(await site()).vocabulary, fields: [...fields], numbers: [] }),
  checkQuery: async ({ query }) => {
    const [source] = termsOf(query ?? '').flatMap(({ isKnown, source }) => (isKnown ? [] : [source]));
    if (source === undefined) return { problem: null };
    const message = `in "${source}": shared pages find words, and ${fields.join(', ')} by a colon`;
    return {
      problem: { message, hint: 'Settings stand in the columns of the list; quote a text to search for it.' },
    };
  },
  glances: async ({ run }) => {
    const all = (await site()).glances;
    return { glances: Object.fromEntries([run].flat().flatMap((id) => (all[id] ? [[id, all[id]]] : []))) };
  },
  search: async () => ({ runs: [] }),
  history: async ({ family, run }) => {
    const { histories, runs } = await site();
    const name = family ?? runs.find(({ id }) => id === run)?.family ?? '';
    return Object.hasOwn(histories, name) ? histories[name]! : { family: name, versions: [], attempts: [] };
  },
  followSetting: async ({ family = '', key }) => (await site()).settings[family]?.[key] ?? { family, key, runs: [] },

  showRun: ofRun('showRun'),
  listFiles: ofRun('listFiles'),
  listCode: ofRun('listCode'),
  listSeries: ofRun('listSeries'),
  listArtifacts: ofRun('listArtifacts'),
  listSamples: ofRun('listSamples'),
  readDataset: ofRun('readDataset'),
  journal: async ({ run, from = 0, count = 500 }) => {
    const { facts, ...rest } = await ofRun('journal')({ run });
    return { ...rest, facts: facts.slice(Number(from), Number(from) + Number(count)) };
  },
  readFile: ({ run, file }) => load(sharedPath.file(run, file)),
  readPatch: ({ run, file }) => json(sharedPath.patch(run, file)),

  diff: async ({ run }) => {
    const [a = '', b = '', ...more] = run as string[];
    if (more.length === 0) return (await json<SharedPair>(sharedPath.pair(a, b))).diff;
    const { table } = await site();
    if (table === null) throw missing('this is not part of the shared pages');
    return someOf(table, run as string[]);
  },
  diffCode: async ({ run: [a = '', b = ''] }) => (await json<SharedPair>(sharedPath.pair(a, b))).diffCode,
  diffFile: ({ run: [a = '', b = ''], file }) => json(sharedPath.pairPatch(a, b, file)),

  pointsFrame: async ({ run, tag, from, to, lineage = false }) => {
    const curves: FramedCurve[] = [];
    for (const id of [run].flat()) {
      const { series } = await ofRun('listSeries')({ run: id });
      for (const name of [tag].flat()) {
        const index = series.findIndex((each) => each.tag === name);
        if (index < 0) continue;
        const frame = bytesOf(await load(sharedPath.series(id, index, lineage === true)));
        const range = [Number(from ?? Number.NEGATIVE_INFINITY), Number(to ?? Number.POSITIVE_INFINITY)] as const;
        curves.push(...decodePoints(frame.buffer).map((curve) => between(curve, range)));
      }
    }
    return encodePoints(curves) as Uint8Array<ArrayBuffer>;
  },

  readLogLines: async ({ run, from = -200, count = 200, warnings = false }) => {
    const log = await logOf(run);
    const lines = warnings ? log.lines.filter(({ level }) => level !== 'plain') : log.lines;
    const base = warnings ? 0 : log.from;
    const begin = Number(from) < 0 ? Math.max(0, lines.length + Number(from)) : Math.max(0, Number(from) - base);
    return {
      ...log,
      lines: lines.slice(begin, begin + Number(count)),
      from: base + Math.min(begin, lines.length),
      total: base + lines.length,
    };
  },
  searchLog: async ({ run, text, limit = 200, warnings = false }) => {
    const wanted = text.toLowerCase();
    const log = await logOf(run);
    const plain = log.lines
      .filter(({ level }) => !warnings || level !== 'plain')
      .map((line, index) => ({ ...line, text: plainText(line.text), place: (warnings ? 0 : log.from) + index }));
    const found = plain.filter((line) => line.text.toLowerCase().includes(wanted));
    const lines = found.slice(0, Number(limit)).map(({ place: _, ...line }) => line);
    return { lines, places: found.map(({ place }) => place), total: found.length };
  },

  listImages: async ({
    run,
    text,
    tag = [],
    without = [],
    since,
    changed = false,
    change,
    limit = 100,
    after = '0',
  }) => {
    const all = await json<DatasetImage[]>(sharedPath.images(run));
    const before = since === undefined ? null : await json<DatasetImage[]>(sharedPath.images(since));
    const words = text?.toLowerCase();
    const found = compared(all, before).filter(
      (image) =>
        [tag].flat().every((each) => image.tags.includes(each)) &&
        ![without].flat().some((each) => image.tags.includes(each)) &&
        (words === undefined || `${image.path}\n${image.caption ?? ''}`.toLowerCase().includes(words)),
    );
    const images = found.filter(
      (image) => !(changed && image.change === null) && (change === undefined || image.change === change),
    );
    const changes = { added: 0, removed: 0, changed: 0, caption: 0 };
    for (const image of found) if (image.change !== null) changes[image.change]++;
    const [from, count] = [Number(after), Number(limit)];
    return {
      images: images.slice(from, from + count),
      total: images.length,
      changes: before && changes,
      next: from + count < images.length ? String(from + count) : null,
    };
  },
};

const noLog: Answer<'readLogLines'> = { lines: [], from: 0, total: 0, size: 0, cut: false, kept: false };

async function logOf(run: string): Promise<Answer<'readLogLines'>> {
  if ((await site()).without.includes('log')) return noLog;
  return json<Answer<'readLogLines'>>(sharedPath.log(run));
}

/** What a term may ask for by a colon. */
const fields = ['family', 'status', 'verdict', 'tag'];

interface Term {
  source: string;
  negated: boolean;
  field: string | null;
  /** In lower case. */
  value: string;
  isKnown: boolean;
}

/** Of the query language words, and a few fields: there is no catalog here. */
function termsOf(query: string): Term[] {
  return [...query.matchAll(/(-?)(?:([\w.]+)(:|[<>!=]=?))?(?:"([^"]*)"|(\S+))/g)].map(
    ([source, minus, field, operator, quoted, plain]) => ({
      ...{ source, negated: minus === '-', field: field ?? null, value: (quoted ?? plain ?? '').toLowerCase() },
      isKnown: field === undefined || (operator === ':' && fields.includes(field)),
    }),
  );
}

async function found(query: string): Promise<RunRow[]> {
  const terms = termsOf(query);
  const isOf = (run: RunRow, { field, value }: Term) => {
    if (field === 'family' || field === 'status') return run[field].toLowerCase() === value;
    if (field === 'verdict') return (run.verdict ?? 'none') === value;
    if (field === 'tag') return run.tags.some((tag) => tag.toLowerCase() === value);
    return [run.name, run.reason, ...run.tags].some((text) => text?.toLowerCase().includes(value));
  };
  return (await site()).runs.filter((run) => terms.every((term) => isOf(run, term) !== term.negated));
}

function picked({ settings }: RunRow, wanted: readonly string[]): RunRow['settings'] {
  return Object.fromEntries(wanted.flatMap((key) => (settings[key] === undefined ? [] : [[key, settings[key]]])));
}

/** What is absent comes last either way. */
function bySort(sort: string): (a: RunRow, b: RunRow) => number {
  const sign = sort.startsWith('-') ? -1 : 1;
  const key = sort.replace('-', '');
  const of = (run: RunRow) => {
    if (key === 'name') return run.name.toLowerCase();
    if (key === 'loss') return typeof run.loss === 'number' ? run.loss : null;
    const keys = ['duration', 'step', 'stars', 'verdict'] as const;
    const by = keys.find((each) => each === key);
    return by ? run[by] : run.startedAt;
  };
  return (a, b) => {
    const [x, y] = [of(a), of(b)];
    if (x === y) return 0;
    if (x === null || y === null) return x === null ? 1 : -1;
    return x < y ? -sign : sign;
  };
}

/** Some runs of a table, with the rows in which these differ. */
function someOf(table: Answer<'diff'>, ids: readonly string[]): Answer<'diff'> {
  const places = ids.map((id) => table.runs.findIndex((run) => run.id === id));
  const pick = <T>(all: readonly T[]) => places.flatMap((at) => (at < 0 ? [] : [all[at] as T]));
  const differs = ({ values }: { values: readonly unknown[] }) =>
    new Set(values.map((value) => JSON.stringify(value))).size > 1;
  const rows = table.rows.map((row) => ({ ...row, values: pick(row.values) })).filter(differs);
  const incomparable = table.incomparable.map((each) => ({ ...each, values: pick(each.values) })).filter(differs);
  return { runs: pick(table.runs), changes: null, rows, incomparable };
}

const bytesOf = (base64: string) => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

function between(curve: FramedCurve, [from, to]: readonly [number, number]): FramedCurve {
  const first = curve.x.findIndex((x) => x >= from);
  const last = curve.x.findLastIndex((x) => x <= to);
  const cut = (of: Float64Array) => (first < 0 ? of.slice(0, 0) : of.slice(first, last + 1));
  return { ...curve, x: cut(curve.x), time: cut(curve.time), value: cut(curve.value) };
}

/** Each image with what became of it since; those that are gone come last. */
function compared(after: readonly DatasetImage[], before: readonly DatasetImage[] | null): DatasetImage[] {
  if (before === null) return [...after];
  const key = ({ path }: DatasetImage) => path.replace(/^\d+_/, '');
  const left = new Map(before.map((each) => [key(each), each]));
  const here = after.map((image): DatasetImage => {
    const was = left.get(key(image));
    left.delete(key(image));
    if (!was) return { ...image, change: 'added' };
    const isOther = was.caption !== image.caption;
    const change = was.sha256 !== image.sha256 ? 'changed' : isOther ? 'caption' : null;
    const without = (some: readonly string[], others: readonly string[]) =>
      some.filter((each) => !others.includes(each));
    const terms = isOther ? { came: without(image.tags, was.tags), went: without(was.tags, image.tags) } : null;
    const former = change === 'changed' ? { id: was.id, shown: was.shown } : null;
    return { ...image, change, captionBefore: isOther ? was.caption : null, terms, before: former };
  });
  return [
    ...here,
    ...[...left.values()].map(
      (image): DatasetImage => ({
        ...image,
        shown: false,
        change: 'removed',
        before: { id: image.id, shown: image.shown },
      }),
    ),
  ];
}
