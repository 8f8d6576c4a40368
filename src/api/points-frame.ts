/**
 * Curves in binary, as `/api/points.bin` sends them: 4 bytes length of the header (little-endian), the header as
 * JSON in UTF-8 padded with spaces so that the numbers begin at a multiple of 8, then of each curve `points` x
 * values, times and values as little-endian float64. NaN and infinities stand for themselves.
 */
import type { FrameHeader } from './series.ts';

export interface FramedCurve extends Omit<FrameHeader['curves'][number], 'points'> {
  x: Float64Array;
  time: Float64Array;
  value: Float64Array;
}

export function encodePoints(curves: readonly FramedCurve[]): Uint8Array {
  const header: FrameHeader = {
    curves: curves.map(({ x, time: _time, value: _value, ...curve }) => ({ ...curve, points: x.length })),
  };
  const json = new TextEncoder().encode(JSON.stringify(header));
  const begin = Math.ceil((4 + json.length) / 8) * 8;
  const numbers = curves.flatMap(({ x, time, value }) => [x, time, value]);
  const frame = new Uint8Array(begin + numbers.reduce((sum, each) => sum + each.byteLength, 0)).fill(0x20, 0, begin);
  new DataView(frame.buffer).setUint32(0, begin - 4, true);
  frame.set(json, 4);
  let at = begin;
  for (const each of numbers) {
    frame.set(new Uint8Array(each.buffer, each.byteOffset, each.byteLength), at);
    at += each.byteLength;
  }
  return frame;
}

/** The numbers are views into the frame. */
export function decodePoints(frame: ArrayBuffer): FramedCurve[] {
  const length = new DataView(frame).getUint32(0, true);
  const header: FrameHeader = JSON.parse(new TextDecoder().decode(new Uint8Array(frame, 4, length)));
  let at = 4 + length;
  const numbers = (points: number) => {
    const values = new Float64Array(frame, at, points);
    at += values.byteLength;
    return values;
  };
  return header.curves.map(({ points, ...curve }) => ({
    ...curve,
    x: numbers(points),
    time: numbers(points),
    value: numbers(points),
  }));
}
