import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedCall, unwrapShared, wrapShared } from './shared-site.ts';

test('a document of a site hands its text over, read or run, whatever stands in it', () => {
  const piece = fc.constantFrom('"', "'", '\\', '\n', '\r', '\u2028', '</script>', '")', '${', '`', '\0', 'é', '狼');
  const text = fc.array(fc.oneof(piece, fc.string({ unit: 'binary' })), { maxLength: 20 }).map((all) => all.join(''));
  fc.assert(
    fc.property(text, fc.string(), (document, path) => {
      const script = wrapShared(path, document);
      expect(unwrapShared(script)).toBe(document);
      const taken: string[][] = [];
      runInNewContext(script, { [sharedCall]: (...given: string[]) => taken.push(given) });
      expect(taken).toEqual([[path, document]]);
    }),
  );
});
