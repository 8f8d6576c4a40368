/**
 * Event files: read whole, against the bare reading and checking of the same bytes and against the 120 MiB/s that
 * TensorBoard's server in Rust is told to do on one core (tensorboard/data/server/README.md). In time of the processor.
 */
import { closeSync, openSync, readSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32c } from '@node-rs/crc32';
import { EventFileReader } from '../src/formats/tfevents/event-file.ts';
import { event, fileVersion, scalarValue } from '../src/formats/tfevents/testing/write-events.ts';
import { type Benchmark, processorTime } from './harness.ts';

const tags = ['loss/current', 'loss/average', 'lr/unet', 'lr/textencoder', 'max_norm/keys_scaled'];
const steps = 20_000;
const copies = 24;
const mebibyte = 2 ** 20;

const benchmark: Benchmark = (directory) => {
  const path = join(directory, 'events.out.tfevents.1795467255.bench.1.0');
  const points = Buffer.concat(
    Array.from({ length: steps }, (_, step) =>
      tags.map((tag) => event(1_795_467_255 + step, step, scalarValue(tag, step))),
    ).flat(),
  );
  writeFileSync(path, Buffer.concat([fileVersion(1_795_467_255), ...Array.from({ length: copies }, () => points)]));
  const size = copies * points.length;
  const events = copies * steps * tags.length;
  const name = `${(size / mebibyte).toFixed(0)} MiB of ${(events / 1e6).toFixed(1)} M scalars`;
  const ours = {
    run: () =>
      processorTime(() => {
        let found = 0;
        const reader = new EventFileReader({ scalar: () => found++ });
        eachChunk(path, (chunk) => reader.push(chunk));
        if (found !== events) throw new Error(`${found} of ${events} scalars were read`);
      }),
  };
  const checked = () =>
    processorTime(() => {
      let crc = 0;
      eachChunk(path, (chunk) => {
        crc = crc32c(chunk, crc);
      });
    });
  return [
    { name, peerName: 'read, CRC-32C of the bytes', goal: null, turns: 5, ours, peer: { run: checked } },
    {
      name,
      peerName: '120 MiB/s',
      goal: 1,
      turns: 5,
      ours,
      peer: { run: () => (size / mebibyte / 120) * 1_000 },
    },
  ];
};
export default benchmark;

function eachChunk(path: string, take: (chunk: Buffer) => void): void {
  const file = openSync(path, 'r');
  const buffer = Buffer.alloc(256 << 10);
  for (;;) {
    const read = readSync(file, buffer);
    if (read === 0) break;
    take(buffer.subarray(0, read));
  }
  closeSync(file);
}
