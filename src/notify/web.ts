/** Receivers that are asked over the web. */
import type { Receiver } from '../model/settings.ts';
import { type Answer, asJson, cut, isAlarming, type Message } from './message.ts';
import { post } from './post.ts';

type Of<T extends Receiver['type']> = Extract<Receiver, { type: T }>;

/** Any server that takes JSON. The key lets it know a message that comes twice. */
export function webhook({ url, headers, allowPrivate }: Of<'webhook'>, message: Message): Promise<Answer> {
  const own = { 'content-type': 'application/json', 'idempotency-key': message.key };
  return post({ url, method: 'POST', headers: { ...own, ...headers }, body: asJson(message), allowPrivate });
}

/** https://docs.discord.com/developers/resources/webhook: at most 2,000 characters; nobody is mentioned. */
export async function discord({ url, allowPrivate }: Of<'discord'>, message: Message): Promise<Answer> {
  const { title, text, picture } = message;
  const content = cut(`**${escaped(title)}**\n${escaped(text)}`, 2000);
  const payload = JSON.stringify({ username: 'Spoor', content, allowed_mentions: { parse: [] } });
  const bare = () =>
    post({ url, method: 'POST', headers: { 'content-type': 'application/json' }, body: payload, allowPrivate });
  if (picture === null) return bare();
  const form = new FormData();
  form.append('payload_json', payload);
  form.append('files[0]', new Blob([picture.bytes], { type: picture.type }), picture.name);
  const encoded = new Response(form);
  const headers = { 'content-type': encoded.headers.get('content-type') ?? '' };
  const body = new Uint8Array(await encoded.arrayBuffer());
  return withoutPicture(await post({ url, method: 'POST', headers, body, allowPrivate }), bare);
}

/** Characters that Discord would take for markup. */
const escaped = (text: string) => text.replace(/[\\*_~`|>#\][()-]/g, '\\$&');

/** https://docs.ntfy.sh/publish: what a header would say stands in the query, where it may be of any letters. */
export async function ntfy({ url, token, allowPrivate }: Of<'ntfy'>, message: Message): Promise<Answer> {
  const { title, text, picture, event } = message;
  const headers: Record<string, string> = token === null ? {} : { authorization: `Bearer ${token}` };
  const target = (more: Record<string, string>) => {
    const address = new URL(url);
    const priority = isAlarming(event) ? '4' : '3';
    const said = { title: cut(title, 250), priority, tags: tags[event], ...more };
    for (const [name, value] of Object.entries(said)) address.searchParams.set(name, value);
    return address.href;
  };
  const bare = () => post({ url: target({}), method: 'POST', headers, body: cut(text, 1300), allowPrivate });
  if (picture === null) return bare();
  const withPicture = target({ filename: picture.name, message: cut(text, 1300) });
  return withoutPicture(
    await post({ url: withPicture, method: 'PUT', headers, body: picture.bytes, allowPrivate }),
    bare,
  );
}

const tags: Record<Message['event'], string> = {
  finish: 'white_check_mark',
  failure: 'x',
  interrupted: 'stop_sign',
  nan: 'warning',
  stall: 'hourglass',
  disk: 'floppy_disk',
  test: 'wave',
};

/** A server may take words and no files, or none of that size. */
async function withoutPicture(answer: Answer, bare: () => Promise<Answer>): Promise<Answer> {
  if (answer.outcome !== 'refused' || !/^status (400|413|415|422)$/.test(answer.detail)) return answer;
  const again = await bare();
  return again.outcome === 'sent' ? { ...again, detail: `${again.detail}, without its picture` } : again;
}
