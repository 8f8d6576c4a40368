/** The settings file as a page may show it: of what is secret nothing. */
import { hash } from 'node:crypto';
import { defaultSettings, notifyEvents, type Receiver, usualEvents } from '../../model/settings.ts';
import type { ReceiverRow, SettingRow, SettingsFile } from '../../server/context.ts';
import { type Declared, declared } from './declared.ts';
import type { ReadSettings } from './interpret.ts';
import { shownAddress } from './receiver.ts';

export function settingsDocument(read: ReadSettings): SettingsFile {
  const { file, exists, faults, lines } = read;
  return {
    file,
    exists,
    revision: revisionOf(read.bytes),
    editable: true,
    settings: declared.map((each) => row(each, read)),
    receivers: [
      ...read.settings.notify.receivers.map((each) => usable(each, lines.get(`notify.${each.name}`) ?? null)),
      ...read.unusable.map(unusable),
    ],
    events: notifyEvents.map((event) => ({ event, usual: usualEvents.includes(event) })),
    faults,
  };
}

export function revisionOf(bytes: Uint8Array | null): string {
  return bytes === null ? 'none' : hash('sha256', bytes, 'hex').slice(0, 16);
}

function row(each: Declared, { settings, lines }: ReadSettings): SettingRow {
  const { section, key, form } = each;
  const at = `${section}.${key}`;
  const inFile = (value: unknown) => (value === null ? null : JSON.parse(each.show(value)));
  return {
    key: at,
    kind: form.kind,
    choices: 'choices' in form ? [...form.choices] : [],
    least: 'least' in form ? form.least : null,
    value: inFile(each.get(settings)),
    usual: inFile(each.get(defaultSettings)),
    line: lines.get(at) ?? null,
  };
}

const nothing = { url: null, allowPrivate: false, token: false, headers: [], program: null };

function usable(receiver: Receiver, line: number | null): ReceiverRow {
  const { name, type, on, contactSheet, prompts } = receiver;
  return {
    ...nothing,
    ...{ name, type, on, contactSheet, prompts, line },
    ...('url' in receiver && { url: shownAddress(receiver), allowPrivate: receiver.allowPrivate }),
    token: type === 'ntfy' && receiver.token !== null,
    headers: type === 'webhook' ? Object.keys(receiver.headers) : [],
    program: type === 'command' ? (receiver.argv[0] ?? null) : null,
    usable: true,
    editable: type !== 'command',
  };
}

/** One that may run a program is left alone too. */
function unusable({ name, type, runs }: ReadSettings['unusable'][number]): ReceiverRow {
  const rest = { ...nothing, on: [], contactSheet: false, prompts: false, line: null };
  return { name, type, ...rest, usable: false, editable: !runs };
}
