import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { execa } from 'execa';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { spoor, spoorBin } from '../support/spoor.ts';
import { makeWorld, type World } from '../support/world.ts';

let world: World;
let browser: string;
const servers: { kill(signal?: 'SIGTERM' | 'SIGKILL'): boolean }[] = [];

beforeEach(() => {
  world = makeWorld();
  browser = world.write(join(world.root, 'browser'), '#!/bin/sh\nprintf "%s\\n" "$@" >> "$HOME/opened"\n');
  world.git(world.root, 'init', '-q', 'user');
});
afterEach(() => {
  for (const each of servers.splice(0)) each.kill('SIGTERM');
  world.remove();
});

const opened = () => {
  const file = join(world.env.HOME as string, 'opened');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
};
async function seen<T>(look: () => T | null | false): Promise<T> {
  for (;;) {
    const found = look();
    if (found) return found;
    await delay(20);
  }
}

/** A server of `spoor ui` that says where it is. */
async function open(env: Record<string, string>, ...args: string[]) {
  const child = execa(process.execPath, [spoorBin, 'ui', ...args], {
    cwd: world.root,
    env: { ...world.env, ...env },
    extendEnv: false,
    reject: false,
    stdin: 'ignore',
  });
  servers.push(child);
  let told = '';
  child.stderr.on('data', (chunk: Buffer) => {
    told += String(chunk);
  });
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.once('data', (chunk: Buffer) => resolve(String(chunk).trim()));
    void child.then(({ stderr }) => reject(new Error(`spoor ui ended: ${stderr}`)));
  });
  return { child, url, told: () => told };
}

const servedFiles = () => {
  const directory = join(world.spoorHome, 'ui');
  const names = existsSync(directory) ? readdirSync(directory) : [];
  return names.filter((name) => name.startsWith('served-')).map((name) => join(directory, name));
};

/** Whether an address lets a browser in. */
async function letsIn(url: string): Promise<boolean> {
  const { origin, hash } = new URL(url);
  const response = await fetch(`${origin}/api/session`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: hash.replace('#token=', '') }),
  });
  return response.ok;
}

describe('spoor ui', () => {
  test('opens the browser on an address that lets it in, once', async () => {
    const { url } = await open({ BROWSER: `sh ${browser}` }, '--port', '0');
    const [address] = await seen(() => opened().length > 0 && opened());
    expect(address).toBe(url);
    expect(await letsIn(url)).toBe(true);
    expect(await letsIn(url)).toBe(false);
  });

  test('opens the page of the server that runs already, and ends', async () => {
    const first = await open({ BROWSER: `sh ${browser}` }, '--no-open', '--port', '0');
    const [file = ''] = servedFiles();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { exitCode, stdout } = await spoor(world, ['ui'], { env: { BROWSER: `sh ${browser}` } });
    const again = String(stdout).trim();
    expect(exitCode).toBe(0);
    expect(new URL(again).origin).toBe(new URL(first.url).origin);
    expect(again).not.toBe(first.url);
    expect(await seen(() => opened().length > 0 && opened())).toEqual([again]);
    expect(await letsIn(again)).toBe(true);
    first.child.kill('SIGTERM');
    expect((await first.child).exitCode).toBe(0);
    expect(servedFiles()).toEqual([]);
  });

  test('does the same where its port is named, and names who holds a port that is taken', async () => {
    const first = await open({}, '--no-open', '--port', '0');
    const { port } = new URL(first.url);
    const same = await spoor(world, ['ui', '--no-open', '--port', port]);
    expect([same.exitCode, new URL(String(same.stdout).trim()).port]).toEqual([0, port]);
    expect(same.stderr).toContain(`runs already, at port ${port}`);
    const other = { ...world.env, SPOOR_HOME: join(world.root, 'another') };
    const taken = await spoor({ ...world, env: other }, ['ui', '--no-open', '--port', port]);
    expect(taken.exitCode).not.toBe(0);
    expect(taken.stderr).toContain(`port ${port} of 127.0.0.1 is in use`);
    expect(taken.stderr).toContain('--port');
  });

  test('tells that no browser was opened where the program for it fails', async () => {
    const { url, told } = await open({ BROWSER: 'false:/no/such/browser' }, '--port', '0');
    const { port } = new URL(url);
    await seen(() => told().includes('false opened no browser'));
    expect(told()).toContain(`ssh -L ${port}:127.0.0.1:${port}`);
  });

  test('ends at once on Ctrl-C, also while pages look on', async () => {
    const { child, url } = await open({}, '--no-open', '--port', '0');
    const { origin, hash } = new URL(url);
    const entered = await fetch(`${origin}/api/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: hash.replace('#token=', '') }),
    });
    const cookie = entered.headers.get('set-cookie')?.split(';')[0] ?? '';
    const stream = await fetch(`${origin}/api/events`, { headers: { cookie } });
    const reader = stream.body!.getReader();
    await reader.read();
    const asked = performance.now();
    child.kill('SIGINT');
    expect((await child).exitCode).toBe(0);
    // Streams are ended; nothing waits for connections that are only kept.
    expect(performance.now() - asked).toBeLessThan(2500);
    expect(servedFiles()).toEqual([]);
  });

  test('does not believe a file that a killed server left', async () => {
    const first = await open({}, '--no-open', '--port', '0');
    first.child.kill('SIGKILL');
    await first.child;
    expect(servedFiles()).toHaveLength(1);
    const second = await open({}, '--no-open');
    expect(await letsIn(second.url)).toBe(true);
  });

  test('over ssh prints the line that forwards the port, and opens nothing', async () => {
    const ssh = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.7 22', USER: 'trainer', DISPLAY: ':0' };
    const { url, told } = await open(ssh, '--port', '0');
    const { port } = new URL(url);
    await seen(() => told().includes(`\n       ssh -L ${port}:127.0.0.1:${port} trainer@192.0.2.7\n`));
    expect(opened()).toEqual([]);
  });
});
