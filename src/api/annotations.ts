/** What a person says of runs. */
import { z } from 'zod';
import { verdictValue } from '../model/facts.ts';
import { count, done, runId } from './route.ts';

const runs = z.array(runId).min(1).max(1000);
/** One word without colons, not beginning with a sign. */
const tag = z
  .string()
  .max(200)
  .regex(/^[^\s:+-][^\s:]*$/, 'is no tag: one word without colons');

export const addNote = {
  summary: 'Adds a note to a run.',
  body: z.object({ run: runId, text: z.string().trim().min(1).max(100_000) }),
  answer: done,
};

export const changeNote = {
  summary: 'Has a note say something else; null takes it back. Its former text stays in the journal.',
  body: z.object({
    run: runId,
    /** As `notes[].id` of the run has it; also that of one that was taken back. */
    note: z.string().regex(/^[0-9a-f]{12}$/, 'is no id of a note'),
    text: z.string().trim().min(1).max(100_000).nullable(),
  }),
  answer: done,
};

export const setTags = {
  summary: 'Adds tags to runs and takes others away.',
  body: z.object({ runs, add: z.array(tag).max(100).default([]), remove: z.array(tag).max(100).default([]) }),
  answer: done,
};

export const setVerdict = {
  summary: 'Says of runs whether they worked; null takes it back.',
  body: z.object({ runs, verdict: verdictValue.nullable(), why: z.string().max(100_000).nullable().default(null) }),
  answer: done,
};

export const recordBlindTest = {
  summary:
    'Keeps with two runs how often samples of the first and of the second were preferred, and a note that says it.',
  body: z
    .object({
      runs: z.array(runId).length(2),
      first: count.max(1_000_000),
      second: count.max(1_000_000),
      ties: count.max(1_000_000),
      text: z.string().trim().min(1).max(10_000),
      /** Its name: the same test is kept once, however often it is told. */
      test: z
        .string()
        .regex(/^[a-z]{8,64}$/, 'is no name of a test: 8 to 64 letters')
        .optional(),
    })
    .refine(({ runs: [one, other] }) => one !== other, { error: 'names one run twice', path: ['runs'] }),
  answer: done,
};
