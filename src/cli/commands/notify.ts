import { nearest } from '../../catalog/nearest.ts';
import { exitStatuses, SpoorError } from '../../model/errors.ts';
import type { Receiver } from '../../model/settings.ts';
import { deliver } from '../../notify/deliver.ts';
import type { Answer, Message } from '../../notify/message.ts';
import type { Context } from '../context.ts';
import { jsonText } from '../json.ts';
import { insist, readSettings } from '../settings.ts';
import { shortPath, visible } from '../text.ts';

/** Sends a test to one receiver or to all, and tells how each answered. 69 if one of them did not take it. */
export async function notifyTest(
  context: Context,
  name: string | undefined,
  options: { json?: true },
): Promise<number> {
  const read = await readSettings(context.env, context.userHome);
  insist(read);
  const receivers = chosen(read.settings.notify.receivers, name, shortPath(read.file, context.userHome));
  const results = await Promise.all(receivers.map((receiver) => tried(context, receiver)));
  if (options.json) {
    const shown = results.map((each) => ({
      receiver: each.receiver.name,
      type: each.receiver.type,
      ...outcomeOf(each),
    }));
    context.stdout.write(`${jsonText(shown, 2)}\n`);
  } else for (const result of results) context.stdout.write(`${line(context, result)}\n`);
  return results.every(({ answer }) => answer.outcome === 'sent') ? 0 : exitStatuses.unavailable;
}

/** The same for a page. Errors: `bad-settings`, `no-receivers`, `no-such-receiver`. */
export async function testOne(context: Context, name: string) {
  const read = await readSettings(context.env, context.userHome);
  const [receiver] = chosen(read.settings.notify.receivers, name, shortPath(read.file, context.userHome));
  return outcomeOf(await tried(context, receiver as Receiver));
}

function outcomeOf({ answer: { outcome, detail }, milliseconds }: Tried) {
  return { outcome: outcome === 'sent' ? ('sent' as const) : ('failed' as const), detail, milliseconds };
}

function chosen(receivers: readonly Receiver[], name: string | undefined, file: string): readonly Receiver[] {
  if (receivers.length === 0) {
    const hint = `Describe one in ${file}: [notify.desk] with type = "desktop"; docs/settings.md shows each type.`;
    throw new SpoorError('not-found', 'no-receivers', 'no receiver of messages is set up, and nothing is sent', hint);
  }
  if (name === undefined) return receivers;
  const found = receivers.filter((each) => each.name === name);
  if (found.length > 0) return found;
  const names = receivers.map((each) => each.name);
  const [meant] = nearest(name, names, 1);
  const hint = meant === undefined ? `There are ${names.join(', ')}.` : `Did you mean ${meant}?`;
  throw new SpoorError('not-found', 'no-such-receiver', `no receiver is called "${name}"`, hint);
}

interface Tried {
  receiver: Receiver;
  answer: Answer;
  milliseconds: number;
}

async function tried({ env, now, host }: Context, receiver: Receiver): Promise<Tried> {
  const at = now().toISOString();
  const message: Message = {
    key: `test/${at}`,
    event: 'test',
    at,
    title: 'Spoor can reach you',
    text: `A test from ${host}: messages about trainings will come here.`,
    run: null,
    picture: null,
  };
  const began = performance.now();
  const answer = await deliver(receiver, message, { env, platform: process.platform });
  return { receiver, answer, milliseconds: Math.round(performance.now() - began) };
}

function line({ style }: Context, { receiver: { name, type }, answer, milliseconds }: Tried): string {
  const sent = answer.outcome === 'sent';
  const mark = sent ? style.green('✓') : style.red('✗');
  return `${mark} ${visible(name)} (${type}): ${sent ? 'sent' : 'not sent'}, ${visible(answer.detail)} ${style.dim(`${milliseconds} ms`)}`;
}
