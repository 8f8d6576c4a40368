/** Hashing one large file, as the recorder does while it trains, against OpenSSL's own program. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { command } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { bigFile } from './worlds.ts';

const benchmark: Benchmark = (directory) => {
  const path = join(directory, 'model.safetensors');
  bigFile(path, 1024);
  return [
    {
      name: 'SHA-256 of 1 GiB',
      peerName: 'openssl dgst -sha256',
      goal: 1.1,
      turns: 5,
      ours: { run: () => pipeline(createReadStream(path, { highWaterMark: 2 ** 20 }), createHash('sha256')) },
      peer: { run: () => command(['openssl', 'dgst', '-sha256', path]) },
    },
  ];
};
export default benchmark;
