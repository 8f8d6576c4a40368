/**
 * What happens while one looks on. Each event has an id; whoever connects again with the last one it saw misses
 * nothing, or is told `reload` where too much happened since. Of progress and of the log's length only the last is told again.
 */
import { z } from 'zod';
import { measured, progress, runStatus } from '../model/facts.ts';
import { flag, runId, runIds } from './route.ts';
import { axis } from './series.ts';

const event = <T extends string, S extends z.ZodRawShape>(type: T, shape: S) =>
  z.object({ type: z.literal(type), ...shape });
const ofRun = { run: runId };

export const liveEvent = z.discriminatedUnion('type', [
  /** The first on every connection. */
  event('hello', {
    /** What trains now. */
    running: z.array(runId),
  }),
  /** What was shown may be out of date: ask for all of it again. */
  event('reload', { reason: z.string() }),
  event('run.appeared', { ...ofRun, name: z.string(), family: z.string(), status: runStatus }),
  /** Its record, a note, a tag, a verdict. */
  event('run.changed', { ...ofRun, status: runStatus }),
  event('run.ended', { ...ofRun, name: z.string(), status: runStatus }),
  /** Moved to the trash. */
  event('run.gone', ofRun),
  event('progress', { ...ofRun, progress }),
  /** New points, in order; `more` where they are too many and must be asked for. */
  event('points', {
    ...ofRun,
    more: z.boolean(),
    curves: z.array(
      z.object({
        tag: z.string(),
        axis,
        x: z.array(z.number()),
        time: z.array(z.number()),
        value: z.array(measured),
      }),
    ),
  }),
  /** A sample, a checkpoint or a state was made, or one is gone. */
  event('artifacts', { ...ofRun, samples: z.number(), checkpoints: z.number() }),
  event('log', {
    ...ofRun,
    /** Bytes of the raw log. */
    size: z.number(),
  }),
  event('trash', {}),
  /** The server ends. */
  event('bye', {}),
]);
export type LiveEvent = z.infer<typeof liveEvent>;

export const events = {
  summary: 'Server-sent events; `Last-Event-ID` goes on after the last one seen.',
  query: z.object({
    /** Runs of which points, artefacts and the log's growth are told; of all others only the rest. */
    run: runIds(0, 24).optional(),
    /** As the header, for those that cannot set one. */
    lastEventId: z.string().max(100).optional(),
    /** Ends when what is known was told, for pages that ask now and then. */
    once: flag.optional(),
  }),
  answer: 'events' as const,
};
