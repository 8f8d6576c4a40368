import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { KnownBrowsers, proofOf } from './browsers.ts';

const origin = 'http://127.0.0.1:7767';
let directory: string;
let now: Date;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'spoor-browsers-'));
  now = new Date('2026-05-01T00:00:00Z');
});
afterEach(() => rmSync(directory, { recursive: true }));

const path = () => join(directory, 'ui/browsers.json');
const known = () => new KnownBrowsers(path, () => now);

/** What a browser sends to a server for what that asked. */
function shown(server: KnownBrowsers, { browser, key }: { browser: string; key: string }, to = origin) {
  const challenge = server.challenge();
  return { browser, challenge, proof: proofOf(key, to, challenge) };
}

describe('a browser that was let in', () => {
  test('is known to the next server by its key, which nobody else can read', async () => {
    const one = await known().remember();
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    const next = known();
    expect(await next.isProved(shown(next, one), origin)).toBe(true);
  });

  test('proves it anew each time, to this server and under its address', async () => {
    const one = await known().remember();
    const next = known();
    const proof = shown(next, one);
    expect(await next.isProved(proof, origin)).toBe(true);
    expect(await next.isProved(proof, origin)).toBe(false);
    // A proof that something else on the port asked for.
    expect(await next.isProved(shown(known(), one), origin)).toBe(false);
    expect(await next.isProved(shown(next, one, 'http://127.0.0.1:7768'), origin)).toBe(false);
    expect(await next.isProved(shown(next, { ...one, key: 'AAAA' }), origin)).toBe(false);
    expect(await next.isProved({ ...shown(next, one), proof: '' }, origin)).toBe(false);
    expect(await next.isProved(shown(next, { ...one, browser: 'other' }), origin)).toBe(false);
  });

  test('is forgotten when it leaves, or stays away for a month', async () => {
    const [stays, leaves, away] = [await known().remember(), await known().remember(), await known().remember()];
    await known().forget(leaves.browser);
    now = new Date('2026-05-20T00:00:00Z');
    const then = known();
    expect(await then.isProved(shown(then, stays), origin)).toBe(true);
    expect(await then.isProved(shown(then, leaves), origin)).toBe(false);
    now = new Date('2026-06-10T00:00:00Z');
    const later = known();
    expect(await later.isProved(shown(later, away), origin)).toBe(false);
    expect(await later.isProved(shown(later, stays), origin)).toBe(true);
  });

  test('is one of so many, of which those stay that came last', async () => {
    const first = await known().remember();
    const second = await known().remember();
    const server = known();
    expect(await server.isProved(shown(server, first), origin)).toBe(true);
    for (let i = 0; i < 63; i++) await server.remember();
    expect(await server.isProved(shown(server, second), origin)).toBe(false);
    expect(await server.isProved(shown(server, first), origin)).toBe(true);
  });

  test('is not known by a damaged file, which is written anew', async () => {
    const one = await known().remember();
    writeFileSync(path(), readFileSync(path(), 'utf8').slice(0, 40));
    const server = known();
    expect(await server.isProved(shown(server, one), origin)).toBe(false);
    const two = await server.remember();
    expect(await server.isProved(shown(server, two), origin)).toBe(true);
  });
});
