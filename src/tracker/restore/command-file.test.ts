import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Run } from '../../model/run.ts';
import { commandText } from './command-file.ts';
import { Places } from './places.ts';

const places = new Places({ cwd: '/', into: '/', moved: [['/', '/']], named: [], keys: [] });

function started(command: string[], env: Record<string, string> = {}, variables = {}): string[] {
  const run = { id: 'X', name: { full: 'a\n`touch evil`' }, environment: { variables } } as unknown as Run;
  const print = [process.execPath, '-e', 'process.stdout.write(JSON.stringify(process.argv.slice(1)))', '--'];
  const text = commandText(run, [...print, ...command], places, '1');
  return JSON.parse(execFileSync('sh', ['-c', text], { env, encoding: 'utf8', stdio: 'pipe' }));
}

test('every word reaches the program as it was', () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0') && !/\[redacted/.test(text))),
      (words) => {
        expect(started(words)).toEqual(words);
      },
    ),
    { numRuns: 30 },
  );
});

test('a secret is asked for by the name of its option or variable, and reaches the program', () => {
  const secret = '[redacted sha256:0123456789abcdef]';
  const command = [
    '--wandb_api_key',
    secret,
    `HF_TOKEN=${secret}`,
    `--hub-token=${secret}`,
    `https://u:${secret}@h/it's`,
  ];
  const env = { WANDB_API_KEY: 'a b', HF_TOKEN: '$x', HUB_TOKEN: '"', SPOOR_SECRET: "'" };
  expect(started(command, env)).toEqual([
    '--wandb_api_key',
    'a b',
    'HF_TOKEN=$x',
    '--hub-token="',
    "https://u:'@h/it's",
  ]);
  expect(() => started(command, { ...env, HUB_TOKEN: '' })).toThrow(/HUB_TOKEN/);
});
