import type { Progress } from '../../model/facts.ts';
import { duration } from '../text.ts';

/** `training`; `caching 40/120`; `sampling 2: 12/30`, the second image at its twelfth step. */
export function phaseText({ phase, within }: Progress): string {
  if (!within) return phase;
  const item = within.item === null ? '' : ` ${within.item}`;
  const count = within.total === null ? '' : `${within.done}/${within.total}`;
  return `${phase}${item}${item && count ? ':' : ''}${count && ` ${count}`}`;
}

/** `2.1 it/s` or `7.3 s/it`, as bars of the field say it: what steps took lately, else since the start. */
export function rateText({ stepSeconds, rate }: Progress): string {
  const seconds = stepSeconds ?? (rate ? 1 / rate : null);
  if (seconds === null || !(seconds > 0)) return '';
  const value = seconds < 1 ? 1 / seconds : seconds;
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${seconds < 1 ? 'it/s' : 's/it'}`;
}

/** Time left; `~` before it while the training pauses, for nobody knows how long. */
export function etaText({ eta, phase, step }: Progress): string {
  if (eta == null || step === null || phase === 'finished') return '';
  return `${phase === 'training' ? '' : '~'}${duration(eta * 1000)}`;
}
