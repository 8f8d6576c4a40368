/** Curves: which there are, and their points. */
import { z } from 'zod';
import { measured } from '../model/facts.ts';
import { flag, number, ofRun, runId, runIds, texts } from './route.ts';

export const axis = z.enum(['step', 'epoch', 'time']);

export const seriesMeta = z
  .object({
    tag: z.string(),
    axis,
    points: z.number(),
    first: measured,
    last: measured,
    /** Over finite values. */
    min: z.number().nullable(),
    max: z.number().nullable(),
    firstStep: z.number(),
    lastStep: z.number(),
  })
  .meta({ id: 'SeriesMeta' });
export type SeriesMeta = z.infer<typeof seriesMeta>;

export const listSeries = {
  summary: 'The curves of a run: its own, and those of the machine under `machine/`.',
  params: ofRun,
  answer: z.object({ series: z.array(seriesMeta) }),
};

/** Where one run goes on from another: a resumed training. */
const seam = z.object({
  /** On the axis of the points: the first of the run that goes on. */
  at: z.number(),
  run: runId,
  /** The run that it goes on from. */
  from: runId,
});

/** One curve, as far as it was asked for. */
const curve = z.object({
  run: runId,
  tag: z.string(),
  axis,
  /** How many points there are in the range; `reduced` where not all of them are given. */
  total: z.number(),
  reduced: z.boolean(),
  seams: z.array(seam),
});

const asked = z.object({
  run: runIds(1, 24),
  tag: texts(100, 500),
  /** On the curve's own axis; everything by default. */
  from: number.optional(),
  to: number.optional(),
  /** About how many points of each curve are wanted; first, last, lowest and highest of each part are kept. */
  points: z.coerce.number<number | string>().int().min(4).max(100_000).default(2000),
  /** Whether the curves of the runs that a run goes on from come before its own. */
  lineage: flag.default(false),
});

export const points = {
  summary: 'Points of curves by range and resolution. Values are real points, never means.',
  query: asked,
  answer: z.object({
    curves: z.array(
      curve.extend({
        /** Step, epoch, or seconds since 1970. */
        x: z.array(z.number()),
        /** Seconds since 1970. */
        time: z.array(z.number()),
        value: z.array(measured),
      }),
    ),
  }),
};

export const pointsFrame = {
  summary: 'The same as numbers in binary: see `decodePoints`.',
  query: asked,
  answer: 'bytes' as const,
};

/** What stands before the numbers of a frame. */
export const frameHeader = z.object({ curves: z.array(curve.extend({ points: z.number() })) });
export type FrameHeader = z.infer<typeof frameHeader>;
