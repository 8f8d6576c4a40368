/**
 * Hashing one large model as the recorder does while it trains, all hashes in one pass, against
 * OpenSSL's own program for the same two.
 */
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { hashModel } from '../src/capture/files/hash-model.ts';
import { shell } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { bigFile } from './worlds.ts';

const benchmark: Benchmark = (directory) => {
  const path = join(directory, 'model.ckpt');
  bigFile(path, 1024);
  return [
    {
      name: 'SHA-256 and SHA-1 of 1 GiB',
      peerName: 'openssl dgst -sha256; openssl dgst -sha1',
      goal: 1.1,
      turns: 5,
      ours: {
        run: async () => {
          const file = await open(path);
          await hashModel(file, path).finally(() => file.close());
        },
      },
      peer: { run: () => shell('openssl dgst -sha256 "$1" && openssl dgst -sha1 "$1"', [path]) },
    },
  ];
};
export default benchmark;
