/**
 * How trainings are started, for where nobody says that a command is one (`spoor wrap`). Narrower than what
 * `registry.ts` recognises: a trainer's directory also holds its user interface, its installer and its tools.
 * Plain strings, because the hook in `hook/python` looks them up at every start of a Python, without the cost of
 * regular expressions; `npm run docs` writes them down for it.
 */
import { posix } from 'node:path';
import { resolveIn } from './paths.ts';
import { scripts } from './sd-scripts/scripts.ts';
import type { Invocation } from './trainer.ts';

/** One way to start a training. */
export interface Start {
  /** As in the registry. */
  trainer: string;
  /** Of the script without its extension, or the last part of the module; `train_dreambooth*` is a beginning. */
  names: readonly string[];
  /** What the path before the name ends in, in lower case; a module's parts count as directories. */
  within?: string;
  /** An argument without which this starts something else. */
  argument?: string;
}

const musubi = ['hv', 'wan', 'fpack', 'flux_kontext', 'flux_2', 'qwen_image', 'zimage', 'kandinsky5'];
const hunyuan = ['hunyuanvideo', 'hunyuan_video', 'hunyuan_video_1_5'];

export const starts: readonly Start[] = [
  { trainer: 'sd-scripts', names: scripts },
  {
    trainer: 'musubi-tuner',
    names: [...musubi, ...hunyuan].flatMap((name) => [`${name}_train`, `${name}_train_network`]),
  },
  { trainer: 'onetrainer', names: ['train', 'train_remote'], within: '/scripts', argument: '--config-path' },
  { trainer: 'ai-toolkit', names: ['run'], within: '/ai-toolkit' },
  { trainer: 'simpletuner', names: ['simpletuner'], argument: 'train' },
  { trainer: 'simpletuner', names: ['train'], within: '/simpletuner' },
  { trainer: 'diffusion-pipe', names: ['train'], within: '/diffusion-pipe' },
  { trainer: 'llama-factory', names: ['llamafactory-cli'], argument: 'train' },
  { trainer: 'llama-factory', names: ['cli'], within: '/llamafactory', argument: 'train' },
  { trainer: 'llama-factory', names: ['launcher'], within: '/llamafactory' },
  { trainer: 'llama-factory', names: ['train'], within: '/llama-factory/src' },
  { trainer: 'axolotl', names: ['axolotl'], argument: 'train' },
  { trainer: 'axolotl', names: ['cli'], within: '/axolotl', argument: 'train' },
  { trainer: 'axolotl', names: ['train'], within: '/axolotl/cli' },
  {
    trainer: 'diffusers',
    names: ['text_to_image', 'dreambooth', 'controlnet', 'instruct_pix2pix', 'unconditional'].map(
      (name) => `train_${name}*`,
    ),
  },
];

/** The trainer that an invocation starts a training of; null for whatever else it may be. */
export function startedTrainer({ script, module, cwd, arguments: given }: Invocation): string | null {
  const named = module === null ? script : `/${module.replaceAll('.', '/')}`;
  if (named === null) return null;
  const { dir, base } = posix.parse(resolveIn(cwd, named));
  const name = base.replace(/\.pyw?$/, '');
  const found = starts.find(
    ({ names, within = '', argument }) =>
      names.some((each) => (each.endsWith('*') ? name.startsWith(each.slice(0, -1)) : name === each)) &&
      dir.toLowerCase().endsWith(within) &&
      (argument === undefined || given.some((each) => each === argument || each.startsWith(`${argument}=`))),
  );
  return found?.trainer ?? null;
}
