/**
 * TensorBoard's event files: TFRecords (length, CRC, payload, CRC) of `Event` messages
 * (https://github.com/tensorflow/tensorboard, `event.proto`, `summary.proto`). Only scalars are read; what is
 * cut off or damaged ends the reading, as a file may still be growing.
 */

export interface Scalar {
  tag: string;
  step: number;
  value: number;
  /** Seconds since 1970. */
  wallTime: number;
}

/** A longer record holds images or a graph. */
const longestRecord = 16 << 20;
const mostTags = 10_000;

/** Payloads of the whole records, in order. */
export function* eventRecords(bytes: Uint8Array): Generator<Uint8Array> {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (let at = 0; at + 12 <= bytes.length; ) {
    const length = view.getBigUint64(at, true);
    if (length > longestRecord) return;
    const end = at + 12 + Number(length);
    if (end + 4 > bytes.length) return;
    yield bytes.subarray(at + 12, end);
    at = end + 4;
  }
}

/** When the first event was written, in seconds since 1970; null where there is none. */
export function firstWallTime(bytes: Uint8Array): number | null {
  for (const record of eventRecords(bytes)) return readEvent(record)?.wallTime ?? null;
  return null;
}

/** All scalars of a file, in its order. */
export function* readScalars(bytes: Uint8Array): Generator<Scalar> {
  const tags = new Set<string>();
  for (const record of eventRecords(bytes)) {
    const event = readEvent(record);
    if (event === null) return;
    for (const [tag, value] of event.values) {
      if (!tags.has(tag) && tags.size >= mostTags) continue;
      tags.add(tag);
      yield { tag, value, step: event.step, wallTime: event.wallTime };
    }
  }
}

interface Event {
  wallTime: number;
  step: number;
  values: [string, number][];
}

function readEvent(record: Uint8Array): Event | null {
  const event: Event = { wallTime: 0, step: 0, values: [] };
  try {
    for (const { number, value } of fields(record)) {
      if (number === 1 && value instanceof DataView && value.byteLength === 8)
        event.wallTime = value.getFloat64(0, true);
      else if (number === 2 && typeof value === 'bigint') event.step = Number(BigInt.asIntN(64, value));
      else if (number === 5 && value instanceof Uint8Array) addSummary(event, value);
    }
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
  return event;
}

function addSummary(event: Event, summary: Uint8Array): void {
  for (const { number, value: message } of fields(summary)) {
    if (number !== 1 || !(message instanceof Uint8Array)) continue;
    let tag = '';
    let scalar: number | null = null;
    for (const { number: field, value } of fields(message)) {
      if (field === 1 && value instanceof Uint8Array) tag = Buffer.from(value).toString('utf8');
      else if (field === 2 && value instanceof DataView && value.byteLength === 4) scalar = value.getFloat32(0, true);
      else if (field === 8 && value instanceof Uint8Array) scalar ??= tensorScalar(value);
    }
    if (tag !== '' && tag.length <= 1_000 && scalar !== null) event.values.push([tag, scalar]);
  }
}

/** `DT_FLOAT` (1) and `DT_DOUBLE` (2) of one element. */
function tensorScalar(tensor: Uint8Array): number | null {
  let type = 0n;
  let content: Uint8Array | null = null;
  for (const { number, value } of fields(tensor)) {
    if (number === 1 && typeof value === 'bigint') type = value;
    else if (value instanceof DataView) content ??= bytesOf(value);
    else if ([4, 5, 6].includes(number) && value instanceof Uint8Array) content = value;
  }
  if (content === null) return null;
  const view = new DataView(content.buffer, content.byteOffset, content.byteLength);
  if (type === 1n && content.length === 4) return view.getFloat32(0, true);
  return type === 2n && content.length === 8 ? view.getFloat64(0, true) : null;
}

const bytesOf = (view: DataView) => new Uint8Array(view.buffer, view.byteOffset, view.byteLength);

interface Field {
  number: number;
  /** A varint, a fixed number of 4 or 8 bytes, or bytes. */
  value: bigint | DataView | Uint8Array;
}

/** The fields of one message of protocol buffers. @throws RangeError where it is cut off or no such message */
function* fields(message: Uint8Array): Generator<Field> {
  const view = new DataView(message.buffer, message.byteOffset, message.byteLength);
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = view.getUint8(at++);
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
    throw new RangeError('a number of more than 10 bytes');
  };
  const take = (length: number): Uint8Array => {
    if (at + length > message.length) throw new RangeError('cut off');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = varint();
    const number = Number(key >> 3n);
    const wire = Number(key & 7n);
    if (wire === 0) yield { number, value: varint() };
    else if (wire === 2) yield { number, value: take(Number(varint())) };
    else if (wire === 1 || wire === 5) {
      const part = take(wire === 1 ? 8 : 4);
      yield { number, value: new DataView(part.buffer, part.byteOffset, part.length) };
    } else throw new RangeError('no such type of field');
  }
}
