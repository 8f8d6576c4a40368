import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { descriptorWriter } from './descriptor.ts';
import { tailLog } from './tail.ts';
import { eventually, start, temporaryDirectory } from './testing/world.ts';

function collect() {
  const chunks: Buffer[] = [];
  return {
    write: async (bytes: Uint8Array) => {
      chunks.push(Buffer.from(bytes));
    },
    text: () => Buffer.concat(chunks).toString(),
  };
}

test('bytes are shown as they come, and all of them by the end', async () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, 'a');
  const { write, text } = collect();
  const tail = tailLog({ path, write });
  await eventually(() => text() === 'a');
  appendFileSync(path, 'b\r');
  await eventually(() => text() === 'ab\r');
  appendFileSync(path, '\xff');
  expect(await tail.finish()).toBe(5);
  expect(text()).toBe(readFileSync(path, 'utf8'));
  expect(await tail.broken).toBeNull();
});

test('a line is shown within milliseconds', async () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, '');
  let shown = Promise.withResolvers<number>();
  const tail = tailLog({ path, write: async () => shown.resolve(performance.now()), poll: 60_000 });
  const delays: number[] = [];
  await new Promise((resolve) => setTimeout(resolve, 50));
  // Other load only lengthens a delay: on a busy machine it takes more of them until most of twenty were short.
  const isQuick = () => delays.slice(-20).sort((a, b) => a - b)[10]! < 10;
  for (let i = 0; i < 20 || (i < 1000 && !isQuick()); i++) {
    shown = Promise.withResolvers();
    const at = performance.now();
    appendFileSync(path, 'line\n');
    delays.push((await shown.promise) - at);
  }
  await tail.finish();
  expect(isQuick()).toBe(true);
});

test('without word from the file system it polls', async () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, '');
  const { write, text } = collect();
  const tail = tailLog({ path, write, poll: 5 });
  appendFileSync(path, 'x');
  await eventually(() => text() === 'x');
  await tail.finish();
});

test('it begins where it is told to', async () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, '0123456789');
  const { write, text } = collect();
  expect(await tailLog({ path, write, from: 4 }).finish()).toBe(6);
  expect(text()).toBe('456789');
});

test('a slow reader holds it back, and nothing is lost', async () => {
  const path = join(temporaryDirectory(), 'log');
  const content = Buffer.alloc(5 * 2 ** 20, 'spoor\n');
  writeFileSync(path, content);
  const hash = createHash('sha256');
  let writing = 0;
  const tail = tailLog({
    path,
    write: async (bytes) => {
      expect(++writing).toBe(1);
      await new Promise((resolve) => setTimeout(resolve, 5));
      hash.update(bytes);
      writing--;
    },
  });
  await tail.finish();
  expect(hash.digest('hex')).toBe(createHash('sha256').update(content).digest('hex'));
});

test('a reader that has stalled is not waited for beyond the patience', async () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, 'x');
  const stall = Promise.withResolvers<void>();
  const tail = tailLog({ path, write: () => stall.promise });
  expect(await tail.finish(20)).toBe(0);
  stall.resolve();
  expect(await tail.finish()).toBe(1);
});

test('when showing fails it ends and tells why', async () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, 'x');
  const tail = tailLog({ path, write: descriptorWriter(openSync('/dev/full', 'w')) });
  expect(await tail.broken).toMatchObject({ code: 'ENOSPC' });
  await tail.finish();
});

test('200 MB written by a trainer pass identical to the last byte', async () => {
  const { launched, log } = await start([
    'python3',
    '-c',
    'import os, sys\nblock = bytes(range(256)) * 4096\nfor i in range(200): sys.stdout.buffer.write(block)',
  ]);
  const hash = createHash('sha256');
  const tail = tailLog({
    path: log,
    write: async (bytes) => {
      hash.update(bytes);
    },
  });
  await launched.ended;
  expect(await tail.finish()).toBe(200 * 2 ** 20);
  const expected = createHash('sha256');
  const block = Buffer.from(Array.from({ length: 2 ** 20 }, (_, i) => i % 256));
  for (let i = 0; i < 200; i++) expected.update(block);
  expect(hash.digest('hex')).toBe(expected.digest('hex'));
});

test('a grandchild that keeps the log open is not waited for', async () => {
  const { launched, log } = await start(['sh', '-c', 'sleep 30 & echo done']);
  const { write, text } = collect();
  const tail = tailLog({ path: log, write });
  expect(await launched.ended).toMatchObject({ status: 0 });
  await tail.finish();
  expect(text()).toBe('done\n');
});

test('a pipe that someone made non-blocking loses nothing', async () => {
  const path = join(temporaryDirectory(), 'log');
  writeFileSync(path, Buffer.alloc(3 * 2 ** 20, 'x'));
  const program = `
    import { tailLog } from ${JSON.stringify(join(import.meta.dirname, 'tail.ts'))};
    import { descriptorWriter } from ${JSON.stringify(join(import.meta.dirname, 'descriptor.ts'))};
    process.stdout.write('');
    await tailLog({ path: ${JSON.stringify(path)}, write: descriptorWriter(1) }).finish();`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let bytes = 0;
  for await (const part of child.stdout) {
    bytes += part.length;
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  expect(bytes).toBe(3 * 2 ** 20);
});
