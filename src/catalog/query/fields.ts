import type { NumberColumn, TextColumn } from './condition.ts';

/** Fields of text, and how `field:value` compares. */
export const textFields: Record<string, { column: TextColumn; match: 'equals' | 'contains' }> = {
  id: { column: 'id', match: 'equals' },
  name: { column: 'name', match: 'contains' },
  model: { column: 'model', match: 'equals' },
  dataset: { column: 'dataset', match: 'equals' },
  version: { column: 'version', match: 'equals' },
  family: { column: 'family', match: 'equals' },
  status: { column: 'status', match: 'equals' },
  verdict: { column: 'verdict', match: 'equals' },
  reason: { column: 'reason', match: 'contains' },
  diagnosis: { column: 'diagnosis', match: 'equals' },
  trainer: { column: 'trainer', match: 'equals' },
  host: { column: 'host', match: 'equals' },
  output: { column: 'outputDir', match: 'contains' },
};

/** Fields that take one of a few words. */
export const choices: Record<string, readonly string[]> = {
  status: ['running', 'succeeded', 'failed', 'interrupted', 'lost'],
  verdict: ['worked', 'failed', 'mixed', 'none'],
};

/** `duration` is in seconds, or with a unit: `2h`. */
export const numberFields: Record<string, NumberColumn> = {
  exit: 'exitCode',
  duration: 'duration',
  step: 'step',
  total: 'total',
  loss: 'loss',
  gpu_hours: 'gpuHours',
  cost: 'cost',
  stars: 'stars',
};

export const timeFields = ['since', 'before'];

/** Short names of settings: what each means in the trainers that are known. */
export const settingAliases: Record<string, string[]> = {
  lr: ['learning_rate', 'lr'],
  unet_lr: ['unet_lr'],
  te_lr: ['text_encoder_lr'],
  dim: ['network_dim', 'dim', 'rank'],
  rank: ['network_dim', 'rank', 'dim'],
  alpha: ['network_alpha', 'alpha'],
  conv_dim: ['network_args.conv_dim', 'conv_dim'],
  conv_alpha: ['network_args.conv_alpha', 'conv_alpha'],
  algo: ['network_args.algo', 'algo'],
  batch: ['train_batch_size', 'batch_size', 'batch'],
  epochs: ['max_train_epochs', 'epochs'],
  steps: ['max_train_steps', 'steps'],
  seed: ['seed'],
  optimizer: ['optimizer_type', 'optimizer'],
  scheduler: ['lr_scheduler', 'scheduler'],
  resolution: ['resolution'],
  precision: ['mixed_precision', 'precision'],
};

/** Everything that may stand before `:`, for messages. */
export const fieldNames: readonly string[] = [
  ...Object.keys(textFields),
  'tag',
  ...timeFields,
  ...Object.keys(numberFields),
  ...Object.keys(settingAliases),
];
