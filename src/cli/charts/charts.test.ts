import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cells } from '../text.ts';
import { BrailleCanvas } from './braille.ts';
import { type Curve, notFinite, rangeOfY, smoothed, usualSmoothing, worthDrawing } from './curve.ts';
import { makeScale, ticksOf, tickText } from './scale.ts';
import { svgChart } from './svg-chart.ts';
import { textChart } from './text-chart.ts';

const anyNumber = fc.oneof(
  fc.double(),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  fc.constantFrom(0, 1e-9, 1e12),
);
const plain = (text: string) => text;

describe('the braille canvas', () => {
  it('shows each dot at its place and no other', () => {
    const at = (x: number, y: number) => {
      const canvas = new BrailleCanvas(2, 1);
      canvas.dot(x, y, 1);
      return canvas.lines()[0];
    };
    expect([at(0, 0), at(1, 3), at(2, 1), at(3, 2)]).toEqual(['⠁ ', '⢀ ', ' ⠂', ' ⠠']);
    fc.assert(
      fc.property(fc.nat(19), fc.nat(19), (x, y) => {
        const canvas = new BrailleCanvas(10, 5);
        canvas.dot(x, y, 1);
        const found = canvas.lines().map((line) => [...line]);
        const code = found[y >> 2]![x >> 1]!.codePointAt(0)! - 0x2800;
        expect(Math.log2(code) % 1).toBe(0);
        expect(found.flat().filter((each) => each !== ' ')).toHaveLength(1);
      }),
    );
  });

  it('takes any line, in little time, and never a line of another length than its columns', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.nat(12), anyNumber, anyNumber, anyNumber, anyNumber, (columns, rows, ...ends) => {
        const canvas = new BrailleCanvas(columns, rows);
        canvas.line(...(ends as [number, number, number, number]), 1);
        const lines = canvas.lines();
        expect(lines).toHaveLength(rows);
        for (const line of lines) expect([...line]).toHaveLength(columns);
      }),
    );
    const canvas = new BrailleCanvas(40, 10);
    canvas.line(-1e15, 20, 1e15, 20, 1);
    expect(canvas.lines()[5]).toBe('⠉'.repeat(40));
  });

  it('connects what it draws', () => {
    fc.assert(
      fc.property(fc.nat(59), fc.nat(39), fc.nat(59), fc.nat(39), (x0, y0, x1, y1) => {
        const canvas = new BrailleCanvas(30, 10);
        canvas.line(x0, y0, x1, y1, 1);
        const drawn = canvas.lines().flatMap((line, row) => [...line].flatMap((c, i) => (c === ' ' ? [] : [[i, row]])));
        const wide = Math.abs((x0 >> 1) - (x1 >> 1)) + 1;
        const high = Math.abs((y0 >> 2) - (y1 >> 2)) + 1;
        expect(new Set(drawn.map(([column]) => column)).size).toBe(wide);
        expect(new Set(drawn.map(([, row]) => row)).size).toBe(high);
      }),
    );
  });

  it('shows of a cell the highest layer alone, in its colour', () => {
    const canvas = new BrailleCanvas(3, 1);
    canvas.line(0, 0, 5, 0, 1);
    canvas.dot(2, 3, 2);
    canvas.dot(3, 1, 1);
    expect(canvas.lines((text, layer) => `${layer}(${text})`)).toEqual(['1(⠉)2(⡀)1(⠉)']);
  });
});

describe('a scale', () => {
  const range = fc.tuple(anyNumber, anyNumber);
  it('places its ends at 0 and 1 and keeps the order of values', () => {
    fc.assert(
      fc.property(range, fc.boolean(), fc.double({ min: 0, max: 1, noNaN: true }), ([a, b], log, part) => {
        const scale = makeScale(a, b, log);
        expect(scale.min).toBeLessThan(scale.max);
        fc.pre(Number.isFinite(scale.max - scale.min) && scale.max - scale.min > Math.abs(scale.max) * 1e-9);
        expect(scale.place(scale.min)).toBeCloseTo(0);
        expect(scale.place(scale.max)).toBeCloseTo(1);
        const between = scale.place(scale.min + (scale.max - scale.min) * part);
        expect(between).toBeGreaterThanOrEqual(-1e-9);
        expect(between).toBeLessThanOrEqual(1 + 1e-9);
      }),
    );
  });

  it('has ascending round ticks within it, each with a text of its own', () => {
    fc.assert(
      fc.property(
        fc.double({ min: -1e6, max: 1e6, noNaN: true }),
        fc.double({ min: 1e-6, max: 1e6, noNaN: true }),
        fc.boolean(),
        fc.integer({ min: 2, max: 12 }),
        (least, span, log, count) => {
          fc.pre(span > Math.abs(least) * 1e-3);
          const scale = makeScale(least, least + span, log);
          const ticks = ticksOf(scale, count);
          expect(ticks.length).toBeGreaterThan(0);
          expect(ticks.length).toBeLessThanOrEqual(count * 2);
          expect(ticks).toEqual([...ticks].sort((a, b) => a - b));
          const room = (scale.max - scale.min) * 1e-6;
          for (const tick of ticks) {
            expect(tick).toBeGreaterThanOrEqual(scale.min - room);
            expect(tick).toBeLessThanOrEqual(scale.max + room);
          }
          expect(new Set(ticks.map(tickText)).size).toBe(ticks.length);
        },
      ),
    );
  });

  it('has ticks also at the ends of what numbers reach, and where few are asked for', () => {
    for (const value of [Number.MAX_VALUE, Number.MIN_VALUE]) {
      expect(ticksOf(makeScale(value, value, true), 5).length).toBeLessThanOrEqual(10);
      expect(ticksOf(makeScale(value, value), 5).length).toBeLessThanOrEqual(10);
    }
    expect(ticksOf(makeScale(3.5269e-6, 0.047254, true), 2).length).toBeGreaterThan(0);
  });

  it('names its ticks as people write them', () => {
    expect(ticksOf(makeScale(0.04, 0.31), 5)).toEqual([0.1, 0.2, 0.3]);
    expect(ticksOf(makeScale(0, 2000), 4)).toEqual([0, 500, 1000, 1500, 2000]);
    expect(ticksOf(makeScale(1e-6, 1e-2, true), 5)).toEqual([1e-6, 1e-5, 1e-4, 1e-3, 1e-2]);
    expect([0.05, 1e-4, 2.5e-5, 1200, 15_000, 2_500_000, 0].map(tickText)).toEqual([
      ...['0.05', '1e-4', '2.5e-5', '1200', '15k', '2.5M', '0'],
    ]);
  });
});

describe('a curve', () => {
  const of = (y: number[], smooth: number[] | null = null): Curve => ({
    label: 'wolf',
    x: Float64Array.from(y, (_, i) => i + 1),
    y: Float64Array.from(y),
    smooth: smooth && Float64Array.from(smooth),
    seams: [],
  });

  it('smoothed stays between what was measured, and is that where it does not change', () => {
    const values = fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 200 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 0.999, noNaN: true }), (all, weight) => {
        const smooth = smoothed(Float64Array.from(all), weight);
        const [least, most] = [Math.min(...all), Math.max(...all)];
        for (const each of smooth) {
          expect(each).toBeGreaterThanOrEqual(least - 1e-3);
          expect(each).toBeLessThanOrEqual(most + 1e-3);
        }
        expect(smooth[0]).toBeCloseTo(all[0]!, 3);
      }),
    );
    expect([...smoothed(Float64Array.of(2, Number.NaN, 2, Number.POSITIVE_INFINITY, 2), 0.9)]).toEqual([
      ...[2, Number.NaN, expect.closeTo(2), Number.POSITIVE_INFINITY, expect.closeTo(2)],
    ]);
    expect(['loss/current', 'loss/average', 'loss/epoch', 'lr/unet'].map(usualSmoothing)).toEqual([0.9, 0, 0, 0]);
  });

  it('keeps, thinned, its first and last, least and greatest points, and where it breaks', () => {
    fc.assert(
      fc.property(
        fc.array(anyNumber, { minLength: 1, maxLength: 500 }),
        fc.integer({ min: 1, max: 50 }),
        (y, width) => {
          const curve = of(y);
          const scale = makeScale(1, y.length);
          const kept = worthDrawing(curve.x, curve.y, width, scale.place);
          expect(kept.length).toBeLessThanOrEqual((width + 1) * 5);
          const finite = y.filter(Number.isFinite);
          const found = kept.map((point) => point.y).filter(Number.isFinite);
          if (finite.length === y.length) {
            expect(Math.min(...found)).toBe(Math.min(...finite));
            expect(Math.max(...found)).toBe(Math.max(...finite));
          } else expect(kept.some((point) => Number.isNaN(point.y))).toBe(true);
          expect([kept[0]!.x, kept.at(-1)!.x]).toEqual([1, y.length]);
          expect(kept.map(({ x }) => x)).toEqual(kept.map(({ x }) => x).sort((a, b) => a - b));
        },
      ),
    );
  });

  it('says how many of its points are no number, and lets outliers of a smoothed one leave the chart', () => {
    expect(notFinite(of([1, Number.NaN, 2, Number.POSITIVE_INFINITY]))).toEqual({ points: 2, first: 2 });
    expect(notFinite(of([1, 2]))).toBeNull();
    const noisy = Array.from({ length: 500 }, (_, i) => (i === 250 ? 1000 : 1 + (i % 2)));
    expect(rangeOfY([of(noisy)], false)).toEqual([1, 1000]);
    expect(
      rangeOfY(
        [
          of(
            noisy,
            noisy.map(() => 1.5),
          ),
        ],
        false,
      ),
    ).toEqual([1, 2]);
    expect(rangeOfY([of([0, -1, 3, 5])], true)).toEqual([3, 5]);
    expect(rangeOfY([of([Number.NaN])], false)).toBeNull();
  });

  it('of any numbers is drawn within its room', () => {
    fc.assert(
      fc.property(
        fc.array(anyNumber, { maxLength: 60 }),
        fc.integer({ min: 0, max: 130 }),
        fc.integer({ min: 0, max: 30 }),
        fc.boolean(),
        (y, width, height, log) => {
          const weight = smoothed(Float64Array.from(y), 0.9);
          const curves = [{ ...of(y), smooth: weight, seams: [3], paint: plain, faint: plain }];
          const lines = textChart({ curves, width, height, log, points: true, dim: plain });
          if (lines === null) return;
          expect(lines).toHaveLength(height);
          for (const line of lines) expect(cells(line)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});

describe('a drawing', () => {
  const chart = (label: string, y: number[]) =>
    svgChart({
      title: label,
      subtitle: label,
      xTitle: 'steps',
      log: false,
      notes: [label],
      curves: [{ label, x: Float64Array.from(y, (_, i) => i), y: Float64Array.from(y), smooth: null, seams: [1] }],
    });

  it('is well-formed, whatever names and numbers are', () => {
    const label = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom('<&>"\'', ']]>', '\ud800', '\x1b[2J\0'));
    fc.assert(
      fc.property(label, fc.array(anyNumber, { maxLength: 40 }), (name, y) => {
        const text = chart(name, y);
        expect(text.isWellFormed()).toBe(true);
        expect(text).not.toMatch(/NaN|Infinity|undefined/);
        expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\ufffe\uffff]/);
        expect(text.replace(/<\/?[a-zA-Z]+(?: [a-zA-Z0-9:-]+="[^"<>]*")*\/?>/g, '')).not.toMatch(
          /[<>]|&(?!amp;|lt;|gt;)/,
        );
      }),
    );
  });
});
