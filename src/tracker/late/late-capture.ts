import type { LateCapture, Warning } from '../../model/facts.ts';

/** What a capture after the launch is labelled with. */
export function lateWarnings({ milliseconds, changed, changedMore }: LateCapture): Warning[] {
  const warnings: Warning[] = [
    {
      code: 'captured-late',
      message: `captured ${ago(milliseconds)} after launch: what the trainer read may have been changed before`,
      hint: 'Start the next one with spoor run, or beneath spoor wrap.',
    },
  ];
  if (changed.length > 0) {
    const some = changed.slice(0, 3);
    const more = changed.length - some.length + changedMore;
    const message = `changed since the launch: ${some.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
    const hint = 'The record holds them as they are now, which may not be what the trainer read.';
    warnings.push({ code: 'changed-since-launch', message, hint });
  }
  return warnings;
}

/** `40 seconds`, `12 minutes`, `3.5 hours`. */
function ago(milliseconds: number): string {
  const seconds = Math.round(milliseconds / 1000);
  if (seconds < 90) return seconds === 1 ? '1 second' : `${seconds} seconds`;
  if (seconds < 90 * 60) return `${Math.round(seconds / 60)} minutes`;
  return `${Number((seconds / 3600).toFixed(1))} hours`;
}

/** What is known of a training that Spoor finds instead of starting it. */
export interface Found {
  by: LateCapture['by'];
  launchedAt: Date;
  /** 10 bytes, the same whenever the same training is found. */
  key: Uint8Array;
  /** What there is to say of how it was found. */
  warnings: Warning[];
  /** What would start it with the configuration it was found to have: its trainer's name and arguments. */
  started?: { trainer: string; arguments: string[] };
}
