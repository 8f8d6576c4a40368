/** What the tests of messages share. */
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { testServer } from '../../src/notify/testing/server.ts';
import { processesNamed } from '../run/play.ts';
import type { World } from '../support/world.ts';

/** Writes the settings of the world. */
export function settings(world: World, text: string): void {
  world.write(join(world.env.HOME ?? '', '.config/spoor/config.toml'), text);
}

export function hook(name: string, url: string, more = ''): string {
  return `[notify.${name}]\ntype = "webhook"\nurl = "${url}"\nallow_private = true\n${more}\n`;
}

export const notifiers = (world: World) => processesNamed(world, 'dist/notifier.js');

/** Runs that wait for their messages to be sent. */
export function outbox(world: World): string[] {
  const directory = join(world.spoorHome, 'outbox');
  return existsSync(directory) ? readdirSync(directory) : [];
}

/** A webhook that takes everything, and the events of which it was told, in order. */
export async function mailbox(answer?: Parameters<typeof testServer>[0]) {
  const server = await testServer(answer);
  const bodies = () => server.asked.map(({ body }) => JSON.parse(String(body)));
  return { ...server, bodies, events: () => bodies().map(({ event }) => event as string) };
}

/** The loss of the world's trainer is NaN from its first step on. */
export const allNan = { T_NAN: Array.from({ length: 5000 }, (_, i) => i + 1).join(' ') };
