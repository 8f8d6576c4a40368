import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { gitProcess } from './code/git-process.ts';
import { codeName, isCodeName } from './code/layout.ts';
import { CodeRepositories } from './code-repositories.ts';

function repositories() {
  const home = mkdtempSync(join(tmpdir(), 'spoor-code-'));
  onTestFinished(() => rmSync(home, { recursive: true, force: true }));
  const directories = {
    codeDirectory: join(home, 'code'),
    cacheDirectory: join(home, 'cache'),
    scratchDirectory: join(home, 'cache/git'),
  };
  return { home, port: new CodeRepositories(directories, gitProcess({ PATH: process.env.PATH })) };
}

test('32 callers at once get one whole repository, and leave nothing else behind', async () => {
  const { home, port } = repositories();
  const all = await Promise.all(Array.from({ length: 32 }, () => port.open('/srv/sd-scripts', 'sha1')));
  expect(new Set(all.map(({ code }) => code)).size).toBe(1);
  expect(all[0]?.code).toMatch(/^sd-scripts-[0-9a-f]{12}$/);
  expect(readdirSync(join(home, 'code'))).toEqual([`${all[0]?.code}.git`]);
  const asked = await port.git(['rev-parse', '--is-bare-repository'], { gitDirectory: all[0]!.gitDirectory });
  expect(asked.stdout.toString()).toBe('true\n');
});

test('any top directory has a name that is a safe file name', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), fc.constantFrom('sha1' as const, 'sha256' as const), (path, format) => {
      expect(isCodeName(codeName(`/${path}`, format))).toBe(true);
    }),
  );
});

test('one work tree has another repository for another object format', async () => {
  const { port } = repositories();
  const sha1 = await port.open('/a', 'sha1');
  const sha256 = await port.open('/a', 'sha256');
  expect(sha256.code).toBe(`${sha1.code}-sha256`);
  expect(port.named(sha256.code)).toEqual(sha256);
  const asked = await port.git(['rev-parse', '--show-object-format'], { gitDirectory: sha256.gitDirectory });
  expect(asked.stdout.toString()).toBe('sha256\n');
});

test('what is private to the user is so in the home', async () => {
  const { port } = repositories();
  const { gitDirectory } = await port.open('/a', 'sha1');
  expect(statSync(gitDirectory).mode & 0o077).toBe(0);
});
