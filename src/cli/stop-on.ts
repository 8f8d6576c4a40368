import { SpoorError } from '../model/errors.ts';
import { type StopReason, stopReasons } from '../model/settings.ts';

/** `nan,stall`, or `none` for nothing whatever the settings say. Errors: `bad-stop-on`. */
export function stopOn(text: string): StopReason[] {
  if (text === 'none') return [];
  const words = text.split(',').map((word) => word.trim());
  const found = words.flatMap((word) => stopReasons.find((each) => each === word) ?? []);
  if (found.length === words.length) return [...new Set(found)];
  const hint = `Give ${stopReasons.join(', ')}, both with a comma between, or none.`;
  throw new SpoorError('usage', 'bad-stop-on', `--stop-on ${text} is no reason to stop`, hint);
}
