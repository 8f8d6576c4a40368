/** What looking back costs: importing 1,000 directories of old trainings, and searching 10,000 runs. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { command, spoor } from './commands.ts';
import type { Benchmark } from './harness.ts';
import { journals } from './journals.ts';

const fixture = join(import.meta.dirname, '../test/fixtures/kohya/A-good-lora-pty');

const benchmark: Benchmark = async (directory) => {
  const trainings = join(directory, 'trainings');
  layOut(trainings, 1_000);
  const home = join(directory, 'home');
  const runs = join(directory, 'runs');
  await journals(runs, 10_000);
  command(spoor('search', 'number'), { env: { SPOOR_HOME: runs } });
  return [
    {
      name: 'import of 1,000 directories',
      peerName: 'cp -r of them, durable',
      goal: null,
      turns: 3,
      ours: {
        prepare: () => rmSync(home, { recursive: true, force: true }),
        run: () => command(spoor('import', trainings), { env: { SPOOR_HOME: home } }),
      },
      peer: {
        prepare: () => rmSync(join(directory, 'copy'), { recursive: true, force: true }),
        run: () =>
          void execFileSync('sh', ['-c', `cp -r "$0" "$1" && sync -f "$1"`, trainings, join(directory, 'copy')]),
      },
    },
    {
      name: 'search of 10,000 runs',
      peerName: 'grep -rl in their journals',
      goal: 1.5,
      turns: 7,
      ours: { run: () => command(spoor('search', '"try number 7777"'), { env: { SPOOR_HOME: runs } }) },
      peer: { run: () => void execFileSync('grep', ['-rl', 'try number 7777', join(runs, 'runs')]) },
    },
  ];
};
export default benchmark;

/** Each with two models, configuration, prompts and event files of a genuine run, of a session of its own. */
function layOut(trainings: string, count: number): void {
  const metadata = JSON.parse(readFileSync(join(fixture, 'metadata.json'), 'utf8')) as Record<string, string>;
  const [config, prompts] = ['config.toml', 'sample-prompts.txt'].map((name) => readFileSync(join(fixture, name)));
  for (let index = 0; index < count; index++) {
    const root = join(trainings, `kumo-v${index}`);
    mkdirSync(join(root, 'output'), { recursive: true });
    writeFileSync(join(root, 'config.toml'), config!);
    writeFileSync(join(root, 'sample-prompts.txt'), prompts!);
    const own = {
      ...metadata,
      ss_session_id: String(index),
      ss_training_started_at: String(1_700_000_000 + index * 3_600),
    };
    writeFileSync(join(root, 'output/kumo.safetensors'), model(own));
    writeFileSync(join(root, 'output/kumo-step00000008.safetensors'), model({ ...own, ss_steps: '8' }));
  }
}

function model(metadata: Record<string, string>): Buffer {
  const header = Buffer.from(
    JSON.stringify({ __metadata__: metadata, 'lora_up.weight': { dtype: 'U8', shape: [512], data_offsets: [0, 512] } }),
  );
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, Buffer.alloc(512)]);
}
