import { genericTrainer } from './generic.ts';
import { sdScripts, spoorDemo } from './sd-scripts/sd-scripts.ts';
import type { Invocation, Trainer } from './trainer.ts';
import { baseName, programName } from './wrappers/step.ts';

/** Whatever is no trainer that Spoor knows. */
export const generic: Trainer = genericTrainer('generic', () => true);

/** Trainers that are told apart but not yet read; those that share a script's name are told by its directory. */
const named: readonly [id: string, script: RegExp][] = [
  [
    'musubi-tuner',
    /(?:^|[./])(?:hv|wan|fpack|flux_kontext|flux_2|qwen_image|zimage|kandinsky5|hunyuan_?video\w*)_train(?:_network)?$|(?:^|\/)musubi/,
  ],
  ['onetrainer', /(?:^|\/)(?:OneTrainer\/)?scripts\/train(?:_remote)?$|onetrainer/i],
  ['ai-toolkit', /ai-toolkit\/.*run$|(?:^|\/)ai-toolkit(?:\/|$)/i],
  ['simpletuner', /simpletuner/i],
  ['diffusion-pipe', /diffusion-pipe/i],
  ['llama-factory', /llamafactory|llama-?factory/i],
  ['axolotl', /(?:^|[./])axolotl(?:\.|$)/i],
  ['diffusers', /(?:^|\/)train_(?:text_to_image|dreambooth|controlnet|instruct_pix2pix|unconditional)\w*$/],
];

function recogniser(pattern: RegExp): (invocation: Invocation) => boolean {
  return ({ script, module, program, cwd }) => {
    if (module !== null) return pattern.test(module);
    if (script === null) return program !== null && pattern.test(programName(program));
    const stem = script.replaceAll('\\', '/').replace(/\.\w+$/, '');
    const place = stem.startsWith('/') ? stem : `${baseName(cwd)}/${stem.replace(/^\.\//, '')}`;
    return pattern.test(place);
  };
}

const trainers: readonly Trainer[] = [
  sdScripts,
  spoorDemo,
  ...named.map(([id, pattern]) => genericTrainer(id, recogniser(pattern))),
];

/** The trainer of a command; `generic` for a command that is none. */
export function trainerFor(invocation: Invocation): Trainer {
  return trainers.find((trainer) => trainer.recognises(invocation)) ?? generic;
}

/** The trainer of this name in a record; `generic` for null and for one that this version does not know. */
export function trainerById(id: string | null): Trainer {
  return trainers.find((trainer) => trainer.id === id) ?? generic;
}
