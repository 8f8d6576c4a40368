/** What a run made: checkpoints, states, and samples as pictures. */
import { z } from 'zod';
import { done, ofRun, opaqueId, runId, runIds } from './route.ts';

const made = {
  id: opaqueId,
  /** Base name. */
  name: z.string(),
  step: z.number().nullable(),
  epoch: z.number().nullable(),
  bytes: z.number().nullable(),
  at: z.string().nullable(),
  /** When the trainer was seen to have deleted it. */
  goneAt: z.string().nullable(),
};

export const artifactRow = z
  .object({
    ...made,
    kind: z.enum(['checkpoint', 'state']),
    path: z.string(),
    sha256: z.string().nullable(),
    tensorSha256: z.string().nullable(),
    final: z.boolean(),
    starred: z.boolean(),
    /** When it was pruned, or went with its directory. */
    removedAt: z.string().nullable(),
    /** Whether the trash gives it back. */
    inTrash: z.boolean(),
  })
  .meta({ id: 'ArtifactRow' });
export type ArtifactRow = z.infer<typeof artifactRow>;

export const listArtifacts = {
  summary: 'The checkpoints and training states of a run, in order of steps.',
  params: ofRun,
  answer: z.object({ artifacts: z.array(artifactRow) }),
};

export const sampleRow = z
  .object({
    ...made,
    /** Index of its prompt. */
    prompt: z.number().nullable(),
    seed: z.number().nullable(),
    /** The prompt in force when it was made; null where it is not known. */
    text: z.string().nullable(),
    width: z.number().nullable(),
    height: z.number().nullable(),
    /** Whether there is a picture to show, and whether it is there as the trainer wrote it. */
    preview: z.boolean(),
    original: z.boolean(),
  })
  .meta({ id: 'SampleRow' });
export type SampleRow = z.infer<typeof sampleRow>;

export const listSamples = {
  summary: 'The samples of a run, in order of prompts and steps.',
  params: ofRun,
  answer: z.object({ samples: z.array(sampleRow) }),
};

const ofSample = z.object({ run: runId, sample: opaqueId });

export const samplePreview = {
  summary: 'A sample small enough for a page; the original where there is no preview.',
  params: ofSample,
  answer: 'bytes' as const,
};

export const sampleOriginal = {
  summary: 'A sample as the trainer wrote it.',
  params: ofSample,
  answer: 'bytes' as const,
};

export const contactSheet = {
  summary: 'The samples of runs on one PNG: prompts by steps, runs side by side.',
  query: z.object({ run: runIds(1, 8) }),
  answer: 'bytes' as const,
};

export const star = {
  summary: 'Gives the step of a checkpoint or a sample a star, or takes it back.',
  body: z.object({ run: runId, id: opaqueId, starred: z.boolean() }),
  answer: done,
};

export const best = {
  summary:
    'Checkpoints of runs, the best first, by stars, verdicts, blind tests and validation loss; never by training loss.',
  query: z.object({ run: runIds(1, 24) }),
  answer: z.object({
    /** What the ranking rests on; where nothing tells them apart none are ranked. */
    basis: z.array(z.enum(['stars', 'verdict', 'blind-tests', 'validation-loss'])),
    ranked: z.array(
      z.object({
        /** From 1; equals share one. */
        rank: z.number(),
        run: z.object({ id: runId, name: z.string() }),
        artifact: artifactRow,
        validation: z.object({ tag: z.string(), value: z.number(), at: z.number() }).nullable(),
      }),
    ),
    /** How many there are in all. */
    checkpoints: z.number(),
  }),
};

export const prune = {
  summary:
    'Moves checkpoints and states that are not wanted to the trash, or with `now` deletes them at once; with `dryRun` only says which.',
  body: z.object({
    run: runId,
    keep: z
      .array(z.union([z.enum(['starred', 'last', 'none']), z.number().int().nonnegative()]))
      .min(1)
      .max(1000),
    /** Past the trash. */
    now: z.boolean().default(false),
    dryRun: z.boolean(),
  }),
  answer: z.object({
    taken: z.array(
      z.object({
        name: z.string(),
        step: z.number().nullable(),
        epoch: z.number().nullable(),
        /** `copy`: what was kept of it in the home. */
        what: z.enum(['file', 'state', 'copy']),
        bytes: z.number(),
        /** Of the trash; null where it was deleted, or would be. */
        entry: z.string().nullable(),
      }),
    ),
    left: z.array(
      z.object({
        name: z.string(),
        step: z.number().nullable(),
        epoch: z.number().nullable(),
        why: z.string(),
        bytes: z.number().nullable(),
      }),
    ),
    bytes: z.number(),
  }),
};
