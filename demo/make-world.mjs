/**
 * A small world to record in: a trainer in a git repository, a dataset, a base model, a configuration and
 * sample prompts; and the changes that somebody makes between two trainings.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { devNull } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { pictureSize } from './library/low-rank.mjs';
import { encodePng } from './library/png.mjs';
import { Random } from './library/random.mjs';
import { encodeSafetensors } from './library/safetensors.mjs';
import { paint, scenes } from './pictures.mjs';

/**
 * A training to start.
 * @typedef {object} DemoRun
 * @property {string} name of the run, `{model}-{dataset}-v{version}s{steps}`
 * @property {string[]} command
 * @property {string} cwd
 * @property {string} outputDir
 */

const captionValues = 48;
const subset = join('datasets', 'wolf', '2_grey wolf');

/**
 * Writes the world and returns its first training.
 * @param {string} directory absolute; made if it is not there
 * @returns {DemoRun}
 */
export function makeDemoWorld(directory) {
  makeTrainer(join(directory, 'trainer'));
  mkdirSync(join(directory, subset), { recursive: true });
  scenes.forEach((scene, index) => {
    const path = join(directory, subset, `wolf_${String(index + 1).padStart(2, '0')}`);
    writeFileSync(`${path}.png`, encodePng(paint(scene, 96)));
    writeFileSync(`${path}.txt`, `${scene.caption}\n`);
  });
  writeFileSync(join(directory, 'base.safetensors'), baseModel());
  writeFileSync(
    join(directory, 'sample-prompts.txt'),
    [
      '# Drawn every 20 steps',
      'grey wolf, howling, full moon, night sky --n blurry --w 128 --h 128 --d 42 --l 7 --s 20',
      'grey wolf, howling, sunset, orange sky, warm light --w 128 --h 128 --d 43 --s 20',
      '',
    ].join('\n'),
  );
  const name = 'noob-grey_wolf-v1s60';
  writeFileSync(join(directory, 'config.toml'), configuration(directory, name));
  return runOf(directory, name);
}

/**
 * What changed after the first training disappointed: a higher learning rate, a version of its own, two
 * better captions, one more sample prompt, and a hack in the trainer that nobody committed.
 * @param {string} directory where `makeDemoWorld` wrote
 * @returns {DemoRun} the second training
 */
export function changeDemoWorld(directory) {
  const name = 'noob-grey_wolf-v2s60';
  edit(join(directory, 'config.toml'), (text) =>
    text.replaceAll('noob-grey_wolf-v1s60', name).replaceAll('= 0.0001', '= 0.0004'),
  );
  edit(join(directory, subset, 'wolf_01.txt'), (text) => text.replace('blue light', 'stars, dark blue sky'));
  edit(join(directory, subset, 'wolf_05.txt'), (text) => text.replace('northern lights', 'aurora borealis'));
  edit(
    join(directory, 'sample-prompts.txt'),
    (text) => `${text}grey wolf, howling, snow, winter, pale sky --w 128 --h 128 --d 44 --s 20\n`,
  );
  edit(join(directory, 'trainer', 'library', 'low-rank.mjs'), (text) => text.replace('gain = 128;', 'gain = 160;'));
  return runOf(directory, name);
}

/**
 * @param {string} directory
 * @param {string} name
 * @returns {DemoRun}
 */
function runOf(directory, name) {
  return {
    name,
    command: [process.execPath, 'train_network.mjs', '--config_file', join(directory, 'config.toml')],
    cwd: join(directory, 'trainer'),
    outputDir: join(directory, 'output', name),
  };
}

/**
 * @param {string} path
 * @param {(text: string) => string} change must change something
 */
function edit(path, change) {
  const before = readFileSync(path, 'utf8');
  const after = change(before);
  if (after === before) throw new Error(`${path} holds nothing to change`);
  writeFileSync(path, after);
}

/** @param {string} directory */
function makeTrainer(directory) {
  const here = dirname(fileURLToPath(import.meta.url));
  mkdirSync(directory, { recursive: true });
  cpSync(join(here, 'train_network.mjs'), join(directory, 'train_network.mjs'));
  cpSync(join(here, 'library'), join(directory, 'library'), { recursive: true });
  git(directory, 'init', '--quiet', '--initial-branch=main');
  git(directory, 'add', '--all');
  git(directory, 'commit', '--quiet', '--message=A trainer in miniature');
}

/**
 * Runs git without the user's configuration.
 * @param {string} directory
 * @param {...string} args
 */
function git(directory, ...args) {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_'));
  const result = spawnSync('git', args, {
    cwd: directory,
    encoding: 'utf8',
    env: {
      ...Object.fromEntries(inherited),
      GIT_CONFIG_GLOBAL: devNull,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Spoor demo',
      GIT_AUTHOR_EMAIL: 'demo@spoor.invalid',
      GIT_COMMITTER_NAME: 'Spoor demo',
      GIT_COMMITTER_EMAIL: 'demo@spoor.invalid',
    },
  });
  if (result.status !== 0) throw new Error(`git ${args.join(' ')} failed: ${result.error?.message ?? result.stderr}`);
}

/** A base that paints noise: random weights. */
function baseModel() {
  const values = new Random(1).normals(pictureSize * captionValues, 0.4 / Math.sqrt(captionValues));
  return encodeSafetensors([{ name: 'conv_out.weight', shape: [pictureSize, captionValues], values }], {}, 'F16');
}

/**
 * @param {string} directory
 * @param {string} name
 */
function configuration(directory, name) {
  const path = (/** @type {string[]} */ ...parts) => JSON.stringify(join(directory, ...parts));
  return `[model]
pretrained_model_name_or_path = ${path('base.safetensors')}

[dataset]
train_data_dir = ${path('datasets', 'wolf')}
resolution = "64,64"
caption_extension = ".txt"
shuffle_caption = true
keep_tokens = 1

[network]
network_module = "networks.lora"
network_dim = 8
network_alpha = 4.0
network_train_unet_only = true

[training]
output_dir = ${path('output', name)}
output_name = "${name}"
train_batch_size = 4
max_train_steps = 60
learning_rate = 0.0001
unet_lr = 0.0001
optimizer_type = "AdamW"
lr_scheduler = "cosine"
lr_warmup_steps = 5
seed = 42
save_precision = "fp16"
save_every_n_steps = 20
demo_delay = 10 # milliseconds a step, so that it can be watched

[sample]
sample_every_n_steps = 20
sample_prompts = ${path('sample-prompts.txt')}
sample_sampler = "euler_a"

[log]
log_with = "tensorboard"
logging_dir = ${path('logs')}
log_prefix = "${name}-"
`;
}
