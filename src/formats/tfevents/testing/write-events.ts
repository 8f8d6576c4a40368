/** Event files for tests and benchmarks, written as TensorBoard's writers do. */
import { maskedCrc32c } from '../crc32c.ts';

export function record(data: Uint8Array): Buffer {
  const bytes = Buffer.alloc(12 + data.length + 4);
  bytes.writeBigUInt64LE(BigInt(data.length), 0);
  bytes.writeInt32LE(maskedCrc32c(bytes, 0, 8), 8);
  bytes.set(data, 12);
  bytes.writeInt32LE(maskedCrc32c(data, 0, data.length), 12 + data.length);
  return bytes;
}

export function varint(value: number | bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  do {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
    rest >>= 7n;
  } while (rest > 0n);
  return Buffer.from(bytes);
}

/** A field of bytes: a message, a text. */
export function bytesField(field: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content as string);
  return Buffer.concat([varint(field * 8 + 2), varint(bytes.length), bytes]);
}

export const varintField = (field: number, value: number | bigint) => Buffer.concat([varint(field * 8), varint(value)]);

export function doubleField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleLE(value);
  return Buffer.concat([varint(field * 8 + 1), bytes]);
}

export function floatField(field: number, value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeFloatLE(value);
  return Buffer.concat([varint(field * 8 + 5), bytes]);
}

/** One event. @param values of its summary, encoded */
export function event(time: number, step: number, ...values: Uint8Array[]): Buffer {
  const summary = Buffer.concat(values.map((value) => bytesField(1, value)));
  return record(Buffer.concat([doubleField(1, time), varintField(2, step), bytesField(5, summary)]));
}

export function scalarValue(tag: string, value: number): Buffer {
  return Buffer.concat([bytesField(1, tag), floatField(2, value)]);
}

/** A value that is a tensor, of a plugin. @param fields the tensor's, encoded */
export function tensorValue(tag: string, plugin: string | null, ...fields: Uint8Array[]): Buffer {
  const metadata = plugin === null ? [] : [bytesField(9, bytesField(1, bytesField(1, plugin)))];
  return Buffer.concat([bytesField(1, tag), bytesField(8, Buffer.concat(fields)), ...metadata]);
}

/** The first record of every file. */
export function fileVersion(time: number): Buffer {
  return record(Buffer.concat([doubleField(1, time), bytesField(3, 'brain.Event:2')]));
}
