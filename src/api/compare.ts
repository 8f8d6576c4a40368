/** Runs beside each other, and the history of a family. */
import { z } from 'zod';
import type { Change } from '../diff/change.ts';
import { type ConfigValue, diagnosis, measured, runStatus, verdictValue } from '../model/facts.ts';
import { opaqueId, runId, runIds } from './route.ts';
import { changedRepo, patch } from './run.ts';

const configValue = z.custom<ConfigValue>((value) => value !== undefined).describe('value');
const area = z.enum([
  'code',
  'arguments',
  'config',
  'prompts',
  'script',
  'dataset',
  'environment',
  'model',
  'hardware',
]);

export const change: z.ZodType<Change> = z
  .object({
    area,
    kind: z.enum(['added', 'removed', 'changed', 'renamed', 'unknown']),
    subject: z.string(),
    before: configValue,
    after: configValue,
    effective: z.boolean(),
    detail: z.string().nullable(),
    partOf: z.string().nullable(),
  })
  .meta({ id: 'Change' });

export const outcome = z
  .object({
    status: runStatus,
    exitCode: z.number().nullable(),
    signal: z.string().nullable(),
    diagnosis: z.string().nullable(),
    /** In words, naming the thing. */
    why: z.string().nullable(),
    step: z.number().nullable(),
    total: z.number().nullable(),
    loss: measured.nullable(),
    /** Seconds; null while it runs. */
    duration: z.number().nullable(),
    checkpoints: z.number(),
    samples: z.number(),
    verdict: verdictValue.nullable(),
    verdictWhy: z.string().nullable(),
    reason: z.string().nullable(),
  })
  .meta({ id: 'Outcome' });
export type Outcome = z.infer<typeof outcome>;

const two = z.object({ run: runIds(2, 2) });

export const diff = {
  summary: 'What differs between two runs, the most important first; of more than two, a table.',
  query: z.object({ run: runIds(2, 12) }),
  answer: z.object({
    runs: z.array(z.object({ id: runId, name: z.string(), family: z.string(), status: runStatus, outcome })),
    /** Of two runs; null of more. */
    changes: z.array(change).nullable(),
    /** Of more than two: a subject a row, with a value a run. */
    rows: z.array(z.object({ area, subject: z.string(), effective: z.boolean(), values: z.array(configValue) })),
    /** Why the losses cannot be compared: settings that differ, `dataset`; empty where nothing known speaks against it. */
    incomparable: z.array(z.object({ subject: z.string(), values: z.array(configValue) })),
  }),
};

export const diffPatch = {
  summary: 'What differs between two runs in code and texts, as `git apply` takes it.',
  query: two,
  answer: 'text' as const,
};

export const diffCode = {
  summary: 'The files that differ between the repositories of two runs.',
  query: two,
  answer: z.object({ repos: z.array(changedRepo) }),
};

export const diffFile = {
  summary: 'What differs in one file of a repository between two runs.',
  params: z.object({ file: opaqueId }),
  query: two,
  answer: patch,
};

const attempt = z.object({
  id: runId,
  name: z.string(),
  status: runStatus,
  startedAt: z.string(),
  diagnosis: diagnosis.nullable(),
});

export const historyVersion = z
  .object({
    id: runId,
    name: z.string(),
    version: z.string().nullable(),
    status: runStatus,
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    imported: z.boolean(),
    /** The run that the changes are counted from; null of the first. */
    from: runId.nullable(),
    changes: z.array(change),
    reason: z.string().nullable(),
    step: z.number().nullable(),
    loss: measured.nullable(),
    diagnosis: diagnosis.nullable(),
    verdict: verdictValue.nullable(),
    verdictWhy: z.string().nullable(),
    notes: z.array(z.object({ id: z.string(), at: z.string(), text: z.string(), editedAt: z.string().nullable() })),
    /** The runs before it that came to nothing. */
    attempts: z.array(attempt),
  })
  .meta({ id: 'HistoryVersion' });
export type HistoryVersion = z.infer<typeof historyVersion>;

/** Of a family by its name, or the one of a run. */
const ofFamily = { family: z.string().max(500).optional(), run: runId.optional() };

export const history = {
  summary: 'The versions of a family, each with what changed since the one before it.',
  query: z.object(ofFamily),
  answer: z.object({ family: z.string(), versions: z.array(historyVersion), attempts: z.array(attempt) }),
};

export const followSetting = {
  summary: 'One setting through all runs of a family, with what came of each.',
  query: z.object({ ...ofFamily, key: z.string().min(1).max(500) }),
  answer: z.object({
    family: z.string(),
    key: z.string(),
    runs: z.array(
      z.object({
        id: runId,
        name: z.string(),
        startedAt: z.string(),
        status: runStatus,
        value: configValue,
        known: z.boolean(),
        guessed: z.boolean(),
        loss: measured.nullable(),
        verdict: verdictValue.nullable(),
      }),
    ),
  }),
};
