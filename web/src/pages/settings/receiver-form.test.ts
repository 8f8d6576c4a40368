import { describe, expect, it } from 'vitest';
import type { ReceiverRow, SettingsFile } from '../../../../src/api/index.ts';
import { changeOf, formOf, newForm } from './receiver-form.ts';

const phone: ReceiverRow = {
  ...{ name: 'phone', type: 'ntfy', usable: true, editable: true, on: ['nan'], contactSheet: true, prompts: false },
  ...{ url: 'https://ntfy.example/…', allowPrivate: false, token: true, headers: [], program: null, line: 1 },
};
const hook: ReceiverRow = { ...phone, name: 'hook', type: 'webhook', token: false, headers: ['A', 'B'] };
const events = [
  { event: 'finish', usual: true },
  { event: 'interrupted', usual: false },
];
const file = { receivers: [phone], events } as unknown as SettingsFile;
const text = (value: string) => ({ kept: false as const, text: value });

describe('what is changed of a receiver', () => {
  it('is nothing where nothing was touched', () => {
    expect(changeOf(formOf(phone), phone)).toEqual({});
    expect(changeOf(formOf(hook), hook)).toEqual({});
  });

  it('is what was touched, a secret only if it was given anew or taken out', () => {
    const form = formOf(phone);
    expect(changeOf({ ...form, on: ['nan', 'disk'], prompts: true }, phone)).toEqual({
      on: ['nan', 'disk'],
      prompts: true,
    });
    expect(changeOf({ ...form, token: text(' tk_2 ') }, phone)).toEqual({ token: 'tk_2' });
    expect(changeOf({ ...form, token: text('') }, phone)).toEqual({ token: null });
    expect(changeOf({ ...form, url: text(' https://x ') }, phone)).toEqual({ url: 'https://x' });
  });

  it('has of headers those that are new, given anew, or gone', () => {
    const [first] = formOf(hook).headers;
    const headers = [
      { ...first!, value: text('1') },
      { id: 9, name: ' C ', value: text('3') },
      { id: 10, name: '', value: text('') },
    ];
    expect(changeOf({ ...formOf(hook), headers }, hook)).toEqual({ headers: { A: '1', B: null, C: '3' } });
  });
});

describe('a new receiver', () => {
  it('has a name that is free and the usual events', () => {
    const form = newForm('ntfy', file);
    expect(form).toMatchObject({ name: 'phone2', on: ['finish'] });
    expect(changeOf({ ...form, url: text('https://x') }, null)).toEqual({
      type: 'ntfy',
      url: 'https://x',
      on: ['finish'],
    });
  });

  it('of the desktop needs nothing else', () => {
    expect(changeOf(newForm('desktop', file), null)).toEqual({ type: 'desktop', on: ['finish'] });
  });
});
