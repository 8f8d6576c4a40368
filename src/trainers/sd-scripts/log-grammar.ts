/** What sd-scripts says on the terminal. Messages are English, a slash, Japanese; either half is enough. */
import type { Progress } from '../../model/facts.ts';
import type { Grammar, Told } from '../log/reader.ts';

/** At most this many checkpoints are remembered by path. */
const mostPaths = 20_000;
const longestPath = 4096;
const longestMessage = 8192;

const announcements: readonly [pattern: RegExp, key: string][] = [
  [/^num train images \* repeats\b.*?: *(\d+)/, 'num_train_images'],
  [/^num reg images\b.*?: *(\d+)/, 'num_reg_images'],
  [/^num examples\b.*?: *(\d+)/, 'num_examples'],
  [/^num batches per epoch\b.*: *(\d+)/, 'num_batches_per_epoch'],
  [/^num epochs\b.*?: *(\d+)/, 'num_epochs'],
  [/^(?:batch size per device|total train batch size)\b.*?: *(\d+)/, 'batch_size'],
  [/^gradient accumulation steps\b.*?= *(\d+)/, 'gradient_accumulation_steps'],
  [/^(?:total optimization steps|学習ステップ数).*?: *(\d+)/u, 'total_steps'],
  [/^loading model for process \d+\/(\d+)/, 'num_processes'],
  [/^override steps\..*: *(\d+)$/, 'overridden_steps'],
];

const phases: readonly [pattern: RegExp, phase: Progress['phase']][] = [
  [
    /^(?:loading (?:model|u-net|vae|text encoder|state)|load (?:StableDiffusion|Diffusers|checkpoint)|prepare tokenizer|Building |Loading )/i,
    'loading',
  ],
  [/^caching |^Caching /, 'caching'],
  [/^generating sample images at step\b|サンプル画像生成 ステップ/, 'sampling'],
  [/^saving (?:checkpoint|state|last state)|^Saving current state/, 'saving'],
];

export const sdScriptsGrammar: Grammar = {
  isTraining: (bar) => bar.description === 'steps',
  message(text, told) {
    if (text.length > longestMessage) return;
    announce(text, told);
    const epoch = /^epoch (\d+)\/(\d+)$/.exec(text);
    if (epoch) {
      told.progress.epoch = Number(epoch[1]);
      told.progress.epochs = Number(epoch[2]);
    }
    if (/^running training\b|学習開始/.test(text)) {
      told.anchors.trainingStarted = true;
      told.progress.phase = 'training';
    } else if (/^model saved\.?$/.test(text)) {
      told.anchors.modelSaved = true;
      told.anchors.trainingFinished = true;
      told.progress.phase = 'finished';
    } else if (told.progress.phase !== 'finished') {
      const phase = phases.find(([pattern]) => pattern.test(text))?.[1];
      if (phase !== undefined) told.progress.phase = phase;
    }
    remember(told.saved, /^saving checkpoint: (.+)$/.exec(text));
    remember(told.removed, /^removing old (?:checkpoint|model|state): (.+)$/.exec(text));
  },
};

function announce(text: string, told: Told): void {
  for (const [pattern, key] of announcements) {
    const value = pattern.exec(text)?.[1];
    if (value !== undefined && value.length < 16) told.announced[key] = Number(value);
  }
}

function remember(paths: string[], match: RegExpExecArray | null): void {
  if (match !== null && paths.length < mostPaths && match[1]!.length <= longestPath) paths.push(match[1]!);
}
