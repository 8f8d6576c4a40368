import { describe, expect, test } from 'vitest';
import { trainerFor } from './registry.ts';
import { seeThrough } from './see-through.ts';
import { startedTrainer, starts } from './starts.ts';

const see = (line: string, cwd = '/work') => seeThrough(line.split(' '), cwd);

describe('starts of trainings', () => {
  test.each([
    ['sd-scripts', 'python train_network.py --config_file c.toml'],
    [
      'sd-scripts',
      '/venv/bin/python /venv/bin/accelerate launch --num_processes 1 /k/sd-scripts/sdxl_train_network.py',
    ],
    ['sd-scripts', 'python -m accelerate.commands.launch ./flux_train_network.py'],
    ['musubi-tuner', 'accelerate launch src/musubi_tuner/wan_train_network.py --dit x'],
    ['musubi-tuner', 'accelerate launch -m musubi_tuner.hv_train_network'],
    ['onetrainer', 'python /OneTrainer/scripts/train.py --config-path=x.json'],
    ['ai-toolkit', '/app/ai-toolkit/venv/bin/python /app/ai-toolkit/run.py config/job.yaml'],
    ['simpletuner', 'python /venv/bin/simpletuner train'],
    ['simpletuner', 'accelerate launch /SimpleTuner/train.py'],
    ['simpletuner', 'python -m simpletuner.train'],
    ['diffusion-pipe', 'deepspeed --num_gpus=1 /w/diffusion-pipe/train.py --deepspeed --config x.toml'],
    ['llama-factory', 'python /venv/bin/llamafactory-cli train x.yaml'],
    ['llama-factory', 'torchrun --nproc_per_node 2 /venv/lib/python3.11/site-packages/llamafactory/launcher.py x.yaml'],
    ['llama-factory', 'python -m llamafactory.cli train x.yaml'],
    ['axolotl', 'python /venv/bin/axolotl train x.yaml'],
    ['axolotl', 'accelerate launch -m axolotl.cli.train x.yaml'],
    ['diffusers', 'accelerate launch train_dreambooth_lora_sdxl.py'],
  ])('%s: %s', (trainer, line) => {
    expect(startedTrainer(see(line))).toBe(trainer);
    expect(trainerFor(see(line)).id).toBe(trainer);
  });

  test.each([
    ['run.py job.yaml', '/app/ai-toolkit', 'ai-toolkit'],
    ['src/train.py x.yaml', '/w/LLaMA-Factory', 'llama-factory'],
    ['../train_network.py', '/k/sd-scripts/tools', 'sd-scripts'],
  ])('a path is taken from where the trainer starts: %s in %s', (words, cwd, trainer) => {
    expect(startedTrainer(see(`python ${words}`, cwd))).toBe(trainer);
  });

  test.each([
    'python /k/kohya_ss/kohya_gui.py',
    'python /app/OneTrainer/scripts/train_ui.py',
    'python /app/ai-toolkit/venv/bin/pip install -r requirements.txt',
    'python /venv/bin/simpletuner server',
    'python /venv/bin/llamafactory-cli webui',
    'accelerate config',
    'python -m accelerate.commands.launch tools/convert.py --out train_network',
    'python -c import_train_network',
    'python yolo/train.py',
  ])('what belongs to a trainer and trains nothing is none: %s', (line) => {
    expect(startedTrainer(see(line))).toBeNull();
  });

  test('the name of each is a plain word that the hook looks up', () => {
    for (const { names, within } of starts) {
      for (const name of names) expect(name).toMatch(/^[\w-]+\*?$/);
      expect(within ?? '/').toMatch(/^\/[a-z_/-]*$/);
    }
  });
});
