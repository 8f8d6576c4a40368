/** What a run was trained on. */
import { z } from 'zod';
import { datasetState, datasetTold } from '../model/facts.ts';
import { count, cursor, flag, next, ofRun, opaqueId, runId, texts } from './route.ts';

export const readDataset = {
  summary: 'The dataset of a run: its directories, its counts, its tags by how often they stand in captions.',
  params: ofRun,
  answer: z.object({
    /** Null where none was recorded. */
    dataset: datasetState.nullable(),
    /** What a model's header tells of it. */
    told: datasetTold.nullable(),
    /** Whether the files are known one by one. */
    listed: z.boolean(),
    tags: z.array(z.object({ tag: z.string(), count: z.number() })),
  }),
};

/** What became of an image since another run, or of its caption alone. */
const imageChange = z.enum(['added', 'removed', 'changed', 'caption']);

export const datasetImage = z
  .object({
    id: opaqueId,
    /** Index of its directory. */
    root: z.number(),
    /** Below it. */
    path: z.string(),
    bytes: z.number(),
    sha256: z.string().nullable(),
    /** Whether the picture can be shown. */
    shown: z.boolean(),
    /** Null where there is none, or it is not kept. */
    caption: z.string().nullable(),
    tags: z.array(z.string()),
    /** Since the run it is compared with: what became of the image, and of its caption. */
    change: imageChange.nullable(),
    /** The caption that the other run has, where it differs. */
    captionBefore: z.string().nullable(),
    /** Tags and words of the caption that came and went since then; null where the caption is the same. */
    terms: z.object({ came: z.array(z.string()), went: z.array(z.string()) }).nullable(),
    /** The picture of the other run, where it is another one or gone here: shown as of that run. */
    before: z.object({ id: opaqueId, shown: z.boolean() }).nullable(),
  })
  .meta({ id: 'DatasetImage' });
export type DatasetImage = z.infer<typeof datasetImage>;

export const listImages = {
  summary: 'The images of a dataset with their captions, a page at a time.',
  params: ofRun,
  query: z.object({
    /** Words that stand in the path or in the caption. */
    text: z.string().max(500).optional(),
    /** Whole tags of the caption, all of which stand in it. */
    tag: texts(50, 500).optional(),
    /** Whole tags, none of which stands in it. */
    without: texts(50, 500).optional(),
    /** Another run: each image with what became of it since. */
    since: runId.optional(),
    /** Only what is not the same there. */
    changed: flag.default(false),
    /** Only what changed so there. */
    change: imageChange.optional(),
    limit: z.coerce.number<number | string>().int().min(1).max(500).default(100),
    after: cursor.optional(),
  }),
  answer: z.object({
    images: z.array(datasetImage),
    total: z.number(),
    /** How many of those that match changed in which way; null without another run, or where its files are not known. */
    changes: z.object({ added: count, removed: count, changed: count, caption: count }).nullable(),
    next,
  }),
};

const ofImage = z.object({ run: runId, image: opaqueId });

export const imageThumbnail = {
  summary: 'An image of a dataset, made small.',
  params: ofImage,
  answer: 'bytes' as const,
};

export const imageOriginal = {
  summary: 'An image of a dataset, byte for byte, where it is kept or still there unchanged.',
  params: ofImage,
  answer: 'bytes' as const,
};
