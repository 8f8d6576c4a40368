/** What is filled in for a receiver of messages, and what of it is changed in the file. */
import type { Asked, ReceiverRow, SettingsFile } from '../../../../src/api/index.ts';

type ReceiverChange = NonNullable<NonNullable<Asked<'writeSettings'>['body']['receivers']>[string]>;

/** Those that a page may set up; one that runs a program is described in the file alone. */
export const receiverTypes = ['desktop', 'ntfy', 'discord', 'webhook'] as const;
export type ReceiverType = (typeof receiverTypes)[number];

/** A secret is never shown: it is kept as it is, given anew, or taken out. */
export type Secret = { kept: true } | { kept: false; text: string };

export interface ReceiverForm {
  name: string;
  type: ReceiverType;
  url: Secret;
  /** Of ntfy. */
  token: Secret;
  /** Of webhooks. */
  headers: { id: number; name: string; value: Secret }[];
  on: string[];
  contactSheet: boolean;
  prompts: boolean;
  allowPrivate: boolean;
}

const kept: Secret = { kept: true };
const empty: Secret = { kept: false, text: '' };
const usualNames: Record<ReceiverType, string> = { desktop: 'desk', ntfy: 'phone', discord: 'chat', webhook: 'hook' };

/** Of a new one. */
export function newForm(type: ReceiverType, { receivers, events }: SettingsFile): ReceiverForm {
  const usual = usualNames[type];
  const isFree = (name: string) => receivers.every((each) => each.name !== name);
  const name = [usual, ...receivers.map((_, at) => `${usual}${at + 2}`)].find(isFree) ?? '';
  const on = events.filter((each) => each.usual).map(({ event }) => event);
  return {
    ...{ name, type, on, url: empty, token: empty, headers: [] },
    ...{ contactSheet: true, prompts: false, allowPrivate: false },
  };
}

export function formOf(row: ReceiverRow): ReceiverForm {
  const { name, on, contactSheet, prompts, allowPrivate } = row;
  return {
    ...{ name, on, contactSheet, prompts, allowPrivate },
    type: receiverTypes.find((each) => each === row.type) ?? 'desktop',
    url: row.url === null ? empty : kept,
    token: row.token ? kept : empty,
    headers: row.headers.map((header, id) => ({ id, name: header, value: kept })),
  };
}

/** @param before null for a new one */
export function changeOf(form: ReceiverForm, before: ReceiverRow | null): ReceiverChange {
  const { type, on, url, token, contactSheet, prompts, allowPrivate } = form;
  const isWeb = type !== 'desktop';
  const hasSheet = type === 'ntfy' || type === 'discord';
  const was = before ? formOf(before) : null;
  // What is as it comes is written only where the file said something else.
  const flag = (key: 'contactSheet' | 'prompts' | 'allowPrivate', usual: boolean) =>
    form[key] !== (was?.[key] ?? usual);
  const headers = type === 'webhook' ? headersOf(form, before) : {};
  return {
    ...(!before && { type }),
    ...(isWeb && !url.kept && { url: url.text.trim() }),
    ...(type === 'ntfy' && !token.kept && secretChange('token', token.text, before?.token ?? false)),
    ...(Object.keys(headers).length > 0 && { headers }),
    ...(on.join() !== was?.on.join() && { on }),
    ...(hasSheet && flag('contactSheet', true) && { contact_sheet: contactSheet }),
    ...(hasSheet && flag('prompts', false) && { prompts }),
    ...(isWeb && flag('allowPrivate', false) && { allow_private: allowPrivate }),
  };
}

function secretChange(key: 'token', text: string, isThere: boolean): ReceiverChange {
  if (text.trim() !== '') return { [key]: text.trim() };
  return isThere ? { [key]: null } : {};
}

function headersOf({ headers }: ReceiverForm, before: ReceiverRow | null): Record<string, string | null> {
  const change: Record<string, string | null> = {};
  for (const name of before?.headers ?? []) if (headers.every((each) => each.name !== name)) change[name] = null;
  for (const { name, value } of headers) if (!value.kept && name.trim() !== '') change[name.trim()] = value.text;
  return change;
}
