import type { Receiver } from '../model/settings.ts';
import { command, desktop } from './local.ts';
import type { Answer, Message } from './message.ts';
import { discord, ntfy, webhook } from './web.ts';

/** Where programs run. */
export interface Machine {
  env: Readonly<Record<string, string | undefined>>;
  platform: NodeJS.Platform;
}

/** One try of one message at one receiver. Never throws. */
export function deliver(receiver: Receiver, message: Message, { env, platform }: Machine): Promise<Answer> {
  switch (receiver.type) {
    case 'desktop':
      return desktop(message, env, platform);
    case 'webhook':
      return webhook(receiver, message);
    case 'discord':
      return discord(receiver, message);
    case 'ntfy':
      return ntfy(receiver, message);
    case 'command':
      return command(receiver, message, env);
  }
}
