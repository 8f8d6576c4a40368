import { describe, expect, it } from 'vitest';
import { partOf, togetherAsked } from './parts.ts';

const curve = (axis: 'step' | 'time', x: number[], time: number[]) => ({
  axis,
  x: Float64Array.from(x),
  time: Float64Array.from(time),
});
const steps = curve('step', [1, 2, 3, 4, 5], [1000, 1010, 1020, 1030, 1040]);

describe('the part of a curve that is asked for', () => {
  it('is what is shown, with what smooths its beginning', () => {
    expect(partOf(steps, 'step', [2, 4])).toEqual([1, 4.2]);
  });

  it('is found by the time of its points where time is drawn', () => {
    expect(partOf(steps, 'duration', [20, 30])).toEqual([2, 5]);
    expect(partOf(steps, 'duration', [10, 100])).toEqual([1, 5]);
  });

  it('is in seconds since 1970 of what is measured by time', () => {
    expect(partOf(curve('time', [1000, 1010], [1000, 1010]), 'duration', [0, 10])).toEqual([995, 1011]);
  });

  it('is none where there is no point', () => {
    expect(partOf(curve('step', [], []), 'duration', [0, 1])).toBe(null);
  });
});

describe('parts of many curves', () => {
  const of = (run: string, tag: string, reduced = true, first = 1000) => ({
    ...curve(
      'step',
      [1, 2, 3, 4, 5],
      [0, 10, 20, 30, 40].map((each) => first + each),
    ),
    run,
    tag,
    reduced,
  });

  it('are asked for at once where runs have the same tags, without those that are held whole', () => {
    const curves = [
      of('a', 'loss'),
      of('a', 'lr'),
      of('b', 'loss'),
      of('b', 'lr'),
      of('c', 'lr'),
      of('c', 'loss', false),
    ];
    expect(togetherAsked(curves, 'step', [2, 4])).toEqual([
      { runs: ['a', 'b'], tags: ['loss', 'lr'], part: [1, 4.2] },
      { runs: ['c'], tags: ['lr'], part: [1, 4.2] },
    ]);
  });

  it('are asked for by run where they are parts of other axes', () => {
    const slow = { ...of('b', 'loss'), time: Float64Array.from([0, 20, 40, 60, 80]) };
    expect(togetherAsked([of('a', 'loss'), slow], 'duration', [20, 30])).toEqual([
      { runs: ['a'], tags: ['loss'], part: [2, 5] },
      { runs: ['b'], tags: ['loss'], part: [1, 3] },
    ]);
  });
});
