/** Readers for what the bundled trainer wrote, apart from its own code where that is what is tested. */
import { inflateSync } from 'node:zlib';
import { expect } from 'vitest';
import { maskedCrc32c } from '../../demo/library/event-file.mjs';

/** The payloads of a TFRecord file, with both checksums of each compared. */
export function recordsOf(file: Buffer): Buffer[] {
  const payloads = [];
  for (let at = 0; at < file.length; ) {
    const length = Number(file.readBigUInt64LE(at));
    expect(file.readUInt32LE(at + 8)).toBe(maskedCrc32c(file.subarray(at, at + 8)));
    const payload = file.subarray(at + 12, at + 12 + length);
    expect(file.readUInt32LE(at + 12 + length)).toBe(maskedCrc32c(payload));
    payloads.push(payload);
    at += length + 16;
  }
  return payloads;
}

/** Points by tag, `[step, value]`, of an event file whose steps are below 128. */
export function scalarsOf(file: Buffer): Record<string, [number, number][]> {
  const series: Record<string, [number, number][]> = {};
  for (const payload of recordsOf(file).slice(1)) {
    const tag = /[a-z]+\/[a-z_]+/.exec(payload.toString('latin1'))?.[0] ?? '';
    series[tag] ??= [];
    series[tag].push([payload[10] ?? -1, payload.readFloatLE(payload.length - 4)]);
  }
  return series;
}

/** Width, height and the inflated rows of a PNG written in one piece. */
export function pngOf(file: Buffer): { width: number; height: number; bytes: number } {
  expect(file.subarray(0, 8)).toEqual(Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'));
  expect(file.toString('latin1', 37, 41)).toBe('IDAT');
  const data = file.subarray(41, 41 + file.readUInt32BE(33));
  return { width: file.readUInt32BE(16), height: file.readUInt32BE(20), bytes: inflateSync(data).length };
}

/** Metadata, tensor names and shapes, and the tensor section of a safetensors file. */
export function safetensorsOf(file: Buffer) {
  const length = Number(file.readBigUInt64LE());
  const header: Record<string, { shape: number[] }> = JSON.parse(file.toString('utf8', 8, 8 + length));
  const { __metadata__: metadata, ...tensors } = header;
  return {
    metadata: metadata as unknown as Record<string, string>,
    shapes: Object.fromEntries(Object.entries(tensors).map(([name, { shape }]) => [name, shape])),
    data: file.subarray(8 + length),
  };
}
