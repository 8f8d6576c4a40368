/** Many runs: the list, its families, what may stand in its columns and what is searched. */
import { z } from 'zod';
import { measured, progress, runStatus, verdictValue } from '../model/facts.ts';
import { count, cursor, flag, next, runId, runIds, texts } from './route.ts';

/** The query language of `spoor ls`. */
const query = z.string().max(2000).default('');
const scalar = z.union([z.string(), z.number()]);

/** One run in a list. */
export const runRow = z
  .object({
    id: runId,
    name: z.string(),
    model: z.string().nullable(),
    dataset: z.string().nullable(),
    version: z.string().nullable(),
    family: z.string(),
    status: runStatus,
    exitCode: z.number().nullable(),
    startedAt: z.string(),
    endedAt: z.string().nullable(),
    /** Seconds; null while running. */
    duration: z.number().nullable(),
    step: z.number().nullable(),
    total: z.number().nullable(),
    loss: measured.nullable(),
    /** How many of its steps have a star. */
    stars: z.number(),
    verdict: verdictValue.nullable(),
    reason: z.string().nullable(),
    /** Its code. */
    diagnosis: z.string().nullable(),
    trainer: z.string().nullable(),
    host: z.string(),
    outputDir: z.string().nullable(),
    tags: z.array(z.string()),
    /** Of a run that trains: what its log shows now. */
    progress: progress.nullable(),
    /** Values of the settings that were asked for, as far as the run has them. */
    settings: z.record(z.string(), scalar),
  })
  .meta({ id: 'RunRow' });
export type RunRow = z.infer<typeof runRow>;

/** `started`, `name`, `loss`, `duration`, `step`, `stars` or `verdict`; a minus before it for the reverse. */
const sort = z.string().max(20).default('-started');

export const listRuns = {
  summary: 'Runs that a query finds, a page at a time.',
  query: z.object({
    query,
    sort,
    limit: z.coerce.number<number | string>().int().min(1).max(1000).default(100),
    after: cursor.optional(),
    /** Instead of `after`: how many runs stand before the page. */
    from: count.optional(),
    /** With `from`: runs of one family stand together, where the first of them stands. */
    grouped: flag.default(false),
    /** Keys of settings whose values are wanted. */
    setting: texts(40).default([]),
  }),
  answer: z.object({
    runs: z.array(runRow),
    next,
    /** How many runs the query finds in all. */
    total: z.number(),
  }),
};

export const family = z
  .object({
    family: z.string(),
    runs: z.number(),
    /** How many of each status. */
    statuses: z.partialRecord(runStatus, z.number()),
    verdicts: z.partialRecord(verdictValue, z.number()),
    latest: runRow,
  })
  .meta({ id: 'Family' });
export type Family = z.infer<typeof family>;

export const listFamilies = {
  summary:
    'The families of the runs that a query finds, in the order of the first run of each: by default the latest first.',
  query: z.object({ query, sort }),
  answer: z.object({ families: z.array(family), total: z.number() }),
};

export const column = z
  .object({
    key: z.string(),
    /** How many different values there are, one of them being its absence. */
    values: z.number(),
    /** In how many runs it is set. */
    set: z.number(),
  })
  .meta({ id: 'Column' });
export type Column = z.infer<typeof column>;

export const listColumns = {
  summary:
    'Settings that differ among the latest of the runs that a query finds; those that differ within a family first, then those set most often.',
  query: z.object({ query }),
  answer: z.object({
    columns: z.array(column),
    /** How many runs were compared, of how many. */
    compared: z.number(),
    total: z.number(),
  }),
};

export const glance = z
  .object({
    /** A few points of the loss, in order of steps; NaN and infinities left out. */
    loss: z.array(z.number()),
    /** The last sample that can be shown. */
    sample: z.object({ id: z.string(), step: z.number().nullable() }).nullable(),
    samples: z.number(),
    checkpoints: z.number(),
    notes: z.number(),
    stars: z.number(),
  })
  .meta({ id: 'Glance' });
export type Glance = z.infer<typeof glance>;

export const glances = {
  summary: 'Of some runs what a list shows beside their names: a curve of the loss, the last sample.',
  query: z.object({
    run: runIds(1, 100),
    points: z.coerce.number<number | string>().int().min(2).max(200).default(48),
  }),
  answer: z.object({ glances: z.record(z.string(), glance) }),
};

export const vocabulary = {
  summary: 'The words of the query language, and the values that runs have: for completion.',
  answer: z.object({
    fields: z.array(z.string()),
    /** Those of the fields that are numbers, which can be compared. */
    numbers: z.array(z.string()),
    choices: z.record(z.string(), z.array(z.string())),
    sorts: z.array(z.string()),
    tags: z.array(z.string()),
    families: z.array(z.string()),
    models: z.array(z.string()),
    datasets: z.array(z.string()),
    trainers: z.array(z.string()),
    hosts: z.array(z.string()),
    settings: z.array(z.string()),
    /** Of the latest runs: values of their settings, where these are few. */
    values: z.record(z.string(), z.array(z.string())),
  }),
};

export const checkQuery = {
  summary: 'Whether a query is understood, and what is wrong with it.',
  query: z.object({ query }),
  answer: z.object({
    /** Null where it is understood. */
    problem: z.object({ message: z.string(), hint: z.string().nullable() }).nullable(),
  }),
};

export const resolveRun = {
  summary: 'The run that a RUN argument names: an id or its beginning, a name, `name~1`, `@`, `@~2`.',
  query: z.object({ run: z.string().min(1).max(500) }),
  answer: z.object({ id: runId, name: z.string() }),
};

export const search = {
  summary: 'Runs where words stand in one place: a note, a reason, a prompt, a caption, an argument, a commit.',
  query: z.object({
    words: z.string().min(1).max(500),
    /** `note`, `reason`, `verdict`, `prompt`, `caption`, `argument`, `commit`, `diagnosis`; several with commas. */
    in: z.string().max(100).optional(),
    limit: z.coerce.number<number | string>().int().min(1).max(200).default(20),
  }),
  answer: z.object({
    runs: z.array(
      z.object({
        id: runId,
        name: z.string(),
        count: z.number(),
        passages: z.array(
          z.object({
            place: z.string(),
            source: z.string(),
            text: z.string(),
            /** The excerpt in pieces; every second one is a word that was searched. */
            excerpt: z.array(z.string()),
          }),
        ),
      }),
    ),
  }),
};
