import type { Measured, RunStatus, VerdictValue } from '../model/facts.ts';
import { parseRunName } from '../model/run-name.ts';
import type { MadeFile } from './made.ts';
import { asciiLower } from './query/condition.ts';
import type { RunRow, RunSummary } from './row.ts';
import type { MadeRecord, RunRecord } from './schema.ts';

export function recordOf(row: RunRow, stamp: string): RunRecord {
  return {
    id: row.id,
    name: row.name,
    model: row.model,
    dataset: row.dataset,
    version: row.version,
    family: row.family,
    status: row.status,
    exit_code: row.exitCode,
    started_at: row.startedAt,
    ended_at: row.endedAt,
    duration: row.duration,
    step: row.step,
    total: row.total,
    loss: typeof row.loss === 'number' ? row.loss : null,
    loss_word: typeof row.loss === 'string' ? row.loss : null,
    gpu_hours: row.gpuHours,
    cost: row.cost,
    currency: row.currency,
    stars: row.stars,
    verdict: row.verdict,
    reason: row.reason,
    diagnosis: row.diagnosis,
    trainer: row.trainer,
    host: row.host,
    output_dir: row.outputDir,
    tags: JSON.stringify(row.tags),
    tag_lines: row.tags.length === 0 ? '' : `\n${row.tags.map(tagLine).join('\n')}\n`,
    stamp,
    text: row.text,
    settings: JSON.stringify(row.settings),
  };
}

export function madeRecordOf({ tensorSha256, claimedSha256, sessionId, final, ...file }: MadeFile): MadeRecord {
  const hashes = { tensor_sha256: tensorSha256, claimed_sha256: claimedSha256 };
  return { ...file, final: Number(final), ...hashes, session_id: sessionId };
}

export function madeFileOf({ tensor_sha256, claimed_sha256, session_id, final, ...file }: MadeRecord): MadeFile {
  const kind = file.kind as MadeFile['kind'];
  const hashes = { tensorSha256: tensor_sha256, claimedSha256: claimed_sha256 };
  return { ...file, kind, final: final !== 0, ...hashes, sessionId: session_id };
}

/** A tag as one line, in the form in which tags are compared. */
export function tagLine(tag: string): string {
  return asciiLower(tag).replaceAll('\n', ' ');
}

/** Columns of a summary. */
export const summaryColumns = [
  'id',
  'name',
  'model',
  'version',
  'family',
  'status',
  'exit_code',
  'started_at',
  'ended_at',
  'duration',
  'step',
  'total',
  'loss',
  'loss_word',
  'gpu_hours',
  'cost',
  'currency',
  'stars',
  'verdict',
  'reason',
  'diagnosis',
  'trainer',
  'host',
  'output_dir',
  'tags',
] as const satisfies (keyof RunRecord)[];

export function summaryOf(record: Pick<RunRecord, (typeof summaryColumns)[number]>): RunSummary {
  return {
    id: record.id,
    name: record.name,
    model: record.model,
    dataset: parseRunName(record.name).dataset,
    version: record.version,
    family: record.family,
    status: record.status as RunStatus,
    exitCode: record.exit_code,
    startedAt: record.started_at,
    endedAt: record.ended_at,
    duration: record.duration,
    step: record.step,
    total: record.total,
    loss: record.loss ?? (record.loss_word as Measured | null),
    gpuHours: record.gpu_hours,
    cost: record.cost,
    currency: record.currency,
    stars: record.stars,
    verdict: record.verdict as VerdictValue | null,
    reason: record.reason,
    diagnosis: record.diagnosis,
    trainer: record.trainer,
    host: record.host,
    outputDir: record.output_dir,
    tags: JSON.parse(record.tags) as string[],
  };
}

/** The summary in a row: what it would be, had it come from the database. */
export function summarise({ settings: _settings, text: _text, made: _made, ...summary }: RunRow): RunSummary {
  return { ...summary, dataset: parseRunName(summary.name).dataset };
}
