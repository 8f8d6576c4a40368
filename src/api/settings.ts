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
        /** Commands that mend it, each of which can be typed as it is. */
        commands: z.array(z.string()),
      }),
    ),
  }),
};

/** As it stands in the file; a size is a text: `500 MB`. */
const settingValue = z.union([z.string().max(2000), z.number(), z.boolean(), z.array(z.string().max(200)).max(100)]);

export const settingRow = z
  .object({
    /** With its section: `keep.checkpoints`. */
    key: z.string(),
    kind: z.enum(['number', 'size', 'text', 'choice', 'choices']),
    choices: z.array(z.string()),
    /** The least that a number may be. */
    least: z.number().nullable(),
    /** What is in force. */
    value: settingValue.nullable(),
    /** What is in force where the file says nothing. */
    usual: settingValue.nullable(),
    /** Where it stands in the file; null where it does not. */
    line: z.number().nullable(),
  })
  .meta({ id: 'SettingRow' });
export type SettingRow = z.infer<typeof settingRow>;

export const receiverRow = z
  .object({
    name: z.string(),
    type: z.string().nullable(),
    /** False where something in its table is wrong, so that it is told nothing. */
    usable: z.boolean(),
    /** Whether `PUT /api/settings` changes it: not one that runs a program. */
    editable: z.boolean(),
    on: z.array(z.string()),
    contactSheet: z.boolean(),
    prompts: z.boolean(),
    /** Without what makes it secret: `https://ntfy.sh/…`. */
    url: z.string().nullable(),
    allowPrivate: z.boolean(),
    /** Whether it has one. */
    token: z.boolean(),
    /** Their names. */
    headers: z.array(z.string()),
    /** Of one that runs it, without its arguments: they may hold secrets. */
    program: z.string().nullable(),
    line: z.number().nullable(),
  })
  .meta({ id: 'ReceiverRow' });
export type ReceiverRow = z.infer<typeof receiverRow>;

export const settingFault = z
  .object({
    /** `keep.checkpoints`, `notify.phone.url`; null where it is the whole file. */
    at: z.string().nullable(),
    message: z.string(),
    hint: z.string(),
  })
  .meta({ id: 'SettingFault' });
export type SettingFault = z.infer<typeof settingFault>;

const settingsFile = z
  .object({
    /** Where it is read from. */
    file: z.string(),
    exists: z.boolean(),
    /** Of the file's bytes. */
    revision: z.string(),
    /** Whether whoever asks may change it: only from this machine. */
    editable: z.boolean(),
    settings: z.array(settingRow),
    receivers: z.array(receiverRow),
    /** What a receiver can be told of, and of which unless its table says so. */
    events: z.array(z.object({ event: z.string(), usual: z.boolean() })),
    /** What is wrong in it; each leaves the rest alone. */
    faults: z.array(settingFault),
  })
  .meta({ id: 'SettingsFile' });
export type SettingsFile = z.infer<typeof settingsFile>;

export const readSettings = {
  summary: 'The settings file as it is understood, without its secrets.',
  answer: settingsFile,
};

/** Keys as in the file. What is absent stays; null takes it out. */
const receiverChange = z
  .strictObject({
    /** Of a new one. */
    type: z.string().max(20),
    url: z.string().max(2000),
    allow_private: z.boolean(),
    token: z.string().max(2000).nullable(),
    on: z.array(z.string().max(50)).max(20),
    contact_sheet: z.boolean(),
    prompts: z.boolean(),
    headers: z.record(z.string().max(200), z.string().max(4000).nullable()),
  })
  .partial()
  .meta({ id: 'ReceiverChange' });
export type ReceiverChange = z.infer<typeof receiverChange>;

const settingsChange = z.object({
  /** By key; null takes the line out, so that the usual holds. */
  settings: z.record(z.string().max(100), settingValue.nullable()).default({}),
  /** By name; null takes the receiver out. */
  receivers: z.record(z.string().max(100), receiverChange.nullable()).default({}),
});
export type SettingsChange = z.infer<typeof settingsChange>;

export const writeSettings = {
  summary:
    'Changes the settings file, in which comments and order stay. Refused with 409 where it was changed since `revision`. Where the change has a fault nothing is written.',
  body: settingsChange.extend({ revision: z.string().max(100) }),
  answer: z.object({
    saved: z.boolean(),
    /** What is wrong with the change. */
    faults: z.array(settingFault),
    file: settingsFile,
  }),
};

export const testReceiver = {
  summary: 'Sends a test to one receiver of messages, and tells how it answered.',
  body: z.object({ name: z.string().max(100) }),
  answer: z.object({
    outcome: z.enum(['sent', 'failed']),
    detail: z.string(),
    milliseconds: z.number(),
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
    /** Null where nobody chose: each browser as it is. */
    language: z.enum(['en', 'hu', 'ja']).nullable().default(null),
    theme: z.enum(['light', 'dark', 'system']).nullable().default(null),
    /** Samples are blurred until they are pointed at. */
    blur: z.boolean().nullable().default(null),
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

export const readUi = {
  summary: 'What the page remembers: language, theme, whether samples are blurred, saved views.',
  answer: stored,
};

export const writeUi = {
  summary: 'Writes what the page remembers. Refused with 409 where another page wrote since `revision`.',
  body: z.object({ ui, revision: z.string().max(100) }),
  answer: stored,
};
