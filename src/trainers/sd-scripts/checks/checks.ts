/** What of a run of sd-scripts deserves a look before it starts. */
import type { CheckSubject, Finding } from '../../trainer.ts';
import { captionChecks } from './captions.ts';
import { diskChecks } from './disk.ts';
import { ignoredSettings } from './ignored.ts';
import { overwritten } from './overwritten.ts';
import { planOf } from './saves.ts';

export function checks(subject: CheckSubject): Finding[] {
  const plan = planOf(subject);
  return [
    ...overwritten(subject, plan),
    ...diskChecks(subject, plan),
    ...captionChecks(subject),
    ...ignoredSettings(subject),
  ];
}
