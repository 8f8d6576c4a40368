import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

test.each([
  ['none', null],
  ['hom', 'Did you mean "home" beside it?'],
  ['kumo.safetensor', 'Did you mean "kumo.safetensors" beside it?'],
  ['wolf.safetensors', null],
])('of %s the nearest name beside it is %s', async (name, hint) => {
  const directory = mkdtempSync(join(tmpdir(), 'spoor-nearest-'));
  onTestFinished(() => rmSync(directory, { recursive: true }));
  for (const each of ['home', 'kumo.safetensors']) mkdirSync(join(directory, each));
  expect(await nearestName(join(directory, name))).toBe(hint);
});
