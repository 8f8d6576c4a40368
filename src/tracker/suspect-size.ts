/** How much a change is by itself, before any other run is asked. */
import type { Change } from '../diff/change.ts';

export interface Size {
  weight: number;
  reason: string;
}

/** What is known to decide how a LoRA turns out, the strongest first: rate, optimizer, network, base model. */
const strong: readonly [RegExp, number][] = [
  [/(?:^|_)(?:lr|learning_rate)$|^optimizer_type$/, 4],
  [/^pretrained_model_name_or_path$|^network_(?:module|dim|alpha)$|^network_args\.|^optimizer_args/, 3],
  [/^max_train_|batch_size$|num_repeats$|^repeats of |resolution$|^lr_scheduler|^loss_type$|noise|snr|timestep/, 2],
  [/^seed$/, 0.5],
];

const areas: Readonly<Record<Change['area'], number>> = {
  arguments: 1.2,
  model: 2.5,
  dataset: 2,
  code: 1.5,
  config: 1,
  environment: 0.6,
  hardware: 0.5,
  prompts: 0.1,
  script: 0.1,
};

/** Packages that compute. */
const computing = /^(?:torch|diffusers|transformers|accelerate|xformers|bitsandbytes|lycoris-lora|python|cuda)$/;

/** @param all changes of the two runs, for the parts of this one */
export function sizeOfChange(change: Change, all: readonly Change[]): Size {
  if (change.kind === 'unknown') return { weight: 0.3, reason: 'it is not known whether it changed' };
  const base =
    change.area === 'environment' && computing.test(change.subject)
      ? 1.2
      : (strong.find(([pattern]) => change.area !== 'code' && pattern.test(change.subject))?.[1] ?? areas[change.area]);
  const times = ratio(change);
  if (times !== null) {
    return { weight: base * Math.min(3, 0.4 + Math.abs(Math.log2(times))), reason: timesText(times) };
  }
  const parts = all.filter(({ partOf, effective }) => partOf === change.subject && effective);
  if (change.area === 'code' && parts.length > 0) {
    const lines = parts.reduce((sum, { detail }) => sum + linesOf(detail), 0);
    const reason = `${parts.length === 1 ? '1 file that is' : `${parts.length} files that are`} read, ${lines} lines`;
    return { weight: base * Math.min(2, 0.6 + Math.log10(1 + lines) / 2), reason };
  }
  if (change.area === 'dataset' && typeof (change.after ?? change.before) === 'number') {
    const count = Number(change.after ?? change.before);
    return { weight: base * Math.min(1.5, 0.4 + count / 20), reason: `${count} ${change.subject}` };
  }
  return { weight: base, reason: change.area === 'model' ? 'what is trained on' : `${change.kind} ${change.area}` };
}

function ratio({ before, after, area, subject }: Change): number | null {
  // Of a seed neither more nor less can be said.
  if (subject === 'seed') return null;
  if (area !== 'arguments' && area !== 'config' && area !== 'dataset') return null;
  if (typeof before !== 'number' || typeof after !== 'number' || before * after <= 0 || before === after) return null;
  return after / before;
}

function timesText(times: number): string {
  const isMore = times > 1;
  const factor = Number((isMore ? times : 1 / times).toPrecision(2));
  return isMore ? `${factor} times as much` : `1/${factor} of it`;
}

function linesOf(detail: string | null): number {
  const [, added, removed] = /\+(\d+) −(\d+)/.exec(detail ?? '') ?? [];
  return Number(added ?? 0) + Number(removed ?? 0);
}
