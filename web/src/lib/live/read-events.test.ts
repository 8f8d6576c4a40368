import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Block, readEvents } from './read-events.ts';

let server: Server;
let address: string;
let answer: (response: ServerResponse) => void;

beforeEach(async () => {
  server = createServer((_, response) => answer(response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterEach(
  () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    }),
);

/** What was read, and how it ended: `ended`, or the status of the error. */
async function read(silenceMs?: number): Promise<{ blocks: Block[]; end: unknown }> {
  const blocks: Block[] = [];
  const reading = readEvents(address, new AbortController().signal, (block) => blocks.push(block), silenceMs);
  const end = await reading.then(
    () => 'ended',
    (error) => error.status,
  );
  return { blocks, end };
}

describe('a connection of events', () => {
  it('gives events and heartbeats with their ids, however they are cut, until the server ends it', async () => {
    answer = async (response) => {
      for (const part of [
        'id: a-1\nda',
        'ta: {"n":1}\n',
        '\nid: a-2\n\nid: a-',
        '3\ndata: {"n":3}\n\nid: a-4\ndata: {',
      ])
        await new Promise((resolve) => response.write(part, resolve));
      response.end();
    };
    expect(await read()).toEqual({
      blocks: [
        { id: 'a-1', data: '{"n":1}' },
        { id: 'a-2', data: null },
        { id: 'a-3', data: '{"n":3}' },
      ],
      end: 'ended',
    });
  });

  it('tells why it was refused', async () => {
    answer = (response) => response.writeHead(401).end('{}');
    expect(await read()).toEqual({ blocks: [], end: 401 });
  });

  it('is lost where it breaks, where nobody answers, and where nothing comes for long', async () => {
    answer = (response) => response.write('id: a-1\n\n', () => response.destroy());
    expect(await read()).toEqual({ blocks: [{ id: 'a-1', data: null }], end: 0 });
    answer = (response) => void response.write('id: a-1\n\n');
    expect(await read(50)).toEqual({ blocks: [{ id: 'a-1', data: null }], end: 0 });
    answer = () => {};
    expect(await read(50)).toEqual({ blocks: [], end: 0 });
    await new Promise<void>((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
    expect((await read()).end).toBe(0);
  });
});
