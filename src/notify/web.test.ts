import { expect, test } from 'vitest';
import type { Message, Picture } from './message.ts';
import { status, testServer } from './testing/server.ts';
import { discord, ntfy, webhook } from './web.ts';

const options = { name: 'r', on: [], contactSheet: true, prompts: false, allowPrivate: true };
const picture: Picture = { name: 'samples.webp', type: 'image/webp', bytes: new Uint8Array([82, 73, 70, 70]) };
const message = (more: Partial<Message> = {}): Message => ({
  key: 'run/end',
  event: 'failure',
  at: '2026-11-23T20:00:00.000Z',
  title: 'farkas-v1 elbukott: ő & @everyone',
  text: 'step 3 of *6*\non lair',
  run: null,
  picture: null,
  ...more,
});

test('a webhook gets the message as JSON, with a key that is the same each time, and its own headers', async () => {
  const server = await testServer();
  const headers = { 'X-Secret': 's3cret' };
  expect(
    await webhook({ ...options, type: 'webhook', url: `${server.url}/hook?a=1`, headers }, message({ picture })),
  ).toMatchObject({ outcome: 'sent' });
  const [asked] = server.asked;
  expect(asked).toMatchObject({
    path: '/hook?a=1',
    headers: { 'content-type': 'application/json', 'idempotency-key': 'run/end', 'x-secret': 's3cret' },
  });
  const { picture: _, ...rest } = message();
  expect(JSON.parse(String(asked?.body))).toEqual({ version: 1, ...rest });
});

test('Discord gets words without markup of their own, and mentions nobody', async () => {
  const server = await testServer((response) => status(response, 204));
  const to = { ...options, type: 'discord' as const, url: server.url };
  expect(await discord(to, message())).toEqual({ outcome: 'sent', detail: 'status 204' });
  expect(JSON.parse(String(server.asked[0]?.body))).toEqual({
    username: 'Spoor',
    content: '**farkas\\-v1 elbukott: ő & @everyone**\nstep 3 of \\*6\\*\non lair',
    allowed_mentions: { parse: [] },
  });
  await discord(to, message({ text: '*'.repeat(5000) }));
  expect(JSON.parse(String(server.asked[1]?.body)).content).toHaveLength(2000);
});

test('a picture goes to Discord as a file; a server that does not take it gets the words', async () => {
  const server = await testServer((response, _, index) => status(response, index === 1 ? 413 : 200));
  const to = { ...options, type: 'discord' as const, url: server.url };
  expect(await discord(to, message({ picture }))).toEqual({ outcome: 'sent', detail: 'status 200' });
  const [asked] = server.asked;
  const form = await new Response(new Uint8Array(asked!.body), {
    headers: { 'content-type': String(asked?.headers['content-type']) },
  }).formData();
  const file = form.get('files[0]') as File;
  expect([file.name, file.type, file.size]).toEqual(['samples.webp', 'image/webp', 4]);
  expect(JSON.parse(String(form.get('payload_json'))).username).toBe('Spoor');
  expect(await discord(to, message({ picture }))).toEqual({
    outcome: 'sent',
    detail: 'status 200, without its picture',
  });
  expect(server.asked[2]?.headers['content-type']).toBe('application/json');
});

test('ntfy gets title, urgency and words of any letters', async () => {
  const server = await testServer();
  const to = { ...options, type: 'ntfy' as const, url: `${server.url}/topic`, token: 'tk_1' };
  expect(await ntfy(to, message())).toMatchObject({ outcome: 'sent' });
  const { path, headers, body } = server.asked[0]!;
  const url = new URL(path, server.url);
  expect(url.pathname).toBe('/topic');
  expect(Object.fromEntries(url.searchParams)).toEqual({
    title: 'farkas-v1 elbukott: ő & @everyone',
    priority: '4',
    tags: 'x',
  });
  expect(headers.authorization).toBe('Bearer tk_1');
  expect(String(body)).toBe('step 3 of *6*\non lair');
});

test('a picture goes to ntfy as the body; a server that takes no files gets the words', async () => {
  const server = await testServer((response, { method }) => status(response, method === 'PUT' ? 400 : 200));
  const to = { ...options, type: 'ntfy' as const, url: `${server.url}/topic`, token: null };
  expect(await ntfy(to, message({ event: 'finish', picture }))).toEqual({
    outcome: 'sent',
    detail: 'status 200, without its picture',
  });
  const url = new URL(server.asked[0]!.path, server.url);
  expect(Object.fromEntries(url.searchParams)).toMatchObject({
    filename: 'samples.webp',
    message: 'step 3 of *6*\non lair',
    priority: '3',
  });
  expect([...server.asked[0]!.body]).toEqual([...picture.bytes]);
  expect(String(server.asked[1]?.body)).toBe('step 3 of *6*\non lair');
});
