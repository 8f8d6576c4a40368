import { genericTrainer } from './generic.ts';
import { oneTrainer } from './onetrainer.ts';
import { sdScripts, spoorDemo } from './sd-scripts/sd-scripts.ts';
import type { Invocation, Trainer } from './trainer.ts';
import { baseName, programName } from './wrappers/step.ts';

/** Whatever is no trainer that Spoor knows. */
export const generic: Trainer = genericTrainer('generic', () => true);

interface Named {
  id: string;
  /** What the script's path without its ending, the module or the program is like. */
  script: RegExp;
  /** What one of the arguments is like besides, where the script's name alone is anyone's. */
  argument?: RegExp;
}

/**
 * Trainers that are told apart but not yet read, by the names in their repositories; those that share
 * a script's name, by its directory or by arguments that only they take.
 */
const named: readonly Named[] = [
  {
    id: 'musubi-tuner',
    script:
      /(?:^|[./])(?:flux_2|flux_kontext|fpack|hidream_o1|hv|hv_1_5|ideogram4|kandinsky5|krea2|qwen_image|wan|zimage)_train(?:_network(?:_self_flow)?)?$|(?:^|\/)musubi/,
  },
  { id: 'onetrainer', script: /onetrainer/i },
  { id: 'onetrainer', script: /(?:^|\/)scripts\/train(?:_remote)?$/, argument: /^--config-path(?:=|$)/ },
  { id: 'ai-toolkit', script: /(?:^|\/)ai-toolkit(?:\/|$)/i },
  { id: 'simpletuner', script: /simpletuner/i },
  { id: 'diffusion-pipe', script: /diffusion-pipe/i },
  { id: 'diffusion-pipe', script: /(?:^|\/)train$/, argument: /^--deepspeed$/ },
  { id: 'llama-factory', script: /llamafactory|llama-?factory|^lmf$/i },
  { id: 'axolotl', script: /(?:^|[./])axolotl(?:\.|$)/i },
  {
    id: 'diffusers',
    script:
      /(?:^|\/)train_(?:text_to_image|dreambooth|controlnet|instruct_pix2pix|unconditional|cogvideox|control_(?:cogview4|flux))\w*$|(?:^|\/)diffusers\/examples\//,
  },
];

function recognises({ script: pattern, argument }: Named, invocation: Invocation): boolean {
  if (argument !== undefined && !invocation.arguments.some((word) => argument.test(word))) return false;
  const { script, module, program, cwd } = invocation;
  if (module !== null) return pattern.test(module);
  if (script === null) return program !== null && pattern.test(programName(program));
  const stem = script.replaceAll('\\', '/').replace(/\.\w+$/, '');
  const place = stem.startsWith('/') ? stem : `${baseName(cwd)}/${stem.replace(/^\.\//, '')}`;
  return pattern.test(place);
}

const trainers: readonly Trainer[] = [
  sdScripts,
  spoorDemo,
  ...named.map((each) => {
    const make = each.id === 'onetrainer' ? oneTrainer : (is: Trainer['recognises']) => genericTrainer(each.id, is);
    return make((invocation) => recognises(each, invocation));
  }),
];

/** The trainer of a command; `generic` for a command that is none. */
export function trainerFor(invocation: Invocation): Trainer {
  return trainers.find((trainer) => trainer.recognises(invocation)) ?? generic;
}

/** The trainer of this name in a record; `generic` for null and for one that this version does not know. */
export function trainerById(id: string | null): Trainer {
  return trainers.find((trainer) => trainer.id === id) ?? generic;
}
