import type { Warning } from '../../model/facts.ts';
import type { Get } from './named.ts';

/** Settings that sd-scripts refuses beside each other, once it has loaded everything. */
export function conflicts(get: Get): Warning[] {
  const warnings: Warning[] = [];
  const refuse = (message: string, hint: string) =>
    warnings.push({ code: 'conflicting-settings', message: `${message}; sd-scripts refuses to start`, hint });
  const warmup = get('lr_warmup_steps');
  const scheduler = get('lr_scheduler_type') || get('lr_scheduler');
  const takesNoWarmup =
    Boolean(get('lr_scheduler_type')) || scheduler === 'constant' || /^adafactor/.test(String(scheduler));
  const scheduleFree = /schedulefree/i.test(String(get('optimizer_type')));
  if (takesNoWarmup && !scheduleFree && warmup !== null && warmup !== 0) {
    const hint = 'Set lr_warmup_steps to 0, or lr_scheduler to constant_with_warmup.';
    refuse(`lr_warmup_steps is ${JSON.stringify(warmup)}, but the scheduler ${scheduler} has no warm-up`, hint);
  }
  if (get('adaptive_noise_scale') !== null && get('noise_offset') === null) {
    refuse(
      'adaptive_noise_scale is set without noise_offset',
      'Set noise_offset too, or leave adaptive_noise_scale out.',
    );
  }
  return warnings;
}
