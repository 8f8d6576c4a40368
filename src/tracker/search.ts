/** Words in all that was recorded or said of runs. */
import type { FoundRun, OwnedPassages, Passage, Place } from '../catalog/words/passages.ts';
import { parseTerms, places } from '../catalog/words/passages.ts';
import { SpoorError } from '../model/errors.ts';
import type { Setting } from '../model/facts.ts';
import { foldFacts } from '../model/fold.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { datasetFilesOf } from './compare-family.ts';
import type { Tell } from './events.ts';
import { codeOf } from './ports.ts';
import type { Recording } from './request.ts';
import { openRuns } from './runs.ts';

export interface SearchRequest {
  words: readonly string[];
  /** Comma-separated places; null for all. */
  in: string | null;
  limit: number;
}

const longestText = 64 * 1024;
/** A larger file of prompts is not searched. */
const longestFile = 4 << 20;
const mostCaptions = 50_000;

/** Runs where all words stand in one place, the latest first. Errors: `no-words`, `bad-place`. */
export async function searchRuns(recording: Recording, request: SearchRequest, tell: Tell): Promise<FoundRun[]> {
  const terms = parseTerms(request.words);
  if (terms === null)
    throw new SpoorError('usage', 'no-words', 'nothing to search for: no letter or digit', 'spoor search melted ears');
  const wanted = request.in === null ? [] : request.in.split(',').map(placeOf);
  const catalog = await openRuns(recording.home, tell);
  try {
    return await catalog.search({ terms, places: wanted, limit: request.limit }, (id) => passagesOf(recording, id));
  } finally {
    await catalog.close();
  }
}

function placeOf(text: string): Place {
  const place = places.find((each) => each === text.trim() || `${each}s` === text.trim());
  if (place) return place;
  throw new SpoorError(
    'usage',
    'bad-place',
    `--in ${text} is no place that is searched`,
    `There are ${places.join(', ')}.`,
  );
}

/** The texts of a run: its own, and what it shares by content with others. */
async function passagesOf(recording: Recording, id: RunId): Promise<OwnedPassages[]> {
  const { home } = recording;
  const run = await home.runs.facts(id).then(
    ({ facts, unreadable }) => foldFacts(id, facts, unreadable).run,
    () => null,
  );
  if (run === null) return [];
  const owned: OwnedPassages[] = [{ owner: id, read: async () => ownPassages(run) }];
  for (const { role, object, path } of run.files) {
    if (role !== 'prompts' || object === null) continue;
    owned.push({ owner: `prompts:${object}`, read: () => prompts(recording, object, path) });
  }
  const manifest = run.dataset?.manifest;
  if (manifest) owned.push({ owner: `captions:${manifest}`, read: () => captions(recording, run) });
  for (const { code, head, name } of run.repos) {
    if (code === null || head === null) continue;
    owned.push({ owner: `commit:${code}:${head}`, read: () => commit(recording, code, head, name) });
  }
  return [...new Map(owned.map((each) => [each.owner, each])).values()];
}

function ownPassages(run: Run): Passage[] {
  const passages: Passage[] = [];
  const add = (place: Place, source: string, text: string | null) => {
    if (text !== null && text !== '') passages.push({ place, source, text });
  };
  for (const { at, text } of run.notes) add('note', at.slice(0, 10), text);
  add('reason', '', run.reason);
  add('verdict', run.verdict ?? '', run.verdictWhy);
  add('diagnosis', run.diagnosis?.code ?? '', run.diagnosis && `${run.diagnosis.code}: ${run.diagnosis.message}`);
  add('argument', 'command', run.command.join(' '));
  for (const setting of run.settings)
    if (isGiven(setting)) add('argument', setting.key, `${setting.key} = ${shown(setting)}`);
  return passages;
}

const isGiven = ({ source }: Setting) => source.kind !== 'default';

function shown({ value }: Setting): string {
  if (typeof value === 'object' && value !== null && 'redacted' in value) return '(redacted)';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

async function prompts({ home }: Recording, object: string, path: string): Promise<Passage[]> {
  const bytes = await home.objects.get(object).catch(() => null);
  if (bytes === null || bytes.length > longestFile) return [];
  const lines = Buffer.from(bytes).toString('utf8').split(/\r?\n/);
  const source = path.split('/').at(-1) ?? path;
  return lines.flatMap((text): Passage[] => (text.trim() === '' ? [] : [{ place: 'prompt', source, text }]));
}

async function captions({ home }: Recording, run: Run): Promise<Passage[]> {
  const files = ((await datasetFilesOf(run, home)) ?? [])
    .filter(({ kind }) => kind === 'caption')
    .slice(0, mostCaptions);
  const passages: Passage[] = [];
  for (const { path, sha256, bytes } of files) {
    if (sha256 === null || bytes > longestText) continue;
    const text = await home.objects.get(sha256).catch(() => null);
    if (text !== null) passages.push({ place: 'caption', source: path, text: Buffer.from(text).toString('utf8') });
  }
  return passages;
}

async function commit({ home, env }: Recording, code: string, head: string, name: string): Promise<Passage[]> {
  try {
    const store = codeOf(home, env);
    const { gitDirectory } = store.named(code);
    const shown = await store.git(['log', '-1', '--format=%B', head], { gitDirectory });
    const text = shown.stdout.toString().trim();
    return shown.status === 0 && text !== '' ? [{ place: 'commit', source: `${name} ${head.slice(0, 10)}`, text }] : [];
  } catch {
    // The commit's history is not kept.
    return [];
  }
}
