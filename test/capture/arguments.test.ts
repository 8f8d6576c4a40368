import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Run } from '../../src/model/run.ts';
import { program } from '../support/programs.ts';
import { recorded, training } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
beforeEach(() => {
  world = makeWorld();
});
afterEach(() => world.remove());

const edit = (path: string, from: string | RegExp, to: string) =>
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
const setting = (run: Run, key: string) => run.settings.find((each) => each.key === key);

describe('the arguments of a run', () => {
  test('are kept as given: empty, with spaces, quotes and newlines', async () => {
    const odd = ['--training_comment', '', '--metadata_title', 'it\'s "a\nwolf" \\ $HOME'];
    const { run } = await recorded(world, training(world, ...odd));
    expect(run.command).toEqual(training(world, ...odd));
    expect(run.cwd).toBe(world.root);
  });

  test('lose their secrets by exact key, and nothing else', async () => {
    const { run } = await recorded(
      world,
      training(world, '--wandb_api_key', 'abcdef0123456789', '--keep_tokens', '3', '--max_token_length=225'),
    );
    const text = JSON.stringify(run);
    expect(text).not.toContain('abcdef0123456789');
    expect(run.command.slice(-3)).toEqual(['--keep_tokens', '3', '--max_token_length=225']);
    expect(setting(run, 'keep_tokens')?.value).toBe(3);
    expect(setting(run, 'wandb_api_key')?.value).toEqual({ redacted: expect.stringMatching(/^[0-9a-f]{64}$/) });
  });

  test('become the effective configuration, each value with its source and what it hides', async () => {
    const { run } = await recorded(world, training(world, '--network_dim=8'));
    expect(setting(run, 'network_dim')).toMatchObject({
      value: 8,
      source: { kind: 'argument' },
      shadowed: [
        { value: 4, source: { kind: 'config-file', file: world.config, line: 15, section: 'training' } },
        { source: { kind: 'default' } },
      ],
      effective: true,
      known: true,
    });
    expect(setting(run, 'network_module')?.source).toMatchObject({
      kind: 'config-file',
      line: 14,
      section: 'training',
    });
  });

  test('name a key that the trainer would silently ignore', async () => {
    edit(world.config, 'network_dim = 4', 'network_dimm = 4');
    const { run, stderr } = await recorded(world, training(world));
    expect(setting(run, 'network_dimm')).toMatchObject({ known: false });
    expect(run.warnings.map(({ message }) => message).join('\n')).toContain('network_dimm');
    expect(stderr).toContain('network_dimm');
  });

  test.each(['output_dir', 'output_name', 'save_every_n_steps'])('%s cannot change the result', async (key) => {
    const { run } = await recorded(world, training(world));
    expect(setting(run, key)).toMatchObject({ effective: false });
    expect(setting(run, 'seed')).toMatchObject({ effective: true });
  });

  test('without a seed the one that was drawn is confirmed from the first checkpoint', async () => {
    edit(world.config, /^seed.*\n/m, '');
    const { run } = await recorded(world, training(world));
    expect(setting(run, 'seed')).toMatchObject({ value: 1234567, source: { kind: 'confirmed' } });
    expect(run.warnings.filter(({ code }) => code === 'prediction-wrong')).toEqual([]);
  });

  test('a trainer that used something else than was predicted is told of', async () => {
    edit(join(world.trainer, 'train_network.py'), '"ss_unet_lr": str(config.get("unet_lr"))', '"ss_unet_lr": "0.5"');
    const { run } = await recorded(world, training(world));
    expect(setting(run, 'unet_lr')?.value).toBe(0.5);
    expect(run.warnings.find(({ code }) => code === 'prediction-wrong')?.message).toContain('unet_lr');
  });

  test('a learning rate that both networks hide is marked', async () => {
    edit(world.config, 'unet_lr = 1e-4', 'unet_lr = 1e-4\ntext_encoder_lr = 5e-5');
    const { run } = await recorded(world, training(world));
    expect(setting(run, 'learning_rate')?.ignored).toContain('unet_lr');
  });
});

describe('a trainer is seen behind what starts it', () => {
  const script = () => join(world.trainer, 'train_network.py');
  const rest = () => ['--config_file', world.config];
  const standIn =
    'while [ $# -gt 0 ]; do case $1 in *.py) exec python3 "$@";; python*) exec "$@";; *) shift;; esac; done';

  test.each<[string, () => string[]]>([
    ['env', () => ['env', '-u', 'B', 'A=1', 'python3', script()]],
    ['nice', () => ['nice', '-n', '5', 'python3', script()]],
    ['nohup', () => ['nohup', 'python3', script()]],
    ['ionice', () => ['ionice', '-c', '3', 'python3', script()]],
    ['taskset', () => ['taskset', '-c', '0', 'python3', script()]],
    ['time', () => ['time', '-p', 'python3', script()]],
    ['torchrun', () => ['torchrun', '--nproc_per_node', '1', script()]],
    ['deepspeed', () => ['deepspeed', '--num_gpus=1', script()]],
    ['uv run', () => ['uv', 'run', 'python', script()]],
    ['poetry run', () => ['poetry', 'run', 'python', script()]],
    ['conda run', () => ['conda', 'run', '-n', 'wolf', 'python', script()]],
    ['accelerate launch', () => ['accelerate', 'launch', '--num_processes', '1', script()]],
    ['all at once', () => ['nohup', 'nice', 'env', 'A=1', 'accelerate', 'launch', '--mixed_precision=bf16', script()]],
  ])('%s', async (_, front) => {
    for (const name of ['torchrun', 'deepspeed', 'uv', 'poetry', 'conda', 'accelerate']) program(world, name, standIn);
    program(world, 'time', 'shift; exec "$@"');
    program(world, 'python', 'exec python3 "$@"');
    const env = { PATH: `${world.root}/bin:${world.env.PATH}` };
    const { run, exitCode, stderr } = await recorded(world, [...front(), ...rest()], { env });
    expect([exitCode, run.status], stderr).toEqual([0, 'succeeded']);
    expect(run).toMatchObject({ trainer: 'sd-scripts', name: { full: 'wolf' }, outputDir: world.output });
    expect(run.wrappers.length).toBeGreaterThan(0);
    expect(run.repos.map(({ name }) => name)).toContain('sd-scripts');
  });

  test('python -m', async () => {
    const { run } = await recorded(world, ['python3', '-m', 'train_network', ...rest()], { cwd: world.trainer });
    expect(run).toMatchObject({ trainer: 'sd-scripts', status: 'succeeded' });
    expect(run.repos).toMatchObject([{ name: 'sd-scripts', roles: expect.arrayContaining(['trainer']) }]);
  });

  test("accelerate's default configuration that cannot be parsed is told, and the run goes on", async () => {
    program(world, 'accelerate', standIn);
    const file = world.write(join(world.root, 'hf/accelerate/default_config.yaml'), 'num_processes: [2\nx: }');
    const env = { PATH: `${world.root}/bin:${world.env.PATH}`, HF_HOME: join(world.root, 'hf') };
    const { run, stderr } = await recorded(world, ['accelerate', 'launch', script(), ...rest()], { env });
    expect(run.status).toBe('succeeded');
    expect(run.warnings.filter(({ code }) => code === 'config-unreadable')).toHaveLength(1);
    expect(stderr).toContain(`${file} could not be read as yaml`);
  });

  test("accelerate's default configuration counts, its options count more", async () => {
    program(world, 'accelerate', standIn);
    const file = world.write(
      join(world.root, 'hf/accelerate/default_config.yaml'),
      'mixed_precision: fp16\nnum_processes: 2\n',
    );
    const env = { PATH: `${world.root}/bin:${world.env.PATH}`, HF_HOME: join(world.root, 'hf') };
    const { run } = await recorded(world, ['accelerate', 'launch', '--mixed_precision', 'bf16', script(), ...rest()], {
      env,
    });
    expect(setting(run, 'accelerate.mixed_precision')).toMatchObject({
      value: 'bf16',
      shadowed: [
        { value: 'fp16', source: { kind: 'accelerate-config', file, line: 1 } },
        { source: { kind: 'default' } },
      ],
    });
    expect(setting(run, 'accelerate.num_processes')).toMatchObject({ value: 2, source: { line: 2 } });
    expect(run.files).toContainEqual(expect.objectContaining({ role: 'accelerate', path: file, kind: 'file' }));
  });
});
