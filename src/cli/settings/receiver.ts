import type { ConfigValue } from '../../model/facts.ts';
import { redactArguments } from '../../model/secrets.ts';
import { notifyEvents, type Receiver, receiverTypes, usualEvents } from '../../model/settings.ts';
import { argv, flag, headers, listOf, oneOf, type Read, text, webAddress } from './values.ts';

interface Key {
  read: Read<unknown>;
  /** What is taken where the file does not say; absent where it has to. */
  otherwise?: unknown;
}

const common: Record<string, Key> = {
  type: { read: oneOf(receiverTypes) },
  on: { read: listOf(notifyEvents), otherwise: usualEvents },
  contact_sheet: { read: flag, otherwise: true },
  prompts: { read: flag, otherwise: false },
};
const web: Record<string, Key> = { url: { read: webAddress }, allow_private: { read: flag, otherwise: false } };

/** The keys of each type's table, beside the common ones. */
const keys: Record<Receiver['type'], Record<string, Key>> = {
  desktop: {},
  webhook: { ...web, headers: { read: headers, otherwise: {} } },
  discord: web,
  ntfy: { ...web, token: { read: text, otherwise: null } },
  command: { argv: { read: argv } },
};

/** What was found wrong with a receiver's table, at one of its keys. */
export interface ReceiverFault {
  key: string;
  /** `unknown`: no such key; `missing`: it has to be there; else the value does not fit. */
  kind: 'unknown' | 'missing' | 'misfit';
  /** Of a misfit: what would fit. */
  wants: string;
  /** Of an unknown key: those that there are. */
  known: readonly string[];
}

/**
 * One receiver of messages. @returns null beside the faults where it cannot be used; an unknown key alone leaves it usable
 */
export function readReceiver(
  name: string,
  table: Record<string, ConfigValue>,
): { receiver: Receiver | null; faults: ReceiverFault[] } {
  const type = receiverTypes.find((each) => each === table.type) ?? null;
  const known: Record<string, Key> = { ...common, ...(type && keys[type]) };
  const faults: ReceiverFault[] = [];
  const fault = (key: string, kind: ReceiverFault['kind'], wants = '') =>
    faults.push({ key, kind, wants, known: Object.keys(known) });
  const values: Record<string, unknown> = { name };
  for (const [key, { read, otherwise }] of Object.entries(known)) {
    const value = table[key];
    if (value === undefined) {
      if (otherwise === undefined) fault(key, 'missing');
      else values[camel(key)] = otherwise;
      continue;
    }
    try {
      values[camel(key)] = read(value);
    } catch (error) {
      fault(key, 'misfit', (error as Error).message);
    }
  }
  const usable = faults.length === 0;
  // Without its type nobody knows which keys a table may have.
  if (type) for (const key of Object.keys(table)) if (!Object.hasOwn(known, key)) fault(key, 'unknown');
  return { receiver: usable ? (values as unknown as Receiver) : null, faults };
}

/** Of a table, whether it makes Spoor run a program of the user's choice, or would once it is mended. */
export const runsProgram = (table: Readonly<Record<string, ConfigValue>>) =>
  table.type === 'command' || Object.hasOwn(table, 'argv');

const camel = (key: string) => key.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A receiver as it may be shown: addresses and arguments hold secrets, of headers the names are enough. */
export function publicPart(receiver: Receiver): Record<string, unknown> & { name: string; type: Receiver['type'] } {
  const { name, type, on, contactSheet, prompts } = receiver;
  const shown = { name, type, on, contactSheet, prompts };
  if (type === 'desktop') return shown;
  if (type === 'command') return { ...shown, argv: redactArguments(receiver.argv).argv };
  const its = { ...shown, url: shownAddress(receiver), allowPrivate: receiver.allowPrivate };
  return type === 'webhook' ? { ...its, headers: Object.keys(receiver.headers) } : its;
}

/** Whoever knows the path of a webhook, or a topic of ntfy, can send to it. */
export function shownAddress({ url }: { url: string }): string {
  const { origin, pathname, search } = new URL(url);
  return pathname === '/' && search === '' ? origin : `${origin}/…`;
}
