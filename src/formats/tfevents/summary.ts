/** One value of a summary: what it is, and as much of it as is kept. */

import type { Tag, Tags } from './tags.ts';
import { readTensor, type Tensor } from './tensor.ts';
import type { Wire } from './wire.ts';

/** A larger image is told of without its bytes. */
const longestImage = 8 << 20;
/** Bytes of a text that are kept. */
const longestText = 64 << 10;

/** Where a distribution lies, without its buckets. */
export interface HistogramSummary {
  count: number;
  min: number;
  max: number;
  /** Null where the buckets alone do not tell. */
  sum: number | null;
  sumOfSquares: number | null;
}

export interface ImageSummary {
  width: number;
  height: number;
  /** PNG, as TensorFlow's writers encode it; null where it is larger than 8 MiB. Valid until the next push. */
  bytes: Uint8Array | null;
  size: number;
}

export type Summaries = { tag: string } & (
  | { kind: 'scalar'; value: number }
  | { kind: 'text'; text: string }
  | { kind: 'image'; image: ImageSummary }
  | { kind: 'histogram'; histogram: HistogramSummary }
  | { kind: 'hparams'; content: Uint8Array }
);

/** Null for what is of no kind that is kept. */
export function readValue(wire: Wire, end: number, tags: Tags): Summaries | null {
  let tag: Tag | null = null;
  let scalar: number | null = null;
  let image: ImageSummary | null = null;
  let histogram: HistogramSummary | null = null;
  let tensorAt = -1;
  let tensorEnd = 0;
  let metadata: Metadata | null = null;
  while (wire.at < end) {
    const field = wire.field(end);
    if (field === 1 && wire.is(2)) {
      const to = wire.length(end);
      tag = tags.find(wire.bytes, wire.at, to);
      wire.at = to;
    } else if (field === 2 && wire.is(5)) scalar = wire.float(end);
    else if (field === 4 && wire.is(2)) image = readImage(wire, wire.length(end));
    else if (field === 5 && wire.is(2)) histogram = readHistogram(wire, wire.length(end));
    else if (field === 8 && wire.is(2)) {
      tensorEnd = wire.length(end);
      tensorAt = wire.at;
      wire.at = tensorEnd;
    } else if (field === 9 && wire.is(2)) metadata = readMetadata(wire, wire.length(end));
    else wire.skip(end);
  }
  if (tag === null || tag.name === '') return null;
  if (metadata !== null && tag.plugin === null) {
    tag.plugin = metadata.plugin;
    tag.dataClass = metadata.dataClass;
  }
  const { name } = tag;
  if (scalar !== null) return { tag: name, kind: 'scalar', value: scalar };
  if (image !== null) return { tag: name, kind: 'image', image };
  if (histogram !== null) return { tag: name, kind: 'histogram', histogram };
  if (tag.plugin === 'hparams' && metadata !== null) return { tag: name, kind: 'hparams', content: metadata.content };
  if (tensorAt < 0) return null;
  wire.at = tensorAt;
  const tensor = readTensor(wire, tensorEnd);
  wire.at = end;
  const told = ofTensor(tag, tensor);
  return told && { tag: name, ...told };
}

type OfTensor<T = Summaries> = T extends unknown ? Omit<T, 'tag'> : never;

function ofTensor({ plugin, dataClass }: Tag, { numbers, strings, shape }: Tensor): OfTensor | null {
  const [number, another] = numbers;
  const isScalar = plugin === 'scalars' || dataClass === 1 || (plugin === null && shape.length === 0);
  if (isScalar) return number !== undefined && another === undefined ? { kind: 'scalar', value: number } : null;
  if (plugin === 'text') {
    const text = strings.map((each) => Buffer.from(each.subarray(0, longestText)).toString('utf8')).join('\n');
    return { kind: 'text', text: text.slice(0, longestText) };
  }
  if (plugin === 'images') {
    const [width, height, bytes] = strings;
    if (width === undefined || height === undefined || bytes === undefined) return null;
    return { kind: 'image', image: imageOf(pixels(width), pixels(height), bytes) };
  }
  if (plugin === 'histograms' && shape.length === 2 && shape[1] === 3) {
    return { kind: 'histogram', histogram: histogramOf(numbers) };
  }
  return null;
}

/** A decimal number, as TensorFlow writes an image's width. */
function pixels(text: Uint8Array): number {
  const number = Number(Buffer.from(text.subarray(0, 12)).toString('latin1'));
  return Number.isSafeInteger(number) && number >= 0 ? number : 0;
}

function imageOf(width: number, height: number, bytes: Uint8Array): ImageSummary {
  return { width, height, bytes: bytes.length <= longestImage ? bytes : null, size: bytes.length };
}

function readImage(wire: Wire, end: number): ImageSummary {
  let width = 0;
  let height = 0;
  let bytes = new Uint8Array(0);
  while (wire.at < end) {
    const field = wire.field(end);
    if (field === 1 && wire.is(0)) height = wire.varint(end);
    else if (field === 2 && wire.is(0)) width = wire.varint(end);
    else if (field === 4 && wire.is(2)) bytes = wire.take(end) as Uint8Array<ArrayBuffer>;
    else wire.skip(end);
  }
  return imageOf(width, height, bytes);
}

function readHistogram(wire: Wire, end: number): HistogramSummary {
  const numbers = [0, 0, 0, 0, 0];
  while (wire.at < end) {
    const field = wire.field(end);
    if (field >= 1 && field <= 5 && wire.is(1)) numbers[field - 1] = wire.double(end);
    else wire.skip(end);
  }
  const [min, max, count, sum, sumOfSquares] = numbers as [number, number, number, number, number];
  return { count, min, max, sum, sumOfSquares };
}

/** Buckets of left edge, right edge, count. */
function histogramOf(numbers: readonly number[]): HistogramSummary {
  let count = 0;
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (let at = 0; at + 2 < numbers.length; at += 3) {
    if (!(numbers[at + 2]! > 0)) continue;
    count += numbers[at + 2]!;
    min = Math.min(min, numbers[at]!);
    max = Math.max(max, numbers[at + 1]!);
  }
  return { count, min: count > 0 ? min : 0, max: count > 0 ? max : 0, sum: null, sumOfSquares: null };
}

interface Metadata {
  plugin: string;
  dataClass: number;
  /** The plugin's own. */
  content: Uint8Array;
}

function readMetadata(wire: Wire, end: number): Metadata {
  const metadata: Metadata = { plugin: '', dataClass: 0, content: new Uint8Array(0) };
  while (wire.at < end) {
    const field = wire.field(end);
    if (field === 4 && wire.is(0)) metadata.dataClass = wire.varint(end);
    else if (field === 1 && wire.is(2)) {
      const to = wire.length(end);
      while (wire.at < to) {
        const inner = wire.field(to);
        if (inner === 1 && wire.is(2)) metadata.plugin = wire.text(to, 100);
        else if (inner === 2 && wire.is(2)) metadata.content = wire.take(to);
        else wire.skip(to);
      }
    } else wire.skip(end);
  }
  return metadata;
}
