import { describe, expect, test } from 'vitest';
import { trainerFor } from './registry.ts';
import { seeThrough } from './see-through.ts';

const id = (words: string, cwd = '/lora') => trainerFor(seeThrough(words.split(' '), cwd)).id;

describe('a trainer is told by the command that its own documentation gives', () => {
  test.each([
    ['accelerate launch --num_cpu_threads_per_process 2 sdxl_train_network.py --config_file c.toml', 'sd-scripts'],
    ['accelerate launch /gui/sd-scripts/train_network.py --config_file c.toml', 'sd-scripts'],
    ['accelerate launch src/musubi_tuner/wan_train_network.py --dit d.safetensors', 'musubi-tuner'],
    ['accelerate launch src/musubi_tuner/hv_1_5_train_network.py', 'musubi-tuner'],
    ['accelerate launch qwen_image_train.py', 'musubi-tuner'],
    ['python -m musubi_tuner.flux_kontext_train_network', 'musubi-tuner'],
    ['python /opt/OneTrainer/scripts/train.py --config-path c.json', 'onetrainer'],
    ['python scripts/train.py --config-path=c.json', 'onetrainer'],
    ['simpletuner train', 'simpletuner'],
    ['accelerate launch /opt/SimpleTuner/train.py', 'simpletuner'],
    ['deepspeed --num_gpus=1 train.py --deepspeed --config x.toml', 'diffusion-pipe'],
    ['accelerate launch train_dreambooth_lora_flux.py --output_dir=out', 'diffusers'],
    ['accelerate launch train_text_to_image_lora.py', 'diffusers'],
    ['python /src/diffusers/examples/textual_inversion/textual_inversion.py', 'diffusers'],
    ['llamafactory-cli train a.yaml', 'llama-factory'],
    ['lmf train a.yaml', 'llama-factory'],
    ['torchrun /opt/LLaMA-Factory/src/train.py a.yaml', 'llama-factory'],
    ['axolotl train a.yaml', 'axolotl'],
    ['accelerate launch -m axolotl.cli.train a.yaml', 'axolotl'],
  ])('%s: %s', (words, trainer) => {
    expect(id(words)).toBe(trainer);
  });

  test('and where its script has a common name, by the directory it stands in', () => {
    expect(id('python run.py cat.yaml', '/opt/ai-toolkit')).toBe('ai-toolkit');
    expect(id('python scripts/train.py', '/opt/OneTrainer')).toBe('onetrainer');
    expect(id('python train.py', '/opt/diffusion-pipe')).toBe('diffusion-pipe');
  });
});

test.each(['python run.py cat.yaml', 'python scripts/train.py --lr 1', 'python train.py', 'python hunyuan.py', 'true'])(
  '%s is anyone’s',
  (words) => {
    expect(id(words)).toBe('generic');
  },
);
