/** The terminal output of a run. */
import { z } from 'zod';
import { count, flag, ofRun } from './route.ts';

/**
 * `raw`: as it was written. `clean`: without escape sequences, of bars that were drawn again only the last state.
 * `coloured`: as clean, with its colours.
 */
export const logForm = z.enum(['raw', 'clean', 'coloured']);
export type LogForm = z.infer<typeof logForm>;

export const readLog = {
  summary: 'A part of the raw log by bytes.',
  params: ofRun,
  query: z.object({
    from: count.default(0),
    bytes: z.coerce
      .number<number | string>()
      .int()
      .min(1)
      .max(1 << 20)
      .default(256 * 1024),
  }),
  answer: z.object({
    from: z.number(),
    /** Where the next part begins: no character is cut. */
    next: z.number(),
    size: z.number(),
    text: z.string(),
  }),
};

export const logLine = z
  .object({
    /** 0-based, in the form that was asked for. */
    line: z.number(),
    text: z.string(),
    level: z.enum(['error', 'warning', 'plain']),
  })
  .meta({ id: 'LogLine' });
export type LogLine = z.infer<typeof logLine>;

export const readLogLines = {
  summary: 'A part of the log by lines.',
  params: ofRun,
  query: z.object({
    form: logForm.default('clean'),
    /** The first line wanted; a negative one counts from the end. */
    from: z.coerce.number<number | string>().int().default(-200),
    count: z.coerce.number<number | string>().int().min(1).max(5000).default(200),
    /** Only lines that warn or tell of errors; `from` then counts among these. */
    warnings: flag.default(false),
  }),
  answer: z.object({
    lines: z.array(logLine),
    /** Of the first line among those counted. */
    from: z.number(),
    /** How many lines there are in all. */
    total: z.number(),
    /** Bytes of the raw log that were read for it. */
    size: z.number(),
    /** Whether earlier lines are not held, because the log is too long. */
    cut: z.boolean(),
    /** False where no log was kept, or the run has none. */
    kept: z.boolean(),
  }),
};

export const searchLog = {
  summary: 'Lines of the log that hold a text, in upper or lower case.',
  params: ofRun,
  query: z.object({
    form: logForm.default('clean'),
    text: z.string().min(1).max(500),
    limit: z.coerce.number<number | string>().int().min(0).max(1000).default(200),
    /** Only lines that warn or tell of errors. */
    warnings: flag.default(false),
  }),
  answer: z.object({
    lines: z.array(logLine),
    /** Where those that hold it stand among the lines that are counted, as `from` of `readLogLines` counts: the first 10,000. */
    places: z.array(z.number()),
    /** How many lines hold it. */
    total: z.number(),
  }),
};

export const downloadLog = {
  summary: 'The whole log, byte for byte. Ranges are answered.',
  params: ofRun,
  answer: 'bytes' as const,
};
