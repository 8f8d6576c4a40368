/** Where a file comes from and what it tells, by its header alone. */
import { z } from 'zod';
import type { ConfigValue } from '../model/facts.ts';
import { number, runId } from './route.ts';

const run = z.object({ id: runId, name: z.string() });
const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'is no SHA-256');

const origin = {
  run: run.nullable(),
  step: z.number().nullable(),
  epoch: z.number().nullable(),
  final: z.boolean(),
  /** How sure: `certain` by its bytes, `likely` by its own word, `guess` by its name. */
  sure: z.enum(['certain', 'likely', 'guess']).nullable(),
  why: z.string(),
  others: z.array(run),
};

const metadata = z.object({
  writer: z.string().nullable(),
  title: z.string().nullable(),
  comment: z.string().nullable(),
  step: z.number().nullable(),
  epoch: z.number().nullable(),
  session: z.object({
    id: z.string().nullable(),
    startedAt: z.string().nullable(),
    finishedAt: z.string().nullable(),
  }),
  base: z.object({
    name: z.string().nullable(),
    version: z.string().nullable(),
    legacyHash: z.string().nullable(),
    sha256: z.string().nullable(),
  }),
  commit: z.string().nullable(),
  settings: z.array(
    z.object({ key: z.string(), value: z.custom<ConfigValue>((value) => value !== undefined).describe('value') }),
  ),
  tags: z.array(z.object({ tag: z.string(), count: z.number() })),
  folders: z.array(z.object({ name: z.string(), repeats: z.number().nullable(), images: z.number().nullable() })),
  buckets: z.array(z.object({ width: z.number(), height: z.number(), count: z.number() })),
  modelspec: z.record(z.string(), z.string()),
});

export const model = z.object({
  headerBytes: z.number(),
  tensors: z.number(),
  parameters: z.number(),
  dtypes: z.record(z.string(), z.number()),
  blocks: z.array(
    z.object({
      name: z.string(),
      modules: z.number(),
      tensors: z.number(),
      parameters: z.number(),
      ranks: z.array(z.number()),
    }),
  ),
  metadata,
  /** The header's texts as they stand. */
  raw: z.record(z.string(), z.string()),
});
export type ExaminedModel = z.infer<typeof model>;

export const examine = {
  summary: 'What a file is and which run made it, by its first bytes: a safetensors header, a PNG with its texts.',
  query: z.object({
    name: z.string().min(1).max(500),
    /** Of the whole file. */
    bytes: number.int().nonnegative(),
    /** Where the sender hashed the file: of all its bytes, of its tensors. */
    sha256: sha256.optional(),
    tensorSha256: sha256.optional(),
  }),
  body: 'bytes' as const,
  answer: z.object({
    name: z.string(),
    kind: z.enum(['model', 'image', 'render', 'other']),
    ...origin,
    model: model.nullable(),
    texts: z.record(z.string(), z.string()).nullable(),
    /** The LoRAs of a render, each led back. */
    loras: z.array(
      z.object({ name: z.string(), weight: z.number().nullable(), hash: z.string().nullable(), ...origin }),
    ),
  }),
};
