/** What is planted in a world: changes that act, changes of what samples are drawn from, and what is no change. */
import {
  appendFileSync,
  chmodSync,
  cpSync,
  readFileSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { safetensors } from '../support/world.ts';
import { installed, type Planted } from './side.ts';

export type Plant = [name: string, plant: (world: Planted) => void, told: RegExp];

const edit = (path: string, change: (text: string) => string) =>
  writeFileSync(path, change(readFileSync(path, 'utf8')));
const set = (key: string, value: string) => (world: Planted) =>
  edit(world.config, (text) => text.replace(new RegExp(`^${key} = .*$`, 'm'), `${key} = ${value}`));
const add = (line: string) => (world: Planted) => appendFileSync(world.config, `\n${line}\n`);
const word =
  (...words: string[]) =>
  (world: Planted) =>
    void world.words.push(...words);
const image = (world: Planted, name: string) => join(world.dataset, '2_grey wolf', name);
const caption = (name: string, text: string) => (world: Planted) => void world.write(image(world, `${name}.txt`), text);
const code = (path: string, text: string) => (world: Planted) => void world.write(join(world.trainer, path), text);
const variable = (name: string, value: string) => (world: Planted) => {
  world.env[name] = value;
};
const prompt = (text: string) => (world: Planted) => void world.write(world.prompts, text);
const base = (world: Planted) => join(world.root, 'models/base.safetensors');
const commit = (world: Planted, message: string) => {
  world.git(world.trainer, '-c', 'advice.addEmbeddedRepo=false', 'add', '.');
  world.git(world.trainer, 'commit', '-q', '--allow-empty', '-m', message);
};

export const plants: Plant[] = [
  ['a rate', set('unet_lr', '2e-4'), /^arguments changed unet_lr: 0.0001 0.0002/],
  ['a rate on the command line', word('--unet_lr', '5e-5'), /^arguments changed unet_lr: 0.0001 0.00005/],
  ['a rate of the text encoder', add('text_encoder_lr = 5e-5'), /^arguments added text_encoder_lr: null 0.00005/],
  ['the rank', set('network_dim', '8'), /^arguments changed network_dim: 4 8/],
  ['alpha', add('network_alpha = 2'), /^arguments changed network_alpha: 1 2/],
  ['the network', set('network_module', '"lycoris.kohya"'), /^arguments changed network_module/],
  ['an argument of the network', add('network_args = ["conv_dim=4"]'), /network_args\.conv_dim: null 4/],
  ['the seed', set('seed', '8'), /^arguments changed seed: 7 8/],
  ['the number of steps', set('max_train_steps', '12'), /^arguments changed max_train_steps: 6 12/],
  ['epochs in the place of steps', add('max_train_epochs = 2'), /^arguments added max_train_epochs: null 2/],
  ['the batch size', add('train_batch_size = 4'), /train_batch_size: 1 4/],
  ['the optimizer', add('optimizer_type = "Prodigy"'), /optimizer_type/],
  ['an argument of the optimizer', add('optimizer_args = ["d_coef=2"]'), /optimizer_args\.d_coef: null 2/],
  ['the scheduler', add('lr_scheduler = "cosine"'), /lr_scheduler/],
  ['the warm-up', add('lr_warmup_steps = 10'), /lr_warmup_steps/],
  ['the resolution', add('resolution = "768,768"'), /resolution/],
  ['buckets', add('enable_bucket = true'), /enable_bucket/],
  ['shuffled captions', add('shuffle_caption = true'), /shuffle_caption/],
  ['tokens that stay', add('keep_tokens = 1'), /keep_tokens/],
  ['a flipped image', add('flip_aug = true'), /flip_aug/],
  ['dropped captions', add('caption_dropout_rate = 0.1'), /caption_dropout_rate/],
  ['noise', add('noise_offset = 0.05'), /noise_offset/],
  ['gamma of the signal-to-noise ratio', add('min_snr_gamma = 5'), /min_snr_gamma/],
  ['precision', word('--mixed_precision', 'bf16'), /mixed_precision/],
  ['clip skip', add('clip_skip = 2'), /clip_skip/],
  ['accumulated gradients', add('gradient_accumulation_steps = 2'), /gradient_accumulation_steps/],
  ['the length of tokens', add('max_token_length = 225'), /max_token_length/],
  ['only one part trained', add('network_train_unet_only = true'), /network_train_unet_only/],
  ['the precision of what is saved', add('save_precision = "fp16"'), /save_precision/],
  ['a prior weight', add('prior_loss_weight = 0.5'), /prior_loss_weight/],
  ['the loss', add('loss_type = "huber"'), /loss_type/],
  [
    'the extension of captions, renamed with it',
    (world) => {
      for (const name of ['one', 'two', 'three']) renameSync(image(world, `${name}.txt`), image(world, `${name}.tags`));
      set('caption_extension', '".tags"')(world);
    },
    /caption_extension: ".txt" ".tags"/,
  ],
  ['an image that came', (world) => void world.write(image(world, 'four.png'), 'four'), /^dataset added images/],
  ['an image that went', (world) => rmSync(image(world, 'one.png')), /^dataset removed images/],
  [
    'an image replaced',
    (world) => void world.write(image(world, 'one.png'), 'a longer picture'),
    /^dataset changed .*one\.png.*replaced/,
  ],
  [
    'a tag that came',
    caption('one', 'grey wolf, one, outdoors, sitting'),
    /^dataset changed .*one\.txt.*\| \+sitting$/,
  ],
  ['a tag that went', caption('one', 'grey wolf, one'), /one\.txt.*\| −outdoors$/],
  ['a tag in place of another', caption('two', 'grey wolf, two, indoors'), /two\.txt.*\| \+indoors −outdoors/],
  ['tags counted over the set', caption('two', 'grey wolf, two, indoors'), /caption term outdoors: 3 2/],
  ['words of a sentence', caption('one', 'A grey wolf is sitting in the deep snow.'), /one\.txt.*\+sitting/],
  ['tags in another order', caption('one', 'outdoors, grey wolf, one'), /one\.txt.*another order/],
  [
    'an image that came with its caption',
    (world) => {
      world.write(image(world, 'four.png'), 'four');
      caption('four', 'grey wolf, four')(world);
    },
    /^dataset added captions/,
  ],
  ['a caption that went', (world) => rmSync(image(world, 'one.txt')), /^dataset removed captions/],
  [
    'repeats',
    (world) => renameSync(join(world.dataset, '2_grey wolf'), join(world.dataset, '5_grey wolf')),
    /^dataset changed repeats of grey wolf: 2 5/,
  ],
  [
    'class tokens of images without captions',
    (world) => {
      rmSync(image(world, 'one.txt'));
      renameSync(join(world.dataset, '2_grey wolf'), join(world.dataset, '2_white wolf'));
    },
    /^dataset changed class tokens: "grey wolf" "white wolf"/,
  ],
  [
    'a changed line of code',
    code('library/train_util.py', 'VALUE = 2\n'),
    /^code changed sd-scripts\/library\/train_util\.py: 10 10 \| \+1 −1/,
  ],
  ['a new module', code('library/hack.py', 'x = 1\n'), /^code added sd-scripts\/library\/hack\.py/],
  [
    'a module that went',
    (world) => rmSync(join(world.trainer, 'library/train_util.py')),
    /^code removed sd-scripts\/library\/train_util\.py/,
  ],
  [
    'a renamed module',
    (world) => renameSync(join(world.trainer, 'library/train_util.py'), join(world.trainer, 'library/util.py')),
    /^code renamed sd-scripts\/library\/util\.py: "library\/train_util\.py" "library\/util\.py"/,
  ],
  ['a mode', (world) => chmodSync(join(world.trainer, 'library/train_util.py'), 0o755), /"100644" "100755"/],
  [
    'a link in the place of a file',
    (world) => {
      rmSync(join(world.trainer, 'library/train_util.py'));
      symlinkSync('../train_network.py', join(world.trainer, 'library/train_util.py'));
    },
    /^code changed sd-scripts\/library\/train_util\.py.*mode 100644 → 120000/,
  ],
  [
    'a binary',
    code('library/kernel.so', '\0\x01\x02'),
    /^code added sd-scripts\/library\/kernel\.so: null 3 \| binary/,
  ],
  [
    'a commit',
    (world) => {
      world.write(join(world.trainer, 'library/train_util.py'), 'VALUE = 3\n');
      commit(world, 'three');
    },
    /^code changed sd-scripts: .*1 file/,
  ],
  [
    'a submodule’s file',
    (world) => {
      const inner = join(world.trainer, 'lycoris');
      world.write(join(inner, 'kohya.py'), 'x = 1\n');
      world.git(inner, 'init', '-q', '-b', 'main');
      world.git(inner, 'add', '.');
      world.git(inner, 'commit', '-q', '-m', 'inner');
    },
    /^code added sd-scripts\/lycoris\/kohya\.py/,
  ],
  [
    'the base model at the same path',
    (world) => void world.write(base(world), safetensors(8192)),
    /^model changed pretrained_model_name_or_path.*another content/,
  ],
  [
    'another base model',
    (world) => {
      world.write(join(world.root, 'models/other.safetensors'), safetensors(100));
      set('pretrained_model_name_or_path', JSON.stringify(join(world.root, 'models/other.safetensors')))(world);
    },
    /^model changed pretrained_model_name_or_path.*other\.safetensors/,
  ],
  [
    'a VAE',
    (world) =>
      add(`vae = ${JSON.stringify(world.write(join(world.root, 'models/vae.safetensors'), safetensors(10)))}`)(world),
    /^model added vae/,
  ],
  [
    'weights to start from',
    (world) =>
      add(
        `network_weights = ${JSON.stringify(world.write(join(world.root, 'models/w.safetensors'), safetensors(10)))}`,
      )(world),
    /^model added network_weights/,
  ],
  [
    'a package’s version',
    (world) => {
      rmSync(join(world.site, 'diffusers-0.25.0.dist-info'), { recursive: true });
      installed(world, 'diffusers', '0.26.0');
    },
    /^environment changed diffusers: "0.25.0" "0.26.0"/,
  ],
  [
    'a package that came',
    (world) => installed(world, 'xformers', '0.0.29'),
    /^environment added xformers: null "0.0.29"/,
  ],
  [
    'a package that went',
    (world) => rmSync(join(world.site, 'lycoris_lora-3.1.0.dist-info'), { recursive: true }),
    /^environment removed lycoris-lora/,
  ],
  [
    'Python',
    (world) => edit(join(world.root, 'venv/pyvenv.cfg'), (text) => text.replace('3.11.2', '3.12.1')),
    /^environment changed python/,
  ],
  ['a variable', variable('CUDA_VISIBLE_DEVICES', '1'), /^environment added CUDA_VISIBLE_DEVICES/],
];

/** They draw samples: told, though they change no weights. */
export const samples: Plant[] = [
  [
    'the words of a prompt',
    prompt('a white wolf --w 64 --h 64 --d 42\n'),
    /prompts\[0\]\.prompt: "a grey wolf" "a white wolf"/,
  ],
  ['the seed of a prompt', prompt('a grey wolf --w 64 --h 64 --d 43\n'), /prompts\[0\]\.seed: 42 43/],
  ['the width of a prompt', prompt('a grey wolf --w 128 --h 64 --d 42\n'), /prompts\[0\]\.width: 64 128/],
  ['the height of a prompt', prompt('a grey wolf --w 64 --h 96 --d 42\n'), /prompts\[0\]\.height: 64 96/],
  [
    'the steps of a prompt',
    prompt('a grey wolf --w 64 --h 64 --d 42 --s 20\n'),
    /added prompts\[0\]\.sample_steps: null 20/,
  ],
  [
    'the scale of a prompt',
    prompt('a grey wolf --w 64 --h 64 --d 42 --l 7.5\n'),
    /added prompts\[0\]\.scale: null 7.5/,
  ],
  [
    'the negative prompt',
    prompt('a grey wolf --w 64 --h 64 --d 42 --n blurry\n'),
    /added prompts\[0\]\.negative_prompt: null "blurry"/,
  ],
  ['a prompt that came', prompt('a grey wolf --w 64 --h 64 --d 42\na moon\n'), /added prompts\[1\]/],
  ['a prompt that went', prompt(''), /removed prompts\[0\]/],
];

export const idle: [string, (world: Planted) => void][] = [
  ['nothing at all', () => {}],
  ['comments', add('# a comment')],
  ['the spelling of a number', set('unet_lr', '0.0001')],
  ['an integer for a float', set('network_dim', '4')],
  ['other quotes', set('network_module', "'networks.lora'")],
  ['sections renamed', (world) => edit(world.config, (text) => text.replace('[training]', '[other]'))],
  ['keys in another order', (world) => edit(world.config, (text) => `${text.split('\n\n').reverse().join('\n\n')}\n`)],
  ['white space', (world) => edit(world.config, (text) => text.replaceAll(' = ', '   =  '))],
  ['an argument that says the same again', word('--unet_lr', '1e-4')],
  [
    'a value moved to the command line',
    (world) => {
      edit(world.config, (text) => text.replace(/^seed = 7$/m, ''));
      world.words.push('--seed', '7');
    },
  ],
  ['a default written down', add('shuffle_caption = false')],
  ['the name of the output', set('output_name', '"wolf-v2"')],
  ['the place of the output', (world) => set('output_dir', JSON.stringify(join(world.root, 'elsewhere')))(world)],
  ['a logging directory', (world) => add(`logging_dir = ${JSON.stringify(join(world.root, 'logs'))}`)(world)],
  ['how often is saved', set('save_every_n_steps', '2')],
  [
    'a configuration in another place',
    (world) => {
      const copy = join(world.root, 'copy.toml');
      cpSync(world.config, copy);
      world.config = copy;
    },
  ],
  [
    'the dataset in another place',
    (world) => {
      const there = join(world.root, 'datasets/fox');
      cpSync(world.dataset, there, { recursive: true });
      set('train_data_dir', JSON.stringify(there))(world);
    },
  ],
  [
    'the base model in another place',
    (world) => {
      const there = join(world.root, 'models/renamed.safetensors');
      cpSync(base(world), there);
      set('pretrained_model_name_or_path', JSON.stringify(there))(world);
    },
  ],
  ['a line feed behind a caption', caption('one', 'grey wolf, one, outdoors\n')],
  ['Windows line ends in a caption', caption('one', 'grey wolf, one, outdoors\r\n')],
  ['a second line of a caption, which is not read', caption('one', 'grey wolf, one, outdoors\nnotes')],
  ['a caption of an extension that is not read', (world) => void world.write(image(world, 'one.tags'), 'x')],
  ['a cache beside an image', (world) => void world.write(image(world, 'one.npz'), 'x')],
  ['an empty commit', (world) => commit(world, 'empty')],
  ['another branch', (world) => void world.git(world.trainer, 'checkout', '-q', '-b', 'other')],
  ['a file touched', code('library/train_util.py', 'VALUE = 1\n')],
  ['a README', code('README.md', '# notes\n')],
  ['an untracked picture', code('out/sample.png', 'x')],
  ['an untracked note', code('notes.txt', 'x')],
  ['a comment among the prompts', prompt('# wolves\na grey wolf --w 64 --h 64 --d 42\n')],
  [
    'a newer pip',
    (world) => {
      rmSync(join(world.site, 'pip-24.0.dist-info'), { recursive: true });
      installed(world, 'pip', '25.0');
    },
  ],
  ['a variable that trains nothing', variable('EDITOR', 'vi')],
];
