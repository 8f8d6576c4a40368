import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cells } from '../text.ts';
import { type Column, tableLines } from './table.ts';

interface Row {
  name: string;
  step: string;
  why: string;
}

const columns: Column<Row>[] = [
  { title: 'NAME', text: ({ name }) => name, least: 6, cut: 'middle' },
  { title: 'STEP', text: ({ step }) => step, align: 'right', spare: 1 },
  { title: 'WHY', text: ({ why }) => why, least: 5, spare: 2 },
];
const plain = (text: string) => text;

test('columns are aligned, numbers to the right, and empty columns are left out', () => {
  const rows = [
    { name: 'wolf', step: '9', why: '' },
    { name: '狼-v2', step: '1200', why: '' },
  ];
  expect(tableLines(columns, rows, 80, plain)).toEqual(['NAME   STEP', 'wolf      9', '狼-v2  1200']);
});

test('narrowing comes before dropping, and the most dispensable column goes first', () => {
  const rows = [{ name: 'noob-grey_wolf-v1', step: '1200', why: 'a higher rate' }];
  const [fitting = ''] = tableLines(columns, rows, 26, null);
  expect(cells(fitting)).toBe(26);
  expect(fitting).toBe('no…olf-v1  1200  a higher…');
  const [narrow] = tableLines(columns, rows, 14, null);
  expect(narrow).not.toContain('high');
  expect(narrow).toContain('1200');
});

test('no line is wider than the terminal, however narrow', () => {
  const text = fc.string({ unit: fc.constantFrom('a', '狼', '-', '🐺'), maxLength: 40 });
  fc.assert(
    fc.property(
      fc.array(fc.record({ name: text, step: text, why: text })),
      fc.integer({ min: 1, max: 90 }),
      (rows, width) => {
        for (const line of tableLines(columns, rows, width, plain)) expect(cells(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('an infinite width cuts nothing', () => {
  const name = 'x'.repeat(500);
  expect(tableLines(columns, [{ name, step: '', why: '' }], Number.POSITIVE_INFINITY, null)).toEqual([name]);
});
