/** Tensors of summaries (tensorflow/core/framework/tensor.proto): a few numbers, or texts and images as strings. */
import type { Wire } from './wire.ts';

/** Values of a tensor that are read at most: a histogram has some hundreds. */
const mostNumbers = 30_000;
const mostStrings = 100;

export interface Tensor {
  numbers: number[];
  /** In place. */
  strings: Uint8Array[];
  /** Its dimensions; empty for a scalar. */
  shape: number[];
}

/** How a type lies in `tensor_content`, by `DataType`. */
const contents: Readonly<Record<number, { bytes: number; read: (view: DataView, at: number) => number }>> = {
  1: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  2: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
  3: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  4: { bytes: 1, read: (view, at) => view.getUint8(at) },
  5: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  6: { bytes: 1, read: (view, at) => view.getInt8(at) },
  9: { bytes: 8, read: (view, at) => Number(view.getBigInt64(at, true)) },
  10: { bytes: 1, read: (view, at) => view.getUint8(at) },
  14: { bytes: 2, read: (view, at) => brain(view.getUint16(at, true)) },
  17: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  19: { bytes: 2, read: (view, at) => half(view.getUint16(at, true)) },
  22: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  23: { bytes: 8, read: (view, at) => Number(view.getBigUint64(at, true)) },
};
const bfloat16 = 14;

/** @throws RangeError where it is cut off */
export function readTensor(wire: Wire, end: number): Tensor {
  const tensor: Tensor = { numbers: [], strings: [], shape: [] };
  let type = 0;
  let content: Uint8Array | null = null;
  while (wire.at < end) {
    const field = wire.field(end);
    if (field === 1 && wire.is(0)) type = wire.varint(end);
    else if (field === 2 && wire.is(2)) readShape(wire, wire.length(end), tensor.shape);
    else if (field === 4 && wire.is(2)) content = wire.take(end);
    else if (field === 5) repeated(wire, end, 5, () => add(tensor, wire.float(end)));
    else if (field === 6) repeated(wire, end, 1, () => add(tensor, wire.double(end)));
    // int_val, int64_val, bool_val, uint32_val, uint64_val
    else if ([7, 10, 11, 16, 17].includes(field)) repeated(wire, end, 0, () => add(tensor, wire.varint(end)));
    else if (field === 13) {
      const read = type === bfloat16 ? brain : half;
      repeated(wire, end, 0, () => add(tensor, read(wire.varint(end) & 0xffff)));
    } else if (field === 8 && wire.is(2)) {
      const bytes = wire.take(end);
      if (tensor.strings.length < mostStrings) tensor.strings.push(bytes);
    } else wire.skip(end);
  }
  const layout = contents[type];
  if (content !== null && content.length > 0 && layout) {
    const view = new DataView(content.buffer, content.byteOffset, content.length);
    for (let at = 0; at + layout.bytes <= content.length; at += layout.bytes) add(tensor, layout.read(view, at));
  }
  return tensor;
}

function readShape(wire: Wire, end: number, shape: number[]): void {
  while (wire.at < end) {
    if (wire.field(end) !== 2 || !wire.is(2)) {
      wire.skip(end);
      continue;
    }
    const to = wire.length(end);
    let size = 0;
    while (wire.at < to) {
      if (wire.field(to) === 1 && wire.is(0)) size = wire.varint(to);
      else wire.skip(to);
    }
    if (shape.length < 8) shape.push(size);
  }
}

/** A repeated number: packed, or one field each. */
function repeated(wire: Wire, end: number, type: number, read: () => void): void {
  if (wire.is(2)) {
    const to = wire.length(end);
    while (wire.at < to) read();
    if (wire.at > to) throw new RangeError('cut off');
  } else if (wire.is(type)) read();
  else wire.skip(end);
}

function add({ numbers }: Tensor, number: number): void {
  if (numbers.length < mostNumbers) numbers.push(number);
}

/** IEEE 754 binary16. */
function half(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0x1f) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY;
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

const scratch = new DataView(new ArrayBuffer(4));

/** The upper half of an IEEE 754 binary32. */
function brain(bits: number): number {
  scratch.setUint32(0, bits * 0x1_0000);
  return scratch.getFloat32(0);
}
