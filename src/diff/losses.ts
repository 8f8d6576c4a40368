/** Whether the losses of runs may be compared: a smaller one is no better where it measures something else. */
import type { ConfigValue } from '../model/facts.ts';
import type { Run } from '../model/run.ts';

/** Settings by which the same network on the same images has another loss. */
const deciding = [
  'loss_type',
  'huber_schedule',
  'huber_c',
  'huber_scale',
  'min_snr_gamma',
  'debiased_estimation_loss',
  'scale_v_pred_loss_like_noise_pred',
  'v_pred_like_loss',
  'v_parameterization',
  'zero_terminal_snr',
  'weighting_scheme',
  'prior_loss_weight',
  'masked_loss',
  'noise_offset',
  'multires_noise_iterations',
  'ip_noise_gamma',
  'min_timestep',
  'max_timestep',
  'train_batch_size',
  'gradient_accumulation_steps',
  'resolution',
];

export interface LossDifference {
  /** A setting, `dataset` or `base-model`. */
  subject: string;
  /** One a run; null where it is not set or not known. */
  values: ConfigValue[];
}

type Trained = Pick<Run, 'settings' | 'dataset' | 'files'>;

/** What sets the losses of runs apart; empty where nothing known does. */
export function lossDifferences(runs: readonly Trained[]): LossDifference[] {
  const rows: LossDifference[] = deciding.map((subject) => ({
    subject,
    values: runs.map(({ settings }) => settings.find((each) => each.key === subject && !each.ignored)?.value ?? null),
  }));
  rows.push({ subject: 'dataset', values: runs.map(({ dataset }) => dataset?.sha256 ?? null) });
  rows.push({
    subject: 'base-model',
    values: runs.map(({ files }) => files.find(({ role }) => role === 'base-model')?.sha256 ?? null),
  });
  return rows.filter(({ subject, values }) => differ(subject, values));
}

/** What is not known of a dataset or a model is no difference. */
function differ(subject: string, values: readonly ConfigValue[]): boolean {
  const isFile = subject === 'dataset' || subject === 'base-model';
  const told = (isFile ? values.filter((value) => value !== null) : values).map((value) => JSON.stringify(value));
  return new Set(told).size > 1;
}
