import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { SpoorError } from '../model/errors.ts';
import { findProgram } from './program.ts';
import { temporaryDirectory } from './testing/world.ts';

function program(directory: string, name: string, text = '#!/bin/sh\n', mode = 0o755): string {
  const path = join(directory, name);
  writeFileSync(path, text);
  chmodSync(path, mode);
  return path;
}

function refusal(name: string, at: { path: string | undefined; cwd: string }): SpoorError {
  try {
    findProgram(name, at);
  } catch (error) {
    return error as SpoorError;
  }
  throw new Error(`${name} was found`);
}

test('the first executable file on PATH is found, past directories and files that are not executable', () => {
  const [a, b, c] = [temporaryDirectory(), temporaryDirectory(), temporaryDirectory()];
  mkdirSync(join(a, 'train'));
  program(b, 'train', '', 0o644);
  const found = program(c, 'train');
  expect(findProgram('train', { path: [a, b, c].join(':'), cwd: '/' })).toBe(found);
});

test('an empty part of PATH is the working directory, a name with a slash is relative to it', () => {
  const cwd = temporaryDirectory();
  const found = program(cwd, 'train');
  expect(findProgram('train', { path: '/nowhere:', cwd })).toBe(found);
  expect(findProgram('./train', { path: '', cwd })).toBe(found);
});

test('without PATH the system directories are searched', () => {
  expect(findProgram('sh', { path: undefined, cwd: '/' })).toMatch(/bin\/sh$/);
});

test('a program that does not exist is 127, and the nearest name is hinted at', () => {
  const directory = temporaryDirectory();
  program(directory, 'accelerate');
  const error = refusal('acelerate', { path: directory, cwd: '/' });
  expect(error).toMatchObject({ code: 'no-such-command', exitStatus: 127 });
  expect(error.hint).toContain('accelerate');
});

test.each([
  ['the empty name', ''],
  ['a missing path', 'no/such/program'],
  ['a NUL', '\0'],
  ['a name of 5,000 letters', 'x'.repeat(5_000)],
])('%s is no program', (_, name) => {
  expect(refusal(name, { path: '/bin', cwd: '/' }).exitStatus).toBe(127);
});

test('a script without the executable bit is 126 with what to do', () => {
  const cwd = temporaryDirectory();
  program(cwd, 'train.sh', '#!/bin/sh\n', 0o644);
  expect(refusal('./train.sh', { path: '', cwd })).toMatchObject({ code: 'not-executable', exitStatus: 126 });
  program(cwd, 'train.py', '', 0o644);
  expect(refusal('./train.py', { path: '', cwd }).hint).toBe('start it with Python: python ./train.py');
});

test('a directory is not executable', () => {
  const cwd = temporaryDirectory();
  mkdirSync(join(cwd, 'sd-scripts'));
  expect(refusal('./sd-scripts', { path: '', cwd }).exitStatus).toBe(126);
});

test('a script of a moved environment names the interpreter that is gone', () => {
  const directory = temporaryDirectory();
  program(directory, 'accelerate', '#!/old/venv/bin/python\nimport sys\n');
  const error = refusal('accelerate', { path: directory, cwd: '/' });
  expect(error).toMatchObject({ code: 'no-such-interpreter', exitStatus: 127 });
  expect(error.message).toContain('/old/venv/bin/python');
});

test('a script with the line ends of Windows is told so', () => {
  const directory = temporaryDirectory();
  program(directory, 'train', '#!/bin/sh\r\necho\r\n');
  expect(refusal('train', { path: directory, cwd: '/' }).hint).toContain('CR LF');
});

test('links to itself and missing targets are no programs', () => {
  const directory = temporaryDirectory();
  symlinkSync('loop', join(directory, 'loop'));
  expect(refusal('loop', { path: directory, cwd: '/' }).exitStatus).toBe(127);
});
