/** What takes the space, what was removed, and what could go. */
import { z } from 'zod';
import { instant, runId } from './route.ts';

export const trashEntry = z
  .object({
    id: z.string(),
    /** `output`: a run's output directory. `record`: its record. `checkpoint`: one of its checkpoints or states. */
    kind: z.enum(['output', 'record', 'checkpoint']),
    run: runId.nullable(),
    name: z.string(),
    from: z.string(),
    at: z.string(),
    reason: z.string(),
    files: z.number(),
    bytes: z.number(),
  })
  .meta({ id: 'TrashEntry' });
export type TrashEntry = z.infer<typeof trashEntry>;

const entries = z.object({ entries: z.array(trashEntry) });
const entryId = z
  .string()
  .regex(/^[0-9A-HJKMNP-TV-Z]{26}\.(?:output|record|checkpoint)(?:\.\d{1,9})?$/, 'is no entry of the trash');

export const listTrash = { summary: 'What cleaning and removing moved to the trash.', answer: entries };

export const removeRuns = {
  summary: 'Moves the records of runs to the trash; what the trainer wrote stays. The entries undo it.',
  body: z.object({ runs: z.array(runId).min(1).max(1000) }),
  answer: z.object({
    entries: z.array(trashEntry),
    /** Runs that were left, and why. */
    kept: z.array(z.object({ run: runId, reason: z.string() })),
  }),
};

export const restoreTrash = {
  summary: 'Puts entries of the trash back.',
  body: z.object({ entries: z.array(entryId).min(1).max(1000) }),
  answer: entries,
};

export const deleteTrash = {
  summary: 'Deletes entries of the trash for good.',
  body: z.object({ entries: z.array(entryId).min(1).max(1000) }),
  answer: entries,
};

export const emptyTrash = {
  summary: 'Deletes for good what was removed before an instant.',
  body: z.object({ before: instant }),
  answer: entries,
};

export const readStorage = {
  summary: 'What takes the space in the home, and which runs made the largest files.',
  answer: z.object({
    home: z.string(),
    parts: z.array(
      z.object({
        part: z.enum(['objects', 'runs', 'code', 'trash', 'cache', 'catalog', 'other']),
        files: z.number(),
        bytes: z.number(),
      }),
    ),
    /** Of the file system; null where it does not say. */
    free: z.number().nullable(),
    /** What runs made that is not gone, the largest first. */
    outputs: z.array(
      z.object({
        run: runId,
        name: z.string(),
        outputDir: z.string().nullable(),
        files: z.number(),
        bytes: z.number(),
      }),
    ),
  }),
};

export const leftover = z
  .object({
    run: runId,
    name: z.string(),
    action: z.enum(['removed', 'would-remove', 'kept']),
    directory: z.string(),
    reason: z.string(),
    files: z.number().nullable(),
    bytes: z.number().nullable(),
    /** Of the trash, where it was removed. */
    entry: z.string().nullable(),
  })
  .meta({ id: 'Leftover' });
export type Leftover = z.infer<typeof leftover>;

const leftovers = z.object({ leftovers: z.array(leftover) });

export const listLeftovers = {
  summary: 'What failed runs left, and what cleaning would do with it.',
  answer: leftovers,
};

export const clean = {
  summary: 'Moves what failed runs left to the trash.',
  body: z.object({}),
  answer: leftovers,
};
