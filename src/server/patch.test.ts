import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { parsePatch } from './patch.ts';

const directory = mkdtempSync(join(tmpdir(), 'spoor-patch-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

/** As git tells it. */
function diff(before: string | Uint8Array, after: string | Uint8Array): Uint8Array {
  for (const [name, text] of Object.entries({ a: before, b: after })) {
    mkdirSync(directory, { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  try {
    return execFileSync('git', ['diff', '--no-index', '--no-color', 'a', 'b'], { cwd: directory });
  } catch (error) {
    return (error as { stdout: Uint8Array }).stdout;
  }
}

describe('a patch', () => {
  it('is told by hunks, of which every line is what it seems', () => {
    const before = 'one\n-- two\n+++ three\n@@ -1 +1 @@\nfive\n';
    const { hunks, binary } = parsePatch(diff(before, before.replace('-- two', '++ two').replace('five', 'FIVE')));
    expect(binary).toBe(false);
    expect(hunks).toHaveLength(1);
    expect(hunks[0]?.lines).toEqual([
      { kind: 'same', text: 'one' },
      { kind: 'removed', text: '-- two' },
      { kind: 'added', text: '++ two' },
      { kind: 'same', text: '+++ three' },
      { kind: 'same', text: '@@ -1 +1 @@' },
      { kind: 'removed', text: 'five' },
      { kind: 'added', text: 'FIVE' },
    ]);
  });

  it('of what is no text has no hunks', () => {
    expect(parsePatch(diff(Buffer.from([0, 1, 2]), Buffer.from([0, 3])))).toEqual({
      binary: true,
      hunks: [],
      cut: false,
    });
  });

  it('leads from the one text to the other', { timeout: 120_000 }, () => {
    const line = fc.constantFrom('', 'a', 'b', '-', '+', ' ', '--- a/a', '+++ b/b', '@@ -1,2 +1,2 @@', '\\ No newline');
    const lines = fc.array(line, { maxLength: 12 });
    fc.assert(
      fc.property(lines, lines, (before, after) => {
        const text = (each: string[]) => each.map((one) => `${one}\n`).join('');
        const { hunks } = parsePatch(diff(text(before), text(after)));
        let at = 0;
        const made: string[] = [];
        for (const hunk of hunks) {
          const start = hunk.before.lines === 0 ? hunk.before.start : hunk.before.start - 1;
          made.push(...before.slice(at, start));
          at = start;
          for (const { kind, text: content } of hunk.lines) {
            if (kind !== 'removed') made.push(content);
            if (kind !== 'added') expect(before[at++]).toBe(content);
          }
        }
        made.push(...before.slice(at));
        expect(made).toEqual(after);
      }),
      { numRuns: 40 },
    );
  });

  it('of any bytes whatever is read without harm', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => void parsePatch(bytes)));
  });
});
