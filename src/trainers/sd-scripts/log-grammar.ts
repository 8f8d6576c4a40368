/** What sd-scripts says on the terminal. Messages are English, a slash, Japanese; either half is enough. */
import type { Progress } from '../../model/facts.ts';
import { createLogReader, type Grammar, type Told } from '../log/reader.ts';
import type { LogReader, LogState, TakeBarPoint } from '../trainer.ts';

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
    /^(?:loading |load (?:StableDiffusion|Diffusers|checkpoint)|prepare (?:tokenizer|optimizer)|Building |import network module|create LoRA network)/i,
    'loading',
  ],
  [/^(?:caching |checking cache)/i, 'caching'],
  [/^generating sample images at step\b|サンプル画像生成 ステップ/, 'sampling'],
  [/^saving (?:checkpoint|state|last state)|^Saving current state/, 'saving'],
];

/** Of each image that is sampled: it begins with its prompt. */
const sampleBegins = /^prompt: /;
const epochBegins = /^epoch (\d+)\/(\d+)$/;
const trainingBegins = /^running training\b|学習開始/;
const modelSaved = /^model saved\.?$/;
const saving = /^saving checkpoint: (.+)$/;
const removing = /^removing old (?:checkpoint|model|state): (.+)$/;
const skippingSteps = /^skipping (\d{1,12}) steps\b/;
const skippingEpoch = /^skipping epoch \d+ because initial_step\b/;

/** Whether a message says anything at all: most of a long log does not, and one look at it is enough. */
const telling = new RegExp(
  [
    ...announcements,
    ...phases,
    [epochBegins],
    [sampleBegins],
    [trainingBegins],
    [modelSaved],
    [saving],
    [removing],
    [skippingSteps],
    [skippingEpoch],
  ]
    .map(([pattern]) => pattern.source)
    .join('|'),
  'i',
);

export function sdScriptsLogReader(take: TakeBarPoint | null = null): LogReader {
  const reader = createLogReader(grammar, take);
  return { ...reader, state: () => countedFromFirstStep(reader.state()) };
}

/** The bar begins at 0 wherever the run goes on; checkpoints and samples do not. */
function countedFromFirstStep(state: LogState): LogState {
  const { progress, announced, anchors } = state;
  if (announced.first_step === undefined || progress.step === null) return state;
  const step = progress.step + announced.first_step;
  const total = announced.total_steps ?? progress.total;
  const trainingFinished = anchors.trainingFinished || (total !== null && step >= total);
  return { ...state, progress: { ...progress, step, total }, anchors: { ...anchors, trainingFinished } };
}

const grammar: Grammar = {
  isTraining: (bar) => bar.description === 'steps',
  phaseOf: ({ description }) => (/^(?:epoch )?validation steps$/.test(description) ? 'validating' : null),
  message(text, told) {
    if (text.length > longestMessage || !telling.test(text)) return;
    announce(text, told);
    skip(text, told);
    const epoch = epochBegins.exec(text);
    const begins = (epoch !== null && told.progress.epoch !== null) || !told.progress.step;
    if (epoch) {
      told.progress.epoch = Number(epoch[1]);
      told.progress.epochs = Number(epoch[2]);
    }
    if (trainingBegins.test(text)) told.anchors.trainingStarted = true;
    if (modelSaved.test(text)) {
      told.anchors.modelSaved = true;
      told.anchors.trainingFinished = true;
      enter('finished', told);
    } else if (told.progress.phase !== 'finished') {
      const phase =
        (epoch ?? trainingBegins.test(text))
          ? // Without PYTHONUNBUFFERED the first of these come long after the training has begun.
            begins && 'training'
          : phases.find(([pattern]) => pattern.test(text))?.[1];
      if (phase) enter(phase, told);
      else if (sampleBegins.test(text)) beginSample(told);
    }
    remember(told.saved, saving.exec(text));
    remember(told.removed, removing.exec(text));
  },
};

function enter(phase: Progress['phase'], { progress }: Told): void {
  progress.phase = phase;
  progress.within = null;
}

function beginSample({ progress }: Told): void {
  if (progress.phase !== 'sampling') return;
  progress.within = { done: 0, total: null, item: (progress.within?.item ?? 0) + 1, left: null };
}

/**
 * With `--skip_until_initial_step` steps are counted from where the run goes on: the steps to skip, in
 * batches, less the epochs that are skipped whole.
 */
function skip(text: string, { announced }: Told): void {
  const steps = skippingSteps.exec(text)?.[1];
  if (steps !== undefined) announced.first_step = Number(steps) * (announced.gradient_accumulation_steps ?? 1);
  if (announced.first_step !== undefined && skippingEpoch.test(text)) {
    announced.first_step = Math.max(0, announced.first_step - (announced.num_batches_per_epoch ?? 0));
  }
}

function announce(text: string, told: Told): void {
  for (const [pattern, key] of announcements) {
    const value = pattern.exec(text)?.[1];
    if (value !== undefined && value.length < 16) told.announced[key] = Number(value);
  }
}

function remember(paths: string[], match: RegExpExecArray | null): void {
  if (match !== null && paths.length < mostPaths && match[1]!.length <= longestPath) paths.push(match[1]!);
}
