/** What a page may change of the receivers of messages, and by which edits of the file. */
import { SpoorError } from '../../model/errors.ts';
import type { ConfigValue } from '../../model/facts.ts';
import type { ReceiverChange } from '../../server/context.ts';
import { declared } from './declared.ts';
import type { Fault } from './interpret.ts';
import { runsProgram } from './receiver.ts';

/** A value at its place; null takes out what stands there. */
export interface Edit {
  keys: string[];
  value: ConfigValue;
}

type Table = Readonly<Record<string, ConfigValue>>;

/**
 * @param table what the file has of it; null for one that is new
 * @returns the edits, or what is wrong with the change. Errors: `set-in-the-file`
 */
export function receiverEdits(name: string, table: Table | null, change: ReceiverChange | null): Edit[] | Fault[] {
  const at = ['notify', name];
  // Whoever gets hold of a page must not get hold of a shell.
  if ((table && runsProgram(table)) || change?.type === 'command') {
    const hint = 'A receiver that runs a program is described in the settings file itself: docs/settings.md shows how.';
    throw new SpoorError('refused', 'set-in-the-file', `[notify.${name}] runs a program`, hint);
  }
  if (change === null) return [{ keys: at, value: null }];
  const faults = table === null ? faultsOfName(name) : faultsOfChange(name, table, change);
  if (faults.length > 0) return faults;
  const { headers, ...values } = change;
  return [
    ...Object.entries(values).map(([key, value = null]) => ({ keys: [...at, key], value })),
    ...(headers ? headerEdits([...at, 'headers'], table?.headers, headers) : []),
  ];
}

function headerEdits(at: string[], before: ConfigValue | undefined, change: Record<string, string | null>): Edit[] {
  if (isTable(before)) return Object.entries(change).map(([key, value]) => ({ keys: [...at, key], value }));
  const given = Object.entries(change).filter(([, value]) => value !== null);
  return given.length === 0 ? [] : [{ keys: at, value: Object.fromEntries(given) }];
}

function faultsOfName(name: string): Fault[] {
  const at = `notify.${name}`;
  const hint = 'It takes letters, digits, blanks, - and _, at most 60: phone.';
  if (!/^[\p{L}\p{N}][\p{L}\p{N} _-]{0,59}$/u.test(name))
    return [{ at, message: `${JSON.stringify(name)} is no name`, hint }];
  const isTaken = declared.some(({ section, key }) => section === 'notify' && key === name);
  return isTaken ? [{ at, message: `${name} is the name of a setting`, hint: 'Give it another name.' }] : [];
}

function faultsOfChange(name: string, table: Table, { type, url, token, headers }: ReceiverChange): Fault[] {
  const at = `notify.${name}`;
  if (type !== undefined && type !== table.type) {
    return [
      { at: `${at}.type`, message: `${at} is of another type`, hint: 'Take it out, and add one of the new type.' },
    ];
  }
  // Else whoever changes the address would have the secrets that go along.
  const origin = url === undefined ? null : originOf(url);
  if (origin === null || typeof table.url !== 'string' || origin === originOf(table.url)) return [];
  const message = 'the address leads to another server than that which this was given for';
  const hint = 'Give it again, or take it out.';
  const faults: Fault[] = [];
  if (table.token !== undefined && token === undefined) faults.push({ at: `${at}.token`, message, hint });
  const kept = isTable(table.headers) ? Object.keys(table.headers).filter((key) => headers?.[key] === undefined) : [];
  if (kept.length > 0) faults.push({ at: `${at}.headers`, message: `${message}: ${kept.join(', ')}`, hint });
  return faults;
}

/** Null of what is no address: that is found elsewhere. */
const originOf = (url: string) => (/^https?:/.test(url) ? (URL.parse(url)?.origin ?? null) : null);

function isTable(value: ConfigValue | undefined): value is Record<string, ConfigValue> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
