import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodePng } from '../../demo/library/png.mjs';
import { changeDemoWorld, makeDemoWorld } from '../../demo/make-world.mjs';
import { pngOf, safetensorsOf, scalarsOf } from './read-back.ts';

interface Ended {
  status: number | null;
  signal: NodeJS.Signals | null;
  stdout: string;
  stderr: string;
}

/** Runs the world's trainer with its configuration and more arguments. */
async function train(
  world: string,
  args: string[] = [],
  onStderr?: (text: string, pid: number) => void,
): Promise<Ended> {
  const child = spawn(
    process.execPath,
    ['train_network.mjs', '--config_file', join(world, 'config.toml'), '--demo_delay', '0', ...args],
    {
      cwd: join(world, 'trainer'),
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...process.env, TQDM_NCOLS: '', COLUMNS: '' },
    },
  );
  let seen = '';
  child.stderr.on('data', (chunk) => {
    seen += chunk;
    onStderr?.(seen, child.pid ?? 0);
  });
  const ended = new Promise<[number | null, NodeJS.Signals | null]>((resolve) =>
    child.on('close', (status, signal) => resolve([status, signal])),
  );
  const stdout = await text(child.stdout);
  const [status, signal] = await ended;
  return { status, signal, stdout, stderr: seen };
}

const made: string[] = [];
function newWorld(): string {
  const world = mkdtempSync(join(tmpdir(), 'spoor-demo-'));
  made.push(world);
  makeDemoWorld(world);
  return world;
}
afterAll(() => {
  for (const world of made) rmSync(world, { recursive: true, force: true });
});

const averageLoss = ({ stderr }: Ended) => Number(/.*avr_loss=([\d.e-]+)\]/s.exec(stderr)?.[1]);
const finalTensors = (directory: string, name: string) =>
  safetensorsOf(readFileSync(join(directory, `${name}.safetensors`))).data;

describe('a training of the bundled trainer', () => {
  let world: string;
  const run = { name: 'noob-grey_wolf-v1s60', outputDir: '' };
  let ended: Ended;
  beforeAll(async () => {
    world = newWorld();
    run.outputDir = join(world, 'output', run.name);
    ended = await train(world);
  });
  const events = () => {
    const [path = ''] = globSync(join(world, 'logs', `${run.name}-*`, 'network_train', 'events.out.tfevents.*'));
    return scalarsOf(readFileSync(path));
  };

  it('ends well and says on stdout what sd-scripts says', () => {
    expect(ended).toMatchObject({ status: 0, signal: null });
    expect(ended.stdout).toContain(
      [
        'running training / 学習開始',
        '  num train images * repeats / 学習画像の数×繰り返し回数: 16',
        '  num reg images / 正則化画像の数: 0',
        '  num batches per epoch / 1epochのバッチ数: 4',
        '  num epochs / epoch数: 15',
        '  batch size per device / バッチサイズ: 4',
        '  gradient accumulation steps / 勾配を合計するステップ数 = 1',
        '  total optimization steps / 学習ステップ数: 60',
        '',
        'epoch 1/15',
        '',
      ].join('\n'),
    );
    expect(ended.stdout.match(/^saving checkpoint: .*$/gm)).toEqual(
      ['-step00000020', '-step00000040', '-step00000060', ''].map(
        (suffix) => `saving checkpoint: ${join(run.outputDir, `${run.name}${suffix}.safetensors`)}`,
      ),
    );
  });

  it('draws the bar of tqdm on stderr for every step, and log lines as rich lays them out', () => {
    const bars = ended.stderr
      .split(/[\r\n]/)
      .map((line) =>
        /^(steps):\s+(\d+)%\|(.{10})\| (\d+)\/60 \[[\d:]+<[\d:?]+,\s*[\d.?]+(?:it\/s|s\/it)(?:, avr_loss=[\d.e-]+)?\]/.exec(
          line,
        ),
      )
      .filter((match) => match !== null);
    expect(bars.map(([, , percent, , step]) => `${percent} ${step}`).slice(0, 3)).toEqual(['0 0', '2 1', '3 2']);
    expect(new Set(bars.map((match) => match[4])).size).toBe(61);
    expect(bars.at(-1)?.[3]).toBe('██████████');
    expect(ended.stderr).toMatch(
      /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d INFO {5}Loading settings from +train_network\.mjs:\d+$/m,
    );
    expect(ended.stderr).toMatch(
      /generating sample images at step \/ +sampling\.mjs:\d+\n +サンプル画像生成 ステップ: 20/,
    );
    expect(ended.stderr).toMatch(/INFO +model saved\. +training\.mjs:\d+\n\rsteps: 100%/);
  });

  it('learns: the loss falls to less than half', () => {
    const losses = (events()['loss/current'] ?? []).map(([, loss]) => loss);
    expect(losses).toHaveLength(60);
    const mean = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(mean(losses.slice(-4))).toBeLessThan(0.5 * mean(losses.slice(0, 4)));
  });

  it('writes the tags of sd-scripts: losses and rate by step, the epoch average by epoch', () => {
    const series = events();
    expect(Object.keys(series).sort()).toEqual(['loss/average', 'loss/current', 'loss/epoch_average', 'lr/unet']);
    expect(series['loss/epoch_average']?.map(([epoch]) => epoch)).toEqual(Array.from({ length: 15 }, (_, i) => i + 1));
    const rates = (series['lr/unet'] ?? []).map(([, rate]) => rate);
    expect(rates[0]).toBe(0);
    expect(rates[5]).toBeCloseTo(1e-4, 9);
    expect(rates[59]).toBeLessThan(1e-6);
    expect(series['loss/average']?.at(-1)?.[1]).toBeCloseTo(averageLoss(ended), 3);
  });

  it('writes checkpoints with the metadata of sd-scripts as Python text', () => {
    const { metadata, shapes, data } = safetensorsOf(
      readFileSync(join(run.outputDir, `${run.name}-step00000020.safetensors`)),
    );
    expect(shapes).toEqual({
      'lora_unet_conv_out.alpha': [],
      'lora_unet_conv_out.lora_down.weight': [8, 48],
      'lora_unet_conv_out.lora_up.weight': [12288, 8],
    });
    const base = readFileSync(join(world, 'base.safetensors'));
    expect(metadata).toMatchObject({
      ss_steps: '20',
      ss_epoch: '4',
      ss_num_epochs: '15',
      ss_max_train_steps: '60',
      ss_learning_rate: '0.0001',
      ss_text_encoder_lr: 'None',
      ss_network_dim: '8',
      ss_network_alpha: '4.0',
      ss_network_module: 'networks.lora',
      ss_optimizer: 'torch.optim.adamw.AdamW',
      ss_resolution: '(64, 64)',
      ss_shuffle_caption: 'True',
      ss_seed: '42',
      ss_output_name: run.name,
      ss_dataset_dirs: '{"2_grey wolf": {"n_repeats": 2, "img_count": 8}}',
      ss_sd_model_name: 'base.safetensors',
      ss_new_sd_model_hash: createHash('sha256').update(base).digest('hex'),
      ss_sd_model_hash: createHash('sha256').update(base.subarray(0x100000, 0x110000)).digest('hex').slice(0, 8),
      sshs_model_hash: createHash('sha256').update(data).digest('hex'),
      'modelspec.architecture': 'stable-diffusion-v1/lora',
      'modelspec.resolution': '64x64',
    });
    expect(metadata.ss_session_id).toMatch(/^\d+$/);
    expect(metadata.ss_training_started_at).toMatch(/^\d{10}\.\d+$/);
    expect(metadata.ss_sd_scripts_commit_hash).toMatch(/^[0-9a-f]{40}$/);
    expect(JSON.parse(metadata.ss_tag_frequency ?? '')).toMatchObject({
      '2_grey wolf': { 'grey wolf': 8, howling: 8 },
    });
    const last = safetensorsOf(readFileSync(join(run.outputDir, `${run.name}.safetensors`))).metadata;
    expect(last).toMatchObject({ ss_steps: '60', ss_epoch: '15', ss_session_id: metadata.ss_session_id });
  });

  it('draws a sample for each prompt, named by step, prompt, time and seed', () => {
    const names = readdirSync(join(run.outputDir, 'sample')).sort();
    expect(names.map((name) => name.replace(/_\d{14}_/, '_TIME_'))).toEqual(
      [20, 40, 60].flatMap((step) =>
        [42, 43].map((seed, index) => `${run.name}_0000${step}_0${index}_TIME_${seed}.png`),
      ),
    );
    for (const name of names) {
      expect(pngOf(readFileSync(join(run.outputDir, 'sample', name)))).toEqual({
        width: 128,
        height: 128,
        bytes: 128 * (1 + 128 * 3),
      });
    }
  });

  it('comes nearer to the picture from sample to sample', () => {
    const night = decodePng(readFileSync(join(world, 'datasets', 'wolf', '2_grey wolf', 'wolf_01.png')));
    const distances = globSync(join(run.outputDir, 'sample', '*_42.png'))
      .sort()
      .map((path) => {
        const { rgb, width, height } = decodePng(readFileSync(path));
        let sum = 0;
        for (let y = 0; y < height; y++) {
          for (let x = 0; x < width; x++) {
            const at =
              (Math.floor((y * night.height) / height) * night.width + Math.floor((x * night.width) / width)) * 3;
            for (let c = 0; c < 3; c++) sum += Math.abs((rgb[(y * width + x) * 3 + c] ?? 0) - (night.rgb[at + c] ?? 0));
          }
        }
        return sum / rgb.length;
      });
    expect(distances).toHaveLength(3);
    expect(distances[2]).toBeLessThan(0.75 * (distances[0] ?? 0));
  });

  it('gives the same tensors for the same inputs, and others for another seed', async () => {
    const again = join(world, 'again');
    const other = join(world, 'other');
    await train(world, ['--output_dir', again, '--output_name', 'again']);
    await train(world, ['--output_dir', other, '--output_name', 'other', '--seed', '43']);
    expect(finalTensors(again, 'again').equals(finalTensors(run.outputDir, run.name))).toBe(true);
    expect(finalTensors(other, 'other').equals(finalTensors(run.outputDir, run.name))).toBe(false);
  });

  it('gives others for another caption alone', async () => {
    const changed = join(world, 'changed');
    const caption = join(world, 'datasets', 'wolf', '2_grey wolf', 'wolf_03.txt');
    const before = readFileSync(caption);
    writeFileSync(caption, 'grey wolf, howling, first light\n');
    await train(world, ['--output_dir', changed, '--output_name', 'changed']);
    writeFileSync(caption, before);
    expect(finalTensors(changed, 'changed').equals(finalTensors(run.outputDir, run.name))).toBe(false);
  });
});

describe('the second training of the demo', () => {
  it('is better than the first, from the changes made between them', async () => {
    const world = newWorld();
    const first = await train(world);
    const run = changeDemoWorld(world);
    expect(run).toEqual({
      name: 'noob-grey_wolf-v2s60',
      command: [process.execPath, 'train_network.mjs', '--config_file', join(world, 'config.toml')],
      cwd: join(world, 'trainer'),
      outputDir: join(world, 'output', 'noob-grey_wolf-v2s60'),
    });
    const second = await train(world);
    expect(averageLoss(second)).toBeLessThan(0.6 * averageLoss(first));
    expect(readdirSync(join(run.outputDir, 'sample'))).toHaveLength(9);
    const { metadata } = safetensorsOf(readFileSync(join(run.outputDir, `${run.name}.safetensors`)));
    expect(metadata).toMatchObject({ ss_learning_rate: '0.0004', ss_unet_lr: '0.0004' });
  });

  it('cannot be prepared twice', () => {
    const world = newWorld();
    changeDemoWorld(world);
    expect(() => changeDemoWorld(world)).toThrow(/holds nothing to change/);
  });
});

describe('the world of the demo', () => {
  it('is the same wherever it is made, and its trainer is committed without the user’s configuration', () => {
    const [a, b] = [newWorld(), newWorld()];
    for (const path of globSync('**/*', { cwd: a, withFileTypes: true })) {
      if (!path.isFile() || path.parentPath.includes('.git')) continue;
      const file = join(path.parentPath, path.name);
      const text = readFileSync(file, 'latin1').replaceAll(a, b);
      expect(readFileSync(file.replace(a, b), 'latin1') === text, file).toBe(true);
    }
    expect(readFileSync(join(a, 'trainer', '.git', 'HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
    expect(existsSync(join(a, 'trainer', '.git', 'refs', 'heads', 'main'))).toBe(true);
  });
});

describe('a training that goes wrong', () => {
  let world: string;
  beforeAll(() => {
    world = newWorld();
  });

  it('names an unknown option as argparse does, with status 2', async () => {
    const { status, stderr } = await train(world, ['--learning_rats', '1']);
    expect(status).toBe(2);
    expect(stderr).toMatch(/^usage: train_network\.mjs \[-h\]/);
    expect(stderr).toMatch(/\ntrain_network\.mjs: error: unrecognized arguments: --learning_rats 1\n$/);
  });

  it('ends with a traceback and status 1 when the base model is missing', async () => {
    const { status, stderr } = await train(world, ['--pretrained_model_name_or_path', '/nowhere/base.safetensors']);
    expect(status).toBe(1);
    expect(stderr).toMatch(
      /\nTraceback \(most recent call last\):\n {2}File ".*train_network\.mjs", line \d+, in <module>\n/,
    );
    expect(stderr).toMatch(
      /\nValueError: The provided pretrained_model_name_or_path "\/nowhere\/base\.safetensors" is neither a valid local path nor a valid repo id\. Please check the parameter\.\n$/,
    );
  });

  it.each([
    ['--network_module', 'lycoris.kohya', "ModuleNotFoundError: No module named 'lycoris'"],
    ['--optimizer_type', 'Prodigy', "AttributeError: module 'torch.optim' has no attribute 'Prodigy'"],
    ['--lr_scheduler', 'wavy', "ValueError: 'wavy' is not a valid SchedulerType"],
    ['--demo_fault', 'oom', 'torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.'],
  ])('says so for %s %s', async (option, value, message) => {
    const { status, stderr } = await train(world, [option, value, '--max_train_steps', '4']);
    expect(status).toBe(1);
    expect(stderr).toContain(`\n${message}`);
  });

  it('ends with status 0 when there is no data, as sd-scripts does', async () => {
    const { status, stderr, stdout } = await train(world, [
      '--train_data_dir',
      join(world, 'datasets', 'wolf', '2_grey wolf'),
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain('No data found. Please verify');
    expect(stdout).not.toContain('running training');
  });

  it('names an image that it cannot read', async () => {
    const images = join(world, 'broken', '1_cat');
    mkdirSync(images, { recursive: true });
    writeFileSync(join(images, 'a.png'), 'nothing');
    const { status, stderr } = await train(world, ['--train_data_dir', join(world, 'broken')]);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `PIL.UnidentifiedImageError: cannot identify image file '${join(images, 'a.png')}': not a PNG file`,
    );
  });

  it('goes on with NaN to a status of 0', async () => {
    const output = join(world, 'nan');
    const { status, stderr } = await train(world, [
      '--demo_fault',
      'nan',
      '--output_dir',
      output,
      '--output_name',
      'nan',
    ]);
    expect(status).toBe(0);
    expect(stderr).toContain('avr_loss=nan]');
    const [black = ''] = globSync(join(output, 'sample', 'nan_000060_00_*.png'));
    expect(decodePng(readFileSync(black)).rgb.every((value) => value === 0)).toBe(true);
  });

  it('dies of SIGKILL half-way when told to, without a final checkpoint', async () => {
    const output = join(world, 'kill');
    const ended = await train(world, ['--demo_fault', 'kill', '--output_dir', output]);
    expect(ended).toMatchObject({ status: null, signal: 'SIGKILL' });
    expect(readdirSync(output).map((name) => basename(name))).toEqual([
      'noob-grey_wolf-v1s60-step00000020.safetensors',
      'sample',
    ]);
  });

  it('dies of SIGINT with the traceback of KeyboardInterrupt', async () => {
    let interrupted = false;
    const ended = await train(world, ['--demo_delay', '50', '--output_dir', join(world, 'int')], (seen, pid) => {
      if (interrupted || !seen.includes(' 3/60 ')) return;
      interrupted = true;
      process.kill(pid, 'SIGINT');
    });
    expect(ended).toMatchObject({ status: null, signal: 'SIGINT' });
    expect(ended.stderr).toMatch(/Traceback \(most recent call last\):\n.*\nKeyboardInterrupt\n\rsteps: +\d%/s);
  });
});

describe('saving and sampling by epoch', () => {
  it('uses the epoch’s names, never for the final epoch', async () => {
    const world = newWorld();
    const output = join(world, 'epochs');
    writeFileSync(
      join(world, 'config.toml'),
      readFileSync(join(world, 'config.toml'), 'utf8').replaceAll(
        /^(save_every_n_steps|sample_every_n_steps).*$/gm,
        '',
      ),
    );
    const { stdout } = await train(world, [
      ...['--output_dir', output, '--max_train_epochs', '2', '--save_every_n_epochs', '1', '--output_name', 'wolf'],
      ...['--sample_every_n_epochs', '2', '--sample_at_first', '--no_metadata'],
    ]);
    expect(stdout).toContain('total optimization steps / 学習ステップ数: 8\n');
    expect(readdirSync(output).sort()).toEqual(['sample', 'wolf-000001.safetensors', 'wolf.safetensors']);
    expect(
      readdirSync(join(output, 'sample'))
        .map((name) => name.replace(/_\d{14}_/, '_TIME_'))
        .sort(),
    ).toEqual([
      'wolf_e000000_00_TIME_42.png',
      'wolf_e000000_01_TIME_43.png',
      'wolf_e000002_00_TIME_42.png',
      'wolf_e000002_01_TIME_43.png',
    ]);
    const { metadata } = safetensorsOf(readFileSync(join(output, 'wolf-000001.safetensors')));
    expect(
      Object.keys(metadata)
        .filter((key) => key.startsWith('ss_'))
        .sort(),
    ).toEqual(['ss_base_model_version', 'ss_network_alpha', 'ss_network_dim', 'ss_network_module', 'ss_v2']);
    expect(metadata.sshs_model_hash).toMatch(/^[0-9a-f]{64}$/);
  });
});
