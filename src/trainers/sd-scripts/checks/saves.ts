import type { ConfigValue } from '../../../model/facts.ts';
import type { CheckSubject } from '../../trainer.ts';

/** What a run will save, as far as its settings tell. */
export interface SavePlan {
  /** Planned optimizer steps and epochs; null where the dataset would have to be counted. */
  steps: number | null;
  epochs: number | null;
  everySteps: number | null;
  everyEpochs: number | null;
  /** How many checkpoints and training states lie there at the end, older ones being removed on the way. */
  checkpoints: number;
  states: number;
  savesStates: boolean;
}

export function planOf(subject: CheckSubject): SavePlan {
  const get = getter(subject);
  const perEpoch = stepsPerEpoch(subject);
  const maxEpochs = get('max_train_epochs');
  const maxSteps = get('max_train_steps');
  const steps = maxEpochs === null ? maxSteps : perEpoch === null ? null : maxEpochs * perEpoch;
  const epochs = maxEpochs ?? (maxSteps === null || perEpoch === null ? null : Math.ceil(maxSteps / perEpoch));
  const everySteps = get('save_every_n_steps');
  const ratio = get('save_n_epoch_ratio');
  const everyEpochs =
    ratio !== null && epochs !== null ? Math.max(1, Math.floor(epochs / ratio)) : get('save_every_n_epochs');
  const atSteps = everySteps === null || steps === null ? 0 : Math.floor(steps / everySteps);
  // None for the last epoch, which the final one stands for.
  const atEpochs = everyEpochs === null || epochs === null ? 0 : Math.max(0, Math.floor((epochs - 1) / everyEpochs));
  const keptSteps = (key: string) => {
    const last = get(key);
    return last === null || everySteps === null ? null : Math.floor(last / everySteps) + 1;
  };
  const kept = (count: number, most: number | null) => Math.min(count, most ?? count);
  const checkpoints = kept(atSteps, keptSteps('save_last_n_steps')) + kept(atEpochs, get('save_last_n_epochs'));
  const states =
    kept(atSteps, keptSteps('save_last_n_steps_state') ?? keptSteps('save_last_n_steps')) +
    kept(atEpochs, get('save_last_n_epochs_state') ?? get('save_last_n_epochs'));
  const savesStates = settingOf(subject, 'save_state') === true;
  const savesLast = savesStates || settingOf(subject, 'save_state_on_train_end') === true;
  return {
    steps,
    epochs,
    everySteps,
    everyEpochs,
    checkpoints: checkpoints + 1,
    states: (savesStates ? states : 0) + Number(savesLast),
    savesStates,
  };
}

export function settingOf({ settings }: CheckSubject, key: string): ConfigValue {
  const setting = settings.find((each) => each.key === key);
  return setting?.ignored === undefined ? (setting?.value ?? null) : null;
}

/** Positive numbers only. */
function getter(subject: CheckSubject): (key: string) => number | null {
  return (key) => {
    const value = settingOf(subject, key);
    return typeof value === 'number' && value > 0 ? value : null;
  };
}

/** Known where all images are read equally often in batches of one size, and none are for regularisation. */
function stepsPerEpoch(subject: CheckSubject): number | null {
  const { dataset, settings } = subject;
  if (dataset === null || dataset.images === 0 || dataset.roots.some(({ kind }) => kind !== 'train')) return null;
  const repeats = new Set(dataset.roots.flatMap((root) => root.folders?.map((each) => each.repeats) ?? root.repeats));
  const [often = null] = repeats;
  if (repeats.size !== 1 || often === null) return null;
  const inDatasets = settings.filter(({ key }) => /^datasets\[\d+\]\.batch_size$/.test(key));
  const batches = new Set(
    inDatasets.length > 0 ? inDatasets.map(({ value }) => value) : [settingOf(subject, 'train_batch_size')],
  );
  const [batch] = batches;
  if (batches.size !== 1 || typeof batch !== 'number' || batch <= 0) return null;
  const accumulation = getter(subject)('gradient_accumulation_steps') ?? 1;
  return Math.ceil((dataset.images * often) / batch / accumulation);
}
