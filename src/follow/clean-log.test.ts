import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CleanLog } from './clean-log.ts';

const folder = new URL('../../test/fixtures/kohya/', import.meta.url);
const genuine = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(?:raw|log)$/.test(path))
  .map((path) => ({ path, bytes: readFileSync(new URL(path, folder)) }));

function cleaned(pieces: readonly Uint8Array[]): string {
  let text = '';
  const log = new CleanLog((more) => {
    text += more;
  });
  for (const piece of pieces) log.push(piece);
  log.end();
  return text;
}

test('there are genuine logs to read', () => expect(genuine.length).toBeGreaterThan(5));

test.each(genuine)('$path is read without escapes and without a bar drawn twice', ({ bytes }) => {
  const text = cleaned([bytes]);
  expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/);
  const bars = text.split('\n').filter((line) => /^steps:/.test(line));
  expect(new Set(bars).size).toBe(bars.length);
  expect(text.length).toBeLessThanOrEqual(bytes.length);
});

test('the same log gives the same text however it is cut', () => {
  const bytes = Buffer.from(
    'INFO a\r\nsteps:  50%|##  | 1/2 [00:01<00:01]\rsteps: 100%|####| 2/2 [00:02<00:00]\népoque\n',
  );
  const whole = cleaned([bytes]);
  expect(whole).toBe('INFO a\nsteps: 100%|####| 2/2 [00:02<00:00]\népoque\n');
  fc.assert(
    fc.property(fc.array(fc.nat(bytes.length)), (cuts) => {
      const ends = [0, ...cuts.sort((a, b) => a - b), bytes.length];
      expect(cleaned(ends.slice(1).map((end, i) => bytes.subarray(ends[i], end)))).toBe(whole);
    }),
  );
});

test('what is not written yet is what the end would write', () => {
  const pieces = fc.array(
    fc.constantFrom(
      'a ',
      'b\n',
      '\r',
      'steps:  50%|##  | 1/2 [00:01<00:01]',
      'steps: 100%|####| 2/2 [00:02<00:00]',
      '\x1b[1m',
    ),
  );
  fc.assert(
    fc.property(pieces, (written) => {
      const lines: string[] = [];
      const log = new CleanLog((line) => lines.push(line.slice(0, -1)));
      for (const piece of written) log.push(Buffer.from(piece));
      const before = [...lines];
      const pending = log.pending;
      expect(log.pending).toEqual(pending);
      log.end();
      expect([...before, ...pending]).toEqual(lines);
    }),
  );
});
