import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Bar } from './progress-bar.ts';
import { StepTimes } from './step-times.ts';

const bar = (step: number, elapsed: number): Bar => ({
  ...{ description: 'steps', total: 100, rate: null, left: null, postfix: [], counts: 0, length: 0 },
  step,
  elapsed,
});

/** Draws given as `[step, elapsed, pausing]`. */
function timed(...draws: [step: number, elapsed: number, pausing?: boolean][]): StepTimes {
  const times = new StepTimes();
  for (const [step, elapsed, pausing = false] of draws) times.draw(bar(step, elapsed), pausing);
  return times;
}

describe('a step', () => {
  test('takes what lies between the drawings of two', () => {
    expect(timed([1, 10], [2, 14], [3, 18], [4, 22]).stepSeconds).toBe(4);
  });

  test('is not known of one alone, or from what is mostly rounding', () => {
    expect(timed([1, 10], [2, 16]).stepSeconds).toBeNull();
    expect(timed([1, 0], [2, 1], [3, 2], [4, 3]).stepSeconds).toBeNull();
  });

  test('takes no longer for a pause between two drawings of it, which counts apart', () => {
    const times = timed([1, 10], [2, 14], [3, 18], [3, 48, true], [4, 52]);
    expect(times.stepSeconds).toBe(4);
    expect(times.pauseSeconds).toBe(10);
  });

  test('is taken out of a pause that was only drawn with the next', () => {
    const times = timed([1, 10], [2, 14], [3, 18], [4, 52, true]);
    expect(times.stepSeconds).toBe(4);
    expect(times.pauseSeconds).toBe(10);
  });

  test('of long ago counts no more', () => {
    const slow = Array.from({ length: 20 }, (_, i): [number, number] => [i, i * 30]);
    const quick = Array.from({ length: 30 }, (_, i): [number, number] => [20 + i, 600 + i * 3]);
    expect(timed(...slow, ...quick).stepSeconds).toBe(3);
  });

  test('is counted on where a bar begins anew', () => {
    expect(timed([50, 500], [1, 2], [2, 6], [3, 10]).stepSeconds).toBe(4);
  });
});

test('of any drawings, neither steps nor pauses take less than no time, and little is kept', () => {
  const draw = fc.tuple(fc.nat(1000), fc.nat(100_000), fc.boolean());
  fc.assert(
    fc.property(fc.array(draw, { maxLength: 300 }), (draws) => {
      const { stepSeconds, pauseSeconds } = timed(...draws);
      expect(stepSeconds === null || stepSeconds >= 0).toBe(true);
      expect(pauseSeconds).toBeGreaterThanOrEqual(0);
    }),
  );
});
