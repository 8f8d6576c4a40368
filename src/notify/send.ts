import { setTimeout as delay } from 'node:timers/promises';
import type { Answer } from './message.ts';

/** Milliseconds between tries: an hour in all, then the message is given up. */
export const backOff: readonly number[] = [2_000, 10_000, 30_000, 120_000, 600_000, 1_200_000, 1_800_000];

/** What became of a message in the end. */
export interface Delivered {
  outcome: 'sent' | 'failed';
  attempts: number;
  detail: string;
}

/** Tries until the message is sent, refused, or given up. A receiver that says when to come again is asked then, not before. */
export async function send(attempt: () => Promise<Answer>, waits = backOff): Promise<Delivered> {
  const longest = waits.at(-1) ?? 0;
  for (let attempts = 1; ; attempts++) {
    const answer = await attempt();
    if (answer.outcome === 'sent') return { outcome: 'sent', attempts, detail: answer.detail };
    const wait = waits[attempts - 1];
    if (answer.outcome === 'refused' || wait === undefined)
      return { outcome: 'failed', attempts, detail: answer.detail };
    if ((answer.after ?? 0) > longest) {
      const detail = `${answer.detail}; it asks to wait for ${Math.round((answer.after ?? 0) / 60_000)} minutes`;
      return { outcome: 'failed', attempts, detail };
    }
    await delay(Math.max(wait, answer.after ?? 0));
  }
}
