/** The machine, the configuration file, and what the page remembers of its user. */
import { z } from 'zod';

export const doctor = {
  summary: 'What recording needs, examined: what `spoor doctor` says.',
  answer: z.object({
    findings: z.array(
      z.object({
        check: z.string(),
        state: z.enum(['ok', 'note', 'warning', 'error']),
        message: z.string(),
        hint: z.string().nullable(),
      }),
    ),
  }),
};

export const readSettings = {
  summary: 'The configuration file as it is understood, without its secrets.',
  answer: z.object({
    /** Where it is read from. */
    file: z.string(),
    exists: z.boolean(),
    /** By section; a secret or an address is told by its host alone. */
    settings: z.record(z.string(), z.unknown()),
    /** Why it cannot be used; null where it can. */
    problem: z.string().nullable(),
  }),
};

const short = z.string().max(200);

export const savedView = z
  .object({
    name: short.min(1),
    query: z.string().max(2000),
    sort: short,
    grouped: z.boolean(),
    /** Columns in their order; null for the usual ones. */
    columns: z.array(short).max(100).nullable(),
  })
  .meta({ id: 'SavedView' });
export type SavedView = z.infer<typeof savedView>;

/** Kept in the home beside the runs, not in the catalog. */
export const ui = z
  .object({
    language: z.enum(['en', 'hu', 'ja']).nullable().default(null),
    theme: z.enum(['light', 'dark', 'system']).default('system'),
    /** Samples are blurred until they are pointed at. */
    blur: z.boolean().default(false),
    views: z.array(savedView).max(200).default([]),
    /** Small things that a page remembers, by its own names. */
    more: z.record(short, z.union([z.string().max(10_000), z.number(), z.boolean()])).default({}),
  })
  .meta({ id: 'Ui' });
export type Ui = z.infer<typeof ui>;

const stored = z.object({
  ui,
  /** Changes with every write. */
  revision: z.string(),
});

export const readUi = { summary: 'What the page remembers: language, theme, saved views.', answer: stored };

export const writeUi = {
  summary: 'Writes what the page remembers. Refused with 409 where another page wrote since `revision`.',
  body: z.object({ ui, revision: z.string().max(100) }),
  answer: stored,
};
