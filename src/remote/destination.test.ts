import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SpoorError } from '../model/errors.ts';
import { parseDestination } from './destination.ts';

test.each([
  ['ssh://box', { host: 'box', port: null, path: null }],
  ['ssh://box/', { host: 'box', port: null, path: null }],
  ['ssh://me@box:2222/workspace/.spoor/', { host: 'me@box', port: 2222, path: '/workspace/.spoor' }],
  ['ssh://me@[2001:db8::7]:22/x', { host: 'me@2001:db8::7', port: 22, path: '/x' }],
  ['ssh://box/~/records', { host: 'box', port: null, path: '~/records' }],
  ['ssh://box/a%20b/c', { host: 'box', port: null, path: '/a b/c' }],
])('%s', (address, destination) => {
  expect(parseDestination(address)).toEqual(destination);
});

test('whatever is typed, no host begins with a dash and no path holds a line feed', () => {
  const address = fc.oneof(
    fc.string(),
    fc.string().map((text) => `ssh://${text}`),
    fc.webUrl().map((url) => url.replace(/^https?/, 'ssh')),
  );
  fc.assert(
    fc.property(address, (text) => {
      try {
        const { host, port, path } = parseDestination(text);
        expect(host).toMatch(/^[^-\s][^\s]*$/);
        expect(host).not.toMatch(/@-/);
        expect(port === null || (port > 0 && port < 65_536)).toBe(true);
        expect(path ?? '').not.toMatch(/[\0\n]/);
      } catch (error) {
        expect(error).toBeInstanceOf(SpoorError);
      }
    }),
    { numRuns: 500 },
  );
});
