import { durationOf } from '../model/duration.ts';
import type { ConfigValue, Measured, RunStatus, Setting, VerdictValue } from '../model/facts.ts';
import type { Run } from '../model/run.ts';
import type { RunId } from '../model/run-id.ts';
import { type MadeFile, madeFilesOf } from './made.ts';

/** What `spoor ls` shows of a run. Instants are UTC, ISO 8601. */
export interface RunSummary {
  id: RunId;
  name: string;
  model: string | null;
  /** As the name has it, like model and version. */
  dataset: string | null;
  version: string | null;
  family: string;
  status: RunStatus;
  exitCode: number | null;
  startedAt: string;
  endedAt: string | null;
  /** Seconds; null while running. */
  duration: number | null;
  /** The last step reached, and how many were planned. */
  step: number | null;
  total: number | null;
  loss: Measured | null;
  /** Hours for each GPU it had; null where it is not known, and while running. */
  gpuHours: number | null;
  /** What they cost, where a price was configured. */
  cost: number | null;
  currency: string | null;
  /** How many of its steps have a star. */
  stars: number;
  verdict: VerdictValue | null;
  reason: string | null;
  /** Code of the diagnosis: `out-of-memory`. */
  diagnosis: string | null;
  trainer: string | null;
  host: string;
  outputDir: string | null;
  tags: string[];
}

/** Of a run what families are counted by. */
export type Standing = Pick<RunSummary, 'id' | 'family' | 'status' | 'verdict' | 'startedAt'>;

/** One row of the catalog: a summary and what is only searched. */
export interface RunRow extends RunSummary {
  /** By which it is found: as the name has it, else the base name of the first dataset directory. */
  dataset: string | null;
  /** Effective configuration by key; what is neither number nor text is text: `true`, `["a","b"]`. */
  settings: Record<string, number | string>;
  /** Name, reason, notes, tags and verdict in lower case. */
  text: string;
  /** Checkpoints and samples. */
  made: MadeFile[];
}

const longestText = 100_000;
const longestValue = 1000;
const longestPath = 4096;
const mostSettings = 2000;

/** The row of a run. Whatever the run says, the row is valid: texts are well-formed Unicode without NUL. */
export function rowOf(run: Run): RunRow {
  const startedAt = instant(run.startedAt) ?? new Date(0).toISOString();
  const endedAt = instant(run.endedAt);
  const milliseconds = durationOf({ ...run, startedAt, endedAt });
  const loss = run.progress?.loss ?? null;
  const tags = run.tags.map((tag) => clean(tag));
  const texts = [run.name.full, run.reason, run.verdictWhy, ...tags, ...run.notes.map((note) => note.text)];
  return {
    id: run.id,
    name: clean(run.name.full),
    model: cleanOr(run.name.model),
    dataset: cleanOr(run.name.dataset ?? datasetName(run)),
    version: cleanOr(run.name.version),
    family: clean(run.family),
    status: run.status,
    exitCode: finite(run.exitCode),
    startedAt,
    endedAt,
    duration: milliseconds === null ? null : milliseconds / 1000,
    step: finite(run.progress?.step),
    total: finite(run.progress?.total),
    loss: typeof loss === 'number' || loss === 'NaN' || loss === 'Infinity' || loss === '-Infinity' ? loss : null,
    gpuHours: finite(run.machine?.gpuHours),
    cost: finite(run.machine?.cost?.amount),
    currency: cleanOr(run.machine?.cost?.currency),
    stars: run.stars.length,
    verdict: run.verdict,
    reason: cleanOr(run.reason),
    diagnosis: cleanOr(run.diagnosis?.code),
    trainer: cleanOr(run.trainer),
    host: clean(run.host),
    outputDir: cleanOr(run.outputDir),
    tags,
    made: madeFilesOf(run).map(cleanFile),
    settings: searchable(run.settings),
    text: clean(texts.filter((text) => typeof text === 'string').join('\n'), longestText).toLowerCase(),
  };
}

function cleanFile(file: MadeFile): MadeFile {
  const { path, name, step, epoch, bytes, sessionId } = file;
  return {
    ...file,
    path: clean(path, longestPath),
    name: clean(name),
    step: finite(step),
    epoch: finite(epoch),
    bytes: finite(bytes),
    sessionId: cleanOr(sessionId),
  };
}

function searchable(settings: readonly Setting[]): Record<string, number | string> {
  const found: Record<string, number | string> = {};
  for (const { key, value, ignored } of settings.slice(0, mostSettings)) {
    if (ignored !== undefined || typeof key !== 'string') continue;
    put(found, key, value);
    // `network_args = ["conv_dim=4", "algo=lokr"]` is searched as `network_args.conv_dim`, too.
    if (Array.isArray(value)) {
      for (const each of value) {
        const [, name, text] = (typeof each === 'string' && /^(\w+)=(.*)$/s.exec(each)) || [];
        if (name !== undefined) put(found, `${key}.${name}`, numberOrText(text as string));
      }
    }
  }
  // `lr>1e-4` means the rate that was used, also where the networks have rates of their own.
  if (found.learning_rate === undefined && typeof found.unet_lr === 'number') found.learning_rate = found.unet_lr;
  return found;
}

function put(found: Record<string, number | string>, key: string, value: ConfigValue): void {
  if (value === null || value === undefined || isRedacted(value) || key === '__proto__') return;
  if (typeof value === 'number') found[key] = value;
  else if (typeof value === 'string') found[key] = clean(value.replace(/^int:/, ''), longestValue);
  else found[key] = clean(JSON.stringify(value), longestValue);
}

function isRedacted(value: ConfigValue): boolean {
  return typeof value === 'object' && value !== null && 'redacted' in value;
}

function numberOrText(text: string): number | string {
  const value = text.trim() === '' ? Number.NaN : Number(text);
  return Number.isFinite(value) ? value : text;
}

function datasetName(run: Run): string | null {
  const path = run.dataset?.roots[0]?.path;
  // A directory of sd-scripts begins with its repeats: `10_wolf`.
  return typeof path === 'string' ? (path.split('/').findLast(Boolean) ?? path).replace(/^\d+_/, '') : null;
}

function instant(text: string | null): string | null {
  const time = text === null ? Number.NaN : Date.parse(text);
  // Years of four digits, so that order of text is order of time.
  return time >= 0 && time < 253_402_300_800_000 ? new Date(time).toISOString() : null;
}

function finite(value: number | null | undefined): number | null {
  return typeof value === 'number' && Number.isFinite(value) ? value : null;
}

/** As texts stand in the catalog. */
export function clean(text: string, longest = longestValue): string {
  return String(text).slice(0, longest).toWellFormed().replaceAll('\0', '\uFFFD');
}

function cleanOr(text: string | null | undefined): string | null {
  return text === null || text === undefined ? null : clean(text);
}
