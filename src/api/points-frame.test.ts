import fc from 'fast-check';
import { expect, test } from 'vitest';
import { decodePoints, encodePoints, type FramedCurve } from './points-frame.ts';

const run = '01KTEST0000000000000000000';

test('a frame gives back the curves that went in, NaN and infinities too', () => {
  const numbers = fc.array(fc.double(), { maxLength: 50 });
  const curve = fc
    .tuple(fc.string({ unit: 'grapheme' }), numbers, fc.boolean())
    .map(([tag, value, reduced]): FramedCurve => {
      const x = Float64Array.from(value, (_, at) => at);
      const time = Float64Array.from(value, (_, at) => 1e9 + at);
      const meta = { run, tag: tag.toWellFormed(), axis: 'step' as const, total: value.length, reduced, seams: [] };
      return { ...meta, x, time, value: Float64Array.from(value) };
    });
  fc.assert(
    fc.property(fc.array(curve, { maxLength: 5 }), (curves) => {
      const frame = encodePoints(curves);
      const decoded = decodePoints(frame.buffer as ArrayBuffer);
      expect(decoded).toEqual(curves);
    }),
  );
});
