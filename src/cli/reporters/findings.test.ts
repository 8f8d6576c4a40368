import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Finding } from '../../trainers/trainer.ts';
import { makeStyle } from '../style.ts';
import { cells } from '../text.ts';
import { findingRows } from './findings.ts';

const context = { errorStyle: makeStyle(false), userHome: '/users/wolf' };
const rowsAt = (width: number, findings: Finding[], room = 4) =>
  findingRows(context, findings, { room, width: width === 0 ? Number.POSITIVE_INFINITY : width }, true);

const found = (code: string, message: string, hint: string | null = null): Finding => ({
  severity: 'warning',
  code,
  message,
  hint,
});
const unknown = (key: string, near: string | null = null) =>
  found(
    'unknown-setting',
    `train_network has no option "${key}" (/users/wolf/datasets/wolf/config.toml:12); it is ignored without a word`,
    near && `Did you mean ${near}?`,
  );
const captions = found(
  'captions-missing',
  '3 of 12 images have no caption: they are trained on an empty text',
  'Write a .txt file of the same name beside each image, or set class_tokens for what all of them show.',
);

describe('findings in few rows', () => {
  test('are told whole where there is room, with their remedies, below the home as ~', () => {
    expect(rowsAt(80, [unknown('netwrk_dim', 'network_dim')])).toEqual([
      'spoor: train_network has no option "netwrk_dim"',
      '       (~/datasets/wolf/config.toml:12); it is ignored without a word',
      '       Did you mean network_dim?',
    ]);
  });

  test('share what room there is, the gravest first; a short remedy is worth more than the end of a message', () => {
    expect(rowsAt(80, [captions, unknown('netwrk_dim', 'network_dim'), unknown('vea', 'vae')])).toEqual([
      'spoor: 3 of 12 images have no caption: they are trained on an empty text',
      'spoor: train_network has no option "netwrk_dim"',
      '       (~/datasets/wolf/config.toml:12); it is ignor… Did you mean network_dim?',
      'spoor: train_network has no option "vea" (~/datasets/wolf/co… Did you mean vae?',
    ]);
  });

  test('that have no row of their own are named in the last', () => {
    const many = [
      captions,
      ...['aaaa', 'bbbb', 'cccc'].map((key) => unknown(key)),
      found('no-interpreter', 'no Python'),
    ];
    const rows = rowsAt(80, [...many, found('setting-ignored', 'train_data_dir is ignored (on the command line): x')]);
    expect(rows).toHaveLength(4);
    expect(rows.at(-1)).toBe('       and 3 more (spoor show @): unknown setting cccc; no interpreter; setting…');
    expect(rowsAt(0, many, 2).at(-1)).toBe(
      '       and 4 more (spoor show @): unknown setting aaaa, bbbb, cccc; no interpreter',
    );
  });

  test('take neither more rows nor more width than there is, whatever they say', () => {
    const text = fc.string({ unit: 'grapheme', maxLength: 200 });
    const finding = fc.record({
      severity: fc.constantFrom('error', 'warning') as fc.Arbitrary<'error' | 'warning'>,
      code: fc.constantFrom('unknown-setting', 'disk-short', 'captions-missing'),
      message: text,
      hint: fc.option(text),
    });
    fc.assert(
      fc.property(
        fc.array(finding, { maxLength: 12 }),
        fc.integer({ min: 1, max: 6 }),
        fc.integer({ min: 30, max: 200 }),
        (findings, room, width) => {
          const rows = rowsAt(width, findings, room);
          expect(rows.length).toBeLessThanOrEqual(room);
          expect(rows.length).toBeGreaterThanOrEqual(Math.min(room, findings.length));
          for (const row of rows) expect(cells(row)).toBeLessThanOrEqual(width);
        },
      ),
    );
  });
});
