/** How a route is declared: once, for the server, the client and the documentation. */
import { z } from 'zod';

export interface Route {
  /** What it answers, in one line. */
  summary: string;
  params?: z.ZodObject;
  /** Values come as text; one that may be repeated comes as a list. */
  query?: z.ZodObject;
  /** `bytes`: the request's body as it is, at most `mostBodyBytes`. */
  body?: z.ZodType | 'bytes';
  answer: z.ZodType | 'bytes' | 'text' | 'events';
}

/** Of a request with JSON. */
export const mostJsonBytes = 1 << 20;
/** Of a file's header that is handed in. */
export const mostBodyBytes = 32 << 20;

export const runId = z.string().regex(/^[0-7][0-9A-HJKMNP-TV-Z]{25}$/, 'is no run id');
/** Names one thing of one run, and tells nothing of where it lies. */
export const opaqueId = z.string().regex(/^[0-9a-f]{32}$/, 'is no id of this interface');

/** A number that may come as text. */
export const number = z.coerce.number<number | string>();
export const count = number.int().nonnegative();
export const flag = z.union([z.boolean(), z.stringbool()]);
/** One text or several. */
export const texts = (most: number, longest = 200) =>
  z.union([
    z
      .string()
      .max(longest)
      .transform((text) => [text]),
    z.array(z.string().max(longest)).max(most),
  ]);
/** One run or several. */
export const runIds = (least: number, most: number) =>
  z.union([runId.transform((id) => [id]), z.array(runId).max(most)]).refine((ids) => ids.length >= least, {
    error: `needs at least ${least} runs`,
  });

export const ofRun = z.object({ run: runId });
/** UTC, ISO 8601. */
export const instant = z.iso.datetime();

/** Where the next part of a list begins; null at its end. */
export const next = z.string().nullable();
export const cursor = z.string().max(2000);

export const done = z.object({ done: z.literal(true) });
