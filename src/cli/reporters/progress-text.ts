import type { Measured, Progress } from '../../model/facts.ts';
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

/** `62%`, never 100 before the end. */
export function percentText({ step, total }: Pick<Progress, 'step' | 'total'>): string {
  return step === null || !total ? '' : `${Math.min(100, Math.floor((step / total) * 100))}%`;
}

const blocks = '▁▂▃▄▅▆▇█';

/** Where values went, as `width` blocks of the height of their means; nothing of few, or where one is no number. */
export function sparkline(values: readonly Measured[], width = 8): string {
  if (values.length < width || values.some((value) => typeof value !== 'number')) return '';
  const means = Array.from({ length: width }, (_, i) => {
    const part = values.slice(Math.floor((i * values.length) / width), Math.floor(((i + 1) * values.length) / width));
    return (part as number[]).reduce((sum, each) => sum + each, 0) / part.length;
  });
  const least = Math.min(...means);
  const range = Math.max(...means) - least;
  return means.map((mean) => blocks[range === 0 ? 3 : Math.round(((mean - least) / range) * 7)]).join('');
}
