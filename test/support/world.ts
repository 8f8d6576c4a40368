/**
 * A small world to train in: a git repository with a trainer that speaks sd-scripts' grammar, a
 * dataset, a configuration, and a home for Spoor. Everything in a temporary directory.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { trainerSource } from './trainer.ts';

export interface World {
  root: string;
  spoorHome: string;
  trainer: string;
  dataset: string;
  output: string;
  config: string;
  prompts: string;
  /** Environment for every process of the test: hermetic git, own HOME. */
  env: Record<string, string>;
  git(directory: string, ...args: string[]): string;
  write(path: string, content: string | Uint8Array): string;
  remove(): void;
}

export function makeWorld(): World {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'spoor-test-')));
  const at = (...parts: string[]) => join(root, ...parts);
  const env: Record<string, string> = {
    PATH: process.env.PATH ?? '/usr/bin:/bin',
    HOME: at('user'),
    SPOOR_HOME: at('home'),
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_AUTHOR_NAME: 'A',
    GIT_AUTHOR_EMAIL: 'a@example.org',
    GIT_COMMITTER_NAME: 'A',
    GIT_COMMITTER_EMAIL: 'a@example.org',
  };
  const world: World = {
    root,
    spoorHome: at('home'),
    trainer: at('sd-scripts'),
    dataset: at('datasets/wolf'),
    output: at('output/wolf-v1'),
    config: at('datasets/wolf/config.toml'),
    prompts: at('datasets/wolf/sample-prompts.txt'),
    env,
    git: (directory, ...args) => execFileSync('git', args, { cwd: directory, env, encoding: 'utf8' }),
    write: (path, content) => {
      mkdirSync(join(path, '..'), { recursive: true });
      writeFileSync(path, content);
      return path;
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  mkdirSync(env.HOME ?? root);
  fill(world);
  return world;
}

function fill(world: World): void {
  world.write(join(world.trainer, 'train_network.py'), trainerSource);
  world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 1\n');
  world.git(world.trainer, 'init', '-q', '-b', 'main');
  world.git(world.trainer, 'add', '.');
  world.git(world.trainer, 'commit', '-q', '-m', 'trainer');
  for (const name of ['one', 'two', 'three']) {
    world.write(join(world.dataset, `2_grey wolf/${name}.png`), png(name));
    world.write(join(world.dataset, `2_grey wolf/${name}.txt`), `grey wolf, ${name}, outdoors`);
  }
  const base = world.write(join(world.root, 'models/base.safetensors'), safetensors(4096));
  world.write(world.prompts, 'a grey wolf --w 64 --h 64 --d 42\n');
  world.write(
    world.config,
    `[model]
pretrained_model_name_or_path = "${base}"

[dataset]
train_data_dir = "${world.dataset}"
caption_extension = ".txt"

[training]
output_dir = "${world.output}"
output_name = "wolf"
max_train_steps = 6
learning_rate = 1e-4
unet_lr = 1e-4
network_module = "networks.lora"
network_dim = 4
seed = 7
save_every_n_steps = 3
sample_every_n_steps = 3
sample_prompts = "${world.prompts}"
`,
  );
}

/** A valid one-pixel PNG whose colour depends on the text. */
export function png(text: string): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
    const out = Buffer.alloc(body.length + 8);
    out.writeUInt32BE(data.length, 0);
    body.copy(out, 4);
    out.writeUInt32BE(crc32(body), body.length + 4);
    return out;
  };
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0]);
  const colour = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 16777216, 7);
  const pixels = deflateSync(Buffer.from([0, colour >> 16, (colour >> 8) & 255, colour & 255]));
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', pixels), chunk('IEND', Buffer.alloc(0))]);
}

function crc32(data: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of data) {
    crc ^= byte;
    for (let i = 0; i < 8; i++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}

/** A safetensors file with one tensor of so many bytes. */
export function safetensors(bytes: number, metadata: Record<string, string> = {}): Buffer {
  const header = Buffer.from(
    JSON.stringify({ __metadata__: metadata, weight: { dtype: 'U8', shape: [bytes], data_offsets: [0, bytes] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(bytes, 7)]);
}
