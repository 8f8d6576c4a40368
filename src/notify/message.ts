import type { Measured, RunStatus } from '../model/facts.ts';
import type { NotifyEvent } from '../model/settings.ts';

/** What a receiver is told: the same for all, each says it in its own form. Holds no secret, no command and no path of its own. */
export interface Message {
  /** The same however often it is sent: `<run>/<key of the event>`. */
  key: string;
  event: NotifyEvent | 'test';
  /** Instant: when it happened. */
  at: string;
  /** One line. */
  title: string;
  /** Some lines. */
  text: string;
  run: MessageRun | null;
  /** An image that shows what the run made. */
  picture: Picture | null;
}

export interface MessageRun {
  id: string;
  name: string;
  family: string;
  status: RunStatus;
  host: string;
  step: number | null;
  total: number | null;
  loss: Measured | null;
  startedAt: string;
  endedAt: string | null;
  diagnosis: { code: string; message: string; hint: string | null } | null;
}

export interface Picture {
  name: string;
  /** `image/webp`, … */
  type: string;
  bytes: Uint8Array<ArrayBuffer>;
}

/** What a receiver made of a message. */
export type Answer =
  /** `detail` says how it answered: `status 200`. */
  | { outcome: 'sent'; detail: string }
  /** Worth another try, after so many milliseconds if it said so. */
  | { outcome: 'later'; detail: string; after: number | null }
  /** Not to be tried again: nothing would change. */
  | { outcome: 'refused'; detail: string };

/** A message as programs read it: the body for webhooks, standard input of commands. docs/settings.md describes it. */
export function asJson({ picture, ...message }: Message): string {
  return JSON.stringify({ version: 1, ...message });
}

/** How loud a message is. */
export function isAlarming(event: Message['event']): boolean {
  return event === 'failure' || event === 'nan' || event === 'stall' || event === 'disk';
}

/** At most so many characters, none cut in half. */
export function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most - 1).replace(/[\uD800-\uDBFF]$/, '')}…`;
}
