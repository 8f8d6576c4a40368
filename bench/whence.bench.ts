/**
 * Leading 1,000 files back to their runs in a home of 10,000 runs, by headers alone, against a program that reads
 * the same headers and nothing else; and the hashes of one file against OpenSSL's.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, shell, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { journals } from './journals.ts';
import { bigFile } from './worlds.ts';

const files = 1000;

const benchmark: Benchmark = async (directory) => {
  const home = join(directory, 'home');
  const loras = join(directory, 'loras');
  const model = join(directory, 'model.ckpt');
  const env = { SPOOR_HOME: home };
  await journals(home, 10_000);
  command(spoor('reindex'), { env });
  makeLoras(loras);
  bigFile(model, 1024);
  return [
    {
      name: `whence --headers of ${files} files, 10,000 runs`,
      peerName: 'node, and reading and parsing the same headers',
      goal: 4,
      turns: 5,
      ours: { run: () => command(spoor('whence', '--headers', '--json', loras), { env }) },
      peer: { run: () => command([process.execPath, '-e', readHeaders, loras]) },
    },
    {
      name: 'inspect --hashes of 1 GiB',
      peerName: 'openssl dgst -sha256',
      goal: 1.1,
      turns: 3,
      ours: { run: () => command(spoor('inspect', '--hashes', model), { env }) },
      peer: { run: () => shell('openssl dgst -sha256 "$1"', [model]) },
    },
  ];
};
export default benchmark;

const readHeaders = `
const { closeSync, openSync, readdirSync, readSync } = require('node:fs');
for (const name of readdirSync(process.argv[1])) {
  const file = openSync(process.argv[1] + '/' + name, 'r');
  const length = Buffer.alloc(8);
  readSync(file, length, 0, 8, 0);
  const header = Buffer.alloc(Number(length.readBigUInt64LE(0)));
  readSync(file, header, 0, header.length, 8);
  JSON.parse(header.toString());
  closeSync(file);
}`;

/** With as many tensors as a LoRA of SD 1.5 has, and metadata; names of which a half is known. */
function makeLoras(directory: string): void {
  mkdirSync(directory);
  const metadata = Object.fromEntries(Array.from({ length: 90 }, (_, index) => [`ss_option_${index}`, `${index / 7}`]));
  for (let index = 0; index < files; index++) {
    const claimed = (index * 80).toString(16).padStart(64, '0');
    const header: Record<string, unknown> = {
      __metadata__: {
        ...metadata,
        ss_session_id: String(index),
        sshs_model_hash: index % 2 === 0 ? claimed : 'f'.repeat(64),
      },
    };
    for (let at = 0; at < 792; at++) {
      header[`lora_unet_down_blocks_${at}_attentions_0_proj_in.lora_down.weight`] = {
        dtype: 'F16',
        shape: [2],
        data_offsets: [at * 4, at * 4 + 4],
      };
    }
    const json = Buffer.from(JSON.stringify(header));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(json.length));
    writeFileSync(join(directory, `${index}.safetensors`), Buffer.concat([length, json, Buffer.alloc(792 * 4)]));
  }
}
