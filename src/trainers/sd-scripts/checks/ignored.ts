import type { Setting } from '../../../model/facts.ts';
import type { CheckSubject, Finding } from '../../trainer.ts';

/** Given for every run out of habit: worth a note, not a warning at each launch. */
const habitual = new Set(['learning_rate', 'lr_scheduler']);

/** Settings that somebody wrote and that sd-scripts passes over. */
export function ignoredSettings({ settings }: CheckSubject): Finding[] {
  const written = settings.filter(
    ({ key, source, ignored }) =>
      ignored !== undefined &&
      !key.startsWith('accelerate.') &&
      source.kind !== 'default' &&
      source.kind !== 'confirmed',
  );
  return written.map((setting) => ({
    severity: habitual.has(setting.key) ? 'note' : 'warning',
    code: 'setting-ignored',
    message: `${setting.key} is ignored (${placeOf(setting)}): ${setting.ignored}`,
    hint: `Leave ${setting.key} out, so that it misleads nobody.`,
  }));
}

function placeOf({ source: { kind, file, line } }: Setting): string {
  if (file === undefined) return kind === 'argument' ? 'on the command line' : kind;
  return line === undefined ? file : `${file}:${line}`;
}
