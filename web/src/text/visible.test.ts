import { expect, it } from 'vitest';
import { shown } from './shown.ts';
import { visible } from './visible.ts';

it('shows what would turn a text round, or control a terminal', () => {
  expect(visible('safe\u202egnp.exe')).toBe('safe\\u202egnp.exe');
  expect(visible('\u2067a\u2069')).toBe('\\u2067a\\u2069');
  expect(visible('\u001b[31m\u0007\u009b')).toBe('\\e[31m\\x07\\x9b');
});

it('leaves lines, and what people write from the right, as they are', () => {
  for (const text of ['a\tb\r\nc', 'ذئب\u200f!', 'זאב\u200e (v2)', '灰色の狼 🐺\u200d'])
    expect(visible(text)).toBe(text);
});

it('is so in what an element shows and is called, and in nothing else', () => {
  const turned = 'a\u202eb';
  const props = { title: turned, value: turned, href: turned, children: [turned, 1, null, [turned]] };
  expect(shown(props)).toEqual({ ...props, title: 'a\\u202eb', children: ['a\\u202eb', 1, null, ['a\\u202eb']] });
  const plain = { title: 'a', children: ['b', { c: 1 }] };
  expect(shown(plain)).toBe(plain);
});
