/**
 * TensorBoard event files: records of length, masked CRC-32C of the length, an Event message in protocol
 * buffers, and its masked CRC-32C.
 */
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';

const crcTable = Uint32Array.from({ length: 256 }, (_, index) => {
  let crc = index;
  for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  return crc;
});

/**
 * CRC-32C (Castagnoli), rotated and offset as TFRecord does.
 * @param {Uint8Array} data
 */
export function maskedCrc32c(data) {
  let crc = 0xffffffff;
  for (const byte of data) crc = (crcTable[(crc ^ byte) & 0xff] ?? 0) ^ (crc >>> 8);
  crc = ~crc >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}

export class EventFile {
  /** @param {string} directory made if it is not there; a new file named by time, host and process is opened in it */
  constructor(directory) {
    mkdirSync(directory, { recursive: true });
    const seconds = Math.floor(Date.now() / 1000);
    this.path = join(directory, `events.out.tfevents.${seconds}.${hostname()}.${process.pid}.0`);
    this.file = openSync(this.path, 'a');
    const writer = bytesField(1, Buffer.from('tensorboard.summary.writer.event_file_writer'));
    this.#write(Buffer.concat([bytesField(3, Buffer.from('brain.Event:2')), bytesField(10, writer)]));
  }

  /**
   * @param {string} tag
   * @param {number} value kept as a 32-bit float
   * @param {number} step
   */
  scalar(tag, value, step) {
    const point = Buffer.concat([bytesField(1, Buffer.from(tag)), floatField(2, value)]);
    const summary = bytesField(5, bytesField(1, point));
    this.#write(Buffer.concat([Buffer.from([0x10]), varint(step), summary]));
  }

  close() {
    closeSync(this.file);
  }

  /** @param {Buffer} fields of the event, after its time */
  #write(fields) {
    const time = Buffer.alloc(9, 0x09);
    time.writeDoubleLE(Date.now() / 1000, 1);
    const event = Buffer.concat([time, fields]);
    const record = Buffer.alloc(event.length + 16);
    record.writeBigUInt64LE(BigInt(event.length));
    record.writeUInt32LE(maskedCrc32c(record.subarray(0, 8)), 8);
    record.set(event, 12);
    record.writeUInt32LE(maskedCrc32c(event), 12 + event.length);
    writeSync(this.file, record);
  }
}

/** @param {number} value */
function varint(value) {
  const bytes = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) | 128);
  return Buffer.from([...bytes, rest]);
}

/**
 * @param {number} number
 * @param {Uint8Array} body
 */
function bytesField(number, body) {
  return Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
}

/**
 * @param {number} number
 * @param {number} value
 */
function floatField(number, value) {
  const field = Buffer.alloc(5, number * 8 + 5);
  field.writeFloatLE(value, 1);
  return field;
}
