/** One run: its record, its journal, the files and the code that made it. */
import { z } from 'zod';
import { type Fact, fileRole } from '../model/facts.ts';
import type { Run } from '../model/run.ts';
import { count, ofRun, opaqueId, runId } from './route.ts';

const isObject = (value: unknown) => typeof value === 'object' && value !== null;

export const showRun = {
  summary: 'A run as its facts tell it: what `spoor show --json` prints.',
  params: ofRun,
  answer: z.custom<Run>(isObject).describe('a run, as docs/json-output.md has it'),
};

export const journal = {
  summary: 'The facts of a run in order of time.',
  params: ofRun,
  query: z.object({
    from: count.default(0),
    count: z.coerce.number<number | string>().int().min(1).max(2000).default(500),
  }),
  answer: z.object({
    facts: z.array(z.custom<Fact>(isObject).describe('a fact, as docs/format.md has it')),
    total: z.number(),
    /** Lines that could not be read as facts. */
    unreadable: z.number(),
  }),
};

export const recordedFile = z
  .object({
    id: opaqueId,
    role: fileRole,
    path: z.string(),
    key: z.string().nullable(),
    bytes: z.number().nullable(),
    sha256: z.string().nullable(),
    /** Whether its text can be read here; a secret in it is redacted. */
    kept: z.boolean(),
    redactedKeys: z.array(z.string()),
    /** Of a version that came during the run: when it was seen. */
    changedAt: z.string().nullable(),
  })
  .meta({ id: 'RecordedFile' });
export type RecordedFile = z.infer<typeof recordedFile>;

export const listFiles = {
  summary: 'The files that the configuration of a run names.',
  params: ofRun,
  answer: z.object({ files: z.array(recordedFile) }),
};

export const readFile = {
  summary: 'The text of a recorded file.',
  params: z.object({ run: runId, file: opaqueId }),
  answer: 'text' as const,
};

const version = z.object({ path: z.string(), mode: z.string(), bytes: z.number().nullable() });

export const codeFile = z
  .object({
    id: opaqueId,
    before: version.nullable(),
    after: version.nullable(),
    /** Null for what is not text. */
    lines: z.object({ added: z.number(), removed: z.number() }).nullable(),
  })
  .meta({ id: 'CodeFile' });
export type CodeFile = z.infer<typeof codeFile>;

const commits = z.object({
  count: z.number(),
  latest: z.array(z.object({ commit: z.string(), title: z.string() })),
});

export const changedRepo = z
  .object({
    name: z.string(),
    before: z.string().nullable(),
    after: z.string().nullable(),
    /** Commits that only one of the two has; null where a history is not kept. */
    commits: z.object({ before: commits, after: commits }).nullable(),
    /** Null where the files of one of the two are not kept: unknown, not unchanged. */
    files: z.array(codeFile).nullable(),
    /** How many more files there are than listed. */
    more: z.number(),
  })
  .meta({ id: 'ChangedRepo' });
export type ChangedRepo = z.infer<typeof changedRepo>;

export const patch = z
  .object({
    file: codeFile,
    /** Whether it is no text, so that there are no hunks. */
    binary: z.boolean(),
    hunks: z.array(
      z.object({
        /** Where it begins, 1-based, and how many lines it takes. */
        before: z.object({ start: z.number(), lines: z.number() }),
        after: z.object({ start: z.number(), lines: z.number() }),
        /** What stands behind the second `@@`: the function it is in. */
        heading: z.string(),
        lines: z.array(z.object({ kind: z.enum(['same', 'removed', 'added']), text: z.string() })),
      }),
    ),
    /** Whether it is longer than is given here. */
    cut: z.boolean(),
  })
  .meta({ id: 'Patch' });
export type Patch = z.infer<typeof patch>;

export const listCode = {
  summary: 'What was changed in the repositories of a run and not committed.',
  params: ofRun,
  answer: z.object({ repos: z.array(changedRepo) }),
};

export const readPatch = {
  summary: 'What was changed in one file of a repository.',
  params: z.object({ run: runId, file: opaqueId }),
  answer: patch,
};
